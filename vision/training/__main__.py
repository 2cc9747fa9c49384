"""`python -m vision.training`: train from a recipe."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from vision.training import recipe
from vision.training.train import train


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description="Train the road damage detector.")
    parser.add_argument("--recipe", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--weights", type=Path, required=True, help="folder of starting weights")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    train(recipe.load(given.recipe), data=given.data, weights=given.weights, out=given.out)


if __name__ == "__main__":
    main()
