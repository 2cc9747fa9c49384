"""Split a converted set so that nothing leaks: roads stay whole, look-alikes too, then a check.

Roads (the manifest's groups) are joined to scenes where the DCT hash sees one picture in both.
Scenes are divided by class and country. Then another hash looks for pictures that stand in two
splits all the same; any such pair stops the split until a person has looked at it. The new folder
holds links to the pictures of the old one, which stays as it is.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.errors import DataError
from vision.training.data import likeness, manifest
from vision.training.data.labels import counts_of
from vision.training.data.leaks import Leak, fingerprint, leaks
from vision.training.data.likeness import Mark
from vision.training.data.manifest import Picture
from vision.training.data.stratify import Facts, divide

TEST = "test"
SHOWN = 10  # pairs in a message


@dataclass(frozen=True, slots=True)
class Plan:
    """How to split."""

    shares: dict[str, float]
    seed: int
    test_countries: Collection[str] = field(default=())  # whole in the test, nothing else is


def split(data: Path, out: Path, plan: Plan, *, looked_at: Path | None = None) -> dict[str, Any]:
    """Write `out` as a set with splits; return what is in each, also kept as `out/split.json`.

    Raises DataError for changed pictures, for a folder that holds something, for shares or
    countries that do not fit, and for look-alikes in two splits.
    """
    if out.exists() and any(out.iterdir()):
        raise DataError(f"{out} is not empty: name a new folder")
    rows = manifest.rows(data)
    pictures = [manifest.picture_of(data, row) for row in rows]
    _require_whole(pictures)
    marks, prints = _looks(pictures)
    scene = likeness.scenes([one.group for one in pictures], marks)
    where = _divide(pictures, scene, plan)
    by_split: dict[str, list[Picture]] = {name: [] for name in sorted(set(where))}
    for picture, name in zip(pictures, where, strict=True):
        by_split[name].append(picture)
    refuse_leaks({**by_split}, prints, looked_at)
    told = {
        "seed": plan.seed,
        "shares": plan.shares,
        "test_countries": sorted(plan.test_countries),
        "pictures": manifest.digest(pictures),
        "joined_roads": sorted(road for road, first in scene.items() if road != first),
        "too_smooth_to_compare": sum(mark is None for mark in prints.values()),
        "splits": {name: _told(members, len(pictures)) for name, members in by_split.items()},
    }
    part = out.with_name(out.name + ".part")
    shutil.rmtree(part, ignore_errors=True)  # of a run that was cut off
    _write(rows, pictures, where, scene, part)
    (part / "split.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    part.replace(out)
    return told


def _require_whole(pictures: Sequence[Picture]) -> None:
    """Raise DataError for pictures that changed, lack labels or would share one name."""
    manifest.verify(pictures)
    names = Counter(picture.path.name for picture in pictures)
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        raise DataError(f"{twice[0]} is the name of two pictures: rename one of them")
    for picture in pictures:
        if not picture.labels.is_file():
            raise DataError(f"{picture.labels} is missing: convert the set again")


def _looks(pictures: Sequence[Picture]) -> tuple[list[Mark | None], dict[str, Mark | None]]:
    """Look at each picture once, with both hashes."""
    marks, prints = [], {}
    for picture in pictures:
        frame = read_frame(picture.path)
        marks.append(likeness.scene_mark(frame))
        prints[picture.sha256] = fingerprint(frame)
    return marks, prints


def read_frame(path: Path) -> NDArray[np.uint8]:
    """Read a picture; raises DataError for one that cannot be read."""
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise DataError(f"{path} is not a readable picture: fetch it again")
    return np.asarray(picture, np.uint8)


def _divide(pictures: Sequence[Picture], scene: dict[str, str], plan: Plan) -> list[str]:
    """Return the split of each picture."""
    known = {picture.country for picture in pictures}
    for country in plan.test_countries:
        if country not in known:
            raise DataError(f"no picture is from {country!r}: name one of {sorted(known)}")
    held = {scene[one.group] for one in pictures if one.country in plan.test_countries}
    facts = [
        Facts(scene[one.group], one.country, counts_of(one.labels.read_text(encoding="utf-8")))
        for one in pictures
    ]
    shares = plan.shares
    if plan.test_countries:
        rest = {name: share for name, share in shares.items() if name != TEST}
        shares = {name: share / sum(rest.values()) for name, share in rest.items()}
    chosen = divide([one for one in facts if one.road not in held], shares, seed=plan.seed)
    return [TEST if one.road in held else chosen[one.road] for one in facts]


def refuse_leaks(
    by_split: dict[str, Sequence[Picture]], prints: dict[str, Mark | None], looked_at: Path | None
) -> None:
    """Raise DataError, naming them, for look-alikes in two splits that nobody has looked at."""
    fine = _read_pairs(looked_at)
    found = [one for one in leaks(by_split, prints) if {one.first, one.second} not in fine]
    if found:
        raise DataError(
            f"{len(found)} pairs of pictures look alike and would stand in two splits: "
            f"{'; '.join(_pair(leak) for leak in found[:SHOWN])}. Look at them. Where both show "
            "one road, give both one `group` in manifest.csv; where not, write the pair into a "
            "file with the columns first,second and name it with --looked-at"
        )


def _pair(leak: Leak) -> str:
    return f"{leak.first} and {leak.second} ({leak.bits} of 256 bits differ)"


def _read_pairs(path: Path | None) -> set[frozenset[str]]:
    if path is None:
        return set()
    if not path.is_file():
        raise DataError(f"{path} is missing: leave out --looked-at, or name the file")
    with path.open(newline="", encoding="utf-8") as file:
        table = csv.DictReader(file)
        if not {"first", "second"} <= set(table.fieldnames or ()):
            raise DataError(f"{path} has no columns first,second: add them")
        return {frozenset((row["first"], row["second"])) for row in table}


def _told(members: Sequence[Picture], total: int) -> dict[str, Any]:
    """Count what a split holds."""
    boxes: Counter[str] = Counter()
    sound = 0
    for picture in members:
        here = counts_of(picture.labels.read_text(encoding="utf-8"))
        boxes.update(here)
        sound += not here
    return {
        "pictures": len(members),
        "share": round(len(members) / total, 3),
        "roads": len({picture.group for picture in members}),
        "countries": dict(sorted(Counter(picture.country for picture in members).items())),
        "boxes": dict(sorted(boxes.items())),
        "sound": sound,
    }


def _write(
    rows: list[dict[str, str]],
    pictures: Sequence[Picture],
    where: list[str],
    scene: dict[str, str],
    out: Path,
) -> None:
    """Link pictures and labels into their split, and write the manifest."""
    lines = []
    for row, picture, name in zip(rows, pictures, where, strict=True):
        for kind, path in (("images", picture.path), ("labels", picture.labels)):
            target = out / kind / name / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            _link(path, target)
        place = f"images/{name}/{picture.path.name}"
        lines.append({**row, "file": place, "split": name, "scene": scene[picture.group]})
    manifest.write(out / "manifest.csv", lines)


def _link(path: Path, target: Path) -> None:
    """Make a hard link, or a copy where folders lie on different disks."""
    try:
        os.link(path.resolve(), target)
    except OSError:
        shutil.copyfile(path, target)
