"""Pictures with their papers: which road, licence and split, and whether the bytes are right."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
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


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a manifest that this project writes; its fields are the columns."""

    file: str  # images/SPLIT/NAME, below the set's folder
    split: str
    group: str
    licence: str
    sha256: str
    country: str
    source_file: str  # its name at the publisher's
    n_boxes: str
    labelled_classes: str = ""  # drawn by people
    derived_classes: str = ""  # by a program, from what people drew


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of an archive."""

    pictures: int
    boxes: int
    dropped: dict[str, int]  # boxes and pictures left out, by reason


COLUMNS = tuple(field.name for field in fields(Entry))


def append(source: Path, entries: Iterable[Entry]) -> None:
    """Add lines to `manifest.csv` of a folder; a picture named again replaces its own line."""
    path = source / "manifest.csv"
    new = [asdict(entry) for entry in entries]
    names = {row["file"] for row in new}
    known = rows(source) if path.is_file() else []
    write(path, [*(row for row in known if row["file"] not in names), *new])


def write(path: Path, lines: list[dict[str, str]]) -> None:
    """Write a manifest whole or not at all; columns that only some lines have stay."""
    columns = [*COLUMNS, *{name: None for row in lines for name in row if name not in COLUMNS}]
    part = path.with_name(path.name + ".part")
    with part.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(lines)
    part.replace(path)


def rows(source: Path) -> list[dict[str, str]]:
    """Read `manifest.csv` of a data folder as it is written, in file order."""
    path = source / "manifest.csv"
    if not path.is_file():
        raise DataError(f"{path} is missing: name a data folder that has a manifest")
    with path.open(newline="", encoding="utf-8") as file:
        table = csv.DictReader(file)
        for name in ("file", "split", "group", "licence", "sha256"):
            if name not in (table.fieldnames or ()):
                raise DataError(f"{path} has no column {name!r}: add it, or convert the set again")
        return list(table)


def read(source: Path) -> list[Picture]:
    """Read `manifest.csv` of a data folder, in file order."""
    return [picture_of(source, row) for row in rows(source)]


def picture_of(source: Path, row: dict[str, str]) -> Picture:
    """Read one line of a manifest."""
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


def divided(parts: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the groups that stand in more than one part; pairs are (group, part).

    >>> divided([("road a", "train"), ("road b", "test"), ("road a", "test")])
    {'road a': ['test', 'train']}
    """
    found: dict[str, set[str]] = {}
    for group, part in parts:
        found.setdefault(group, set()).add(part)
    return {group: sorted(where) for group, where in sorted(found.items()) if len(where) > 1}


def digest(pictures: Iterable[Picture]) -> str:
    """Name a set of pictures by one sha256 over their sorted sha256 values."""
    return sha256("\n".join(sorted(picture.sha256 for picture in pictures)).encode()).hexdigest()
