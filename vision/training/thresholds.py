"""Choose from which score on a damage is reported."""

from __future__ import annotations

from typing import Any

from vision.training.evaluate import ANY

FEWEST_LABELS = 20  # below this a class takes the threshold of all damages together


def thresholds(development: dict[str, Any]) -> dict[str, float]:
    """Choose each class's threshold where F1 is best on the development roads.

    A class with fewer than 20 labels there takes the threshold of all damages together:
    its own would be chance.
    """
    together = development[ANY]["threshold"]
    return {
        name: round(row["threshold"] if row["n"] >= FEWEST_LABELS else together, 3)
        for name, row in development["classes"].items()
    }
