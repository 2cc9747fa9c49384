"""RDD2022's Pascal VOC files to our form: YOLO lines, a manifest with group, licence and sha256."""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile

from vision.errors import DataError
from vision.runtime.detections import DAMAGE_CLASSES
from vision.runtime.pictures import BadPictureError, size_of

MOST_BYTES = 40_000_000  # of one picture or label file inside an archive
COLUMNS = ("file", "split", "group", "licence", "sha256", "country", "source_file", "n_boxes")


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of an archive."""

    pictures: int
    boxes: int
    dropped: dict[str, int]  # boxes and pictures left out, by reason


def convert(archive: Path, out: Path, *, country: str, licence: str) -> Converted:
    """Write `out/images/train`, `out/labels/train` and `out/manifest.csv` from an archive.

    Only pictures with an annotation file are taken: the test part of RDD2022 has none. A
    picture whose annotation names no damage is kept, it shows sound road. The group is the
    country and the capture's running number in hundreds: neighbours in the numbering may show
    the same road. `leaks` looks whether that was enough. Raises DataError for a broken archive.
    """
    dropped: Counter[str] = Counter()
    rows = []
    try:
        with ZipFile(archive) as file:
            for picture, labels in _pairs(file):
                row = _one(file, picture, labels, out, country, licence, dropped)
                if row is not None:
                    rows.append(row)
    except BadZipFile as error:
        raise DataError(f"{archive} is no whole .zip: delete it and fetch it again") from error
    if not rows:
        raise DataError(f"{archive} holds no picture with an annotation: is it RDD2022?")
    _append(out / "manifest.csv", rows)
    return Converted(len(rows), sum(int(row["n_boxes"]) for row in rows), dict(dropped))


def _pairs(file: ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the names of pictures and of their annotations."""
    names = [name for name in file.namelist() if "__MACOSX" not in name]
    pictures = {PurePosixPath(n).stem: n for n in names if n.lower().endswith((".jpg", ".png"))}
    for name in sorted(names):
        stem = PurePosixPath(name).stem
        if name.lower().endswith(".xml") and stem in pictures:
            yield pictures[stem], name


def _one(
    file: ZipFile,
    picture: str,
    labels: str,
    out: Path,
    country: str,
    licence: str,
    dropped: Counter[str],
) -> dict[str, str] | None:
    if max(file.getinfo(name).file_size for name in (picture, labels)) > MOST_BYTES:
        dropped["file too large"] += 1
        return None
    data = file.read(picture)
    try:
        width_px, height_px = size_of(data)
    except BadPictureError as error:
        dropped[error.why.value] += 1
        return None
    lines = list(yolo_lines(file.read(labels), width_px, height_px, dropped))
    name = f"{country}_{PurePosixPath(picture).name}"
    image, label = out / "images/train" / name, out / "labels/train" / f"{Path(name).stem}.txt"
    for path in (image, label):
        path.parent.mkdir(parents=True, exist_ok=True)
    image.write_bytes(data)
    label.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    values = (
        f"images/train/{name}",
        "train",
        group_of(country, name),
        licence,
        sha256(data).hexdigest(),
        country,
        picture,
        str(len(lines)),
    )
    return dict(zip(COLUMNS, values, strict=True))


def group_of(country: str, name: str) -> str:
    """Return the stretch of captures a picture belongs to.

    >>> group_of("Japan", "Japan_012345.jpg")
    'Japan_0123'
    """
    numbers = re.findall(r"\d+", Path(name).stem)
    return f"{country}_{int(numbers[-1]) // 100:04d}" if numbers else f"{country}_{name}"


def yolo_lines(
    annotation: bytes, width_px: int, height_px: int, dropped: Counter[str]
) -> Iterator[str]:
    """Yield `class cx cy w h` for each damage of a class we know; count the rest by reason."""
    if b"<!ENTITY" in annotation or b"<!DOCTYPE" in annotation:
        dropped["annotation with entities"] += 1
        return
    try:
        root = ET.fromstring(annotation)  # noqa: S314
    except ET.ParseError:
        dropped["annotation not readable"] += 1
        return
    for item in root.iter("object"):
        name = (item.findtext("name") or "").strip()
        if name not in DAMAGE_CLASSES:
            dropped[f"class {name or 'unnamed'}"] += 1
            continue
        corners = [_number(item.find("bndbox"), key) for key in ("xmin", "ymin", "xmax", "ymax")]
        x1, y1, x2, y2 = (
            min(max(value, 0.0), float(limit))
            for value, limit in zip(corners, (width_px, height_px) * 2, strict=True)
        )
        if x2 - x1 < 2 or y2 - y1 < 2:
            dropped["box without extent"] += 1
            continue
        middle = f"{(x1 + x2) / 2 / width_px:.6f} {(y1 + y2) / 2 / height_px:.6f}"
        sides = f"{(x2 - x1) / width_px:.6f} {(y2 - y1) / height_px:.6f}"
        yield f"{DAMAGE_CLASSES.index(name)} {middle} {sides}"  # type: ignore[arg-type]


def _number(box: ET.Element | None, key: str) -> float:
    try:
        return float((box.findtext(key) if box is not None else None) or 0)
    except ValueError:
        return 0.0


def _append(path: Path, rows: list[dict[str, str]]) -> None:
    """Add rows to the manifest; an archive converted again replaces its own."""
    known: list[dict[str, str]] = []
    if path.is_file():
        with path.open(newline="", encoding="utf-8") as file:
            new = {row["file"] for row in rows}
            known = [row for row in csv.DictReader(file) if row["file"] not in new]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows([*known, *rows])
