"""Pictures with their papers: which road, licence and split, and whether the bytes are right."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from vision.errors import DataError
from vision.training.recipe import Data

Role = Literal["train", "development", "test", "unused"]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a manifest."""

    path: Path
    labels: Path  # YOLO text: class cx cy w h, shares of width and height
    split: str
    group: str  # road segment, scene or clip: never in two roles
    licence: str
    sha256: str
    country: str = "unknown"


def read(source: Path) -> list[Picture]:
    """Read `manifest.csv` of a data folder, in file order."""
    manifest = source / "manifest.csv"
    if not manifest.is_file():
        raise DataError(f"{manifest} is missing: name a data folder that has a manifest")
    with manifest.open(newline="", encoding="utf-8") as file:
        return [_picture(source, row) for row in csv.DictReader(file)]


def _picture(source: Path, row: dict[str, str]) -> Picture:
    image = source / row["file"]
    labels = source / "labels" / Path(row["file"]).relative_to("images").with_suffix(".txt")
    country = row.get("country") or "unknown"
    return Picture(
        image, labels, row["split"], row["group"], row["licence"], row["sha256"], country
    )


def verify(pictures: Iterable[Picture]) -> None:
    """Compare each file with its sha256.

    Raises DataError naming the first file that is missing or differs.
    """
    for picture in pictures:
        if not picture.path.is_file():
            raise DataError(f"{picture.path} is missing: fetch the data set again")
        found = sha256(picture.path.read_bytes()).hexdigest()
        if found != picture.sha256:
            raise DataError(f"{picture.path} is {found[:12]}…, not {picture.sha256[:12]}…")


def role_of(picture: Picture, data: Data) -> Role:
    """Decide what a picture is used for; a group has one role only.

    Test pictures are never anything else. Development roads choose thresholds and
    are kept out of training.
    """
    if picture.split in data.test_splits:
        return "test"
    if picture.split not in data.train_splits or picture.group in data.left_out_groups:
        return "unused"
    if picture.group in data.development_groups:
        return "development"
    for prefix, split in data.development_splits_by_prefix.items():
        if picture.group.startswith(prefix) and picture.split == split:
            return "development"
    return "train"


def digest(pictures: Iterable[Picture]) -> str:
    """Name a set of pictures by one sha256 over their sorted sha256 values."""
    return sha256("\n".join(sorted(picture.sha256 for picture in pictures)).encode()).hexdigest()
