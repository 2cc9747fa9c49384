"""Where the data sets lie that are not part of the repository; a test without them says so."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "trees"


def tree_file(name: str) -> Path:
    """The data set, or a skip that names it."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{name} is not in ../shared/data/trees")
    return path
