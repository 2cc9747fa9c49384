"""RDD2022's Pascal VOC files to our form: YOLO lines, a manifest with group, licence and sha256."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

from vision.errors import DataError
from vision.runtime.detections import DAMAGE_CLASSES
from vision.runtime.pictures import BadPictureError, size_of
from vision.training.data import archives, manifest
from vision.training.data.labels import yolo_line
from vision.training.data.manifest import Converted, Entry

# worn marks, manholes, patches: no damage of ours; a picture with these alone is sound road.
# Other foreign classes (D01 and D11 are cracks along joints) make a picture unfit as an example.
NO_DAMAGE = {"D43", "D44", "D50", "Repair"}


def convert(archive: Path, out: Path, *, country: str, licence: str) -> Converted:
    """Write `out/images/train`, `out/labels/train` and `out/manifest.csv` from an archive.

    Only pictures with an annotation file are taken: the test part of RDD2022 has none. A
    picture whose annotation names no damage is kept, it shows sound road. The group is the
    country and the capture's running number in hundreds: neighbours in the numbering may show
    the same road. `leaks` looks whether that was enough. Raises DataError for a broken archive.
    """
    dropped: Counter[str] = Counter()
    rows = []
    with archives.opened(archive, country=country) as file:
        for picture, labels in _pairs(file):
            row = _one(file, picture, labels, out, country, licence, dropped)
            rows += [] if row is None else [row]
    if not rows:
        raise DataError(f"{archive} holds no picture with an annotation: is it RDD2022?")
    manifest.append(out, rows)
    return Converted(len(rows), sum(int(row.n_boxes) for row in rows), dict(dropped))


def _pairs(file: ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the names of pictures and of their annotations."""
    names = archives.names_of(file)
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
) -> Entry | None:
    read = archives.read_all(file, [picture, labels], dropped)
    if read is None:
        return None
    data, annotation = read
    try:
        width_px, height_px = size_of(data)
    except BadPictureError as error:
        dropped[error.why.value] += 1
        return None
    root = tree_of(annotation, dropped)
    if root is None:
        return None  # without its annotation a picture is not sound road
    lines = list(yolo_lines(root, width_px, height_px, dropped))
    foreign = {name_of(item) for item in root.iter("object")} - NO_DAMAGE - {*DAMAGE_CLASSES}
    if foreign and not lines:
        dropped["picture with damage of other classes alone"] += 1
        return None
    name = f"{country}_{PurePosixPath(picture).name}"
    return Entry(
        file=archives.write_pair(out, name, data, lines),
        split="train",
        group=group_of(country, name),
        licence=licence,
        sha256=sha256(data).hexdigest(),
        country=country,
        source_file=picture,
        n_boxes=str(len(lines)),
        labelled_classes=";".join(DAMAGE_CLASSES),
    )


def group_of(country: str, name: str) -> str:
    """Return the stretch of captures a picture belongs to.

    >>> group_of("Japan", "Japan_012345.jpg")
    'Japan_0123'
    """
    numbers = re.findall(r"\d+", Path(name).stem)
    return f"{country}_{int(numbers[-1]) // 100:04d}" if numbers else f"{country}_{name}"


def tree_of(annotation: bytes, dropped: Counter[str]) -> ET.Element | None:
    """Parse an annotation; None, counted, for one that is broken or tries to expand."""
    if b"<!ENTITY" in annotation or b"<!DOCTYPE" in annotation:
        dropped["annotation with entities"] += 1
        return None
    try:
        return ET.fromstring(annotation)  # noqa: S314
    except ET.ParseError:
        dropped["annotation not readable"] += 1
        return None


def yolo_lines(
    root: ET.Element, width_px: int, height_px: int, dropped: Counter[str]
) -> Iterator[str]:
    """Yield `class cx cy w h` for each damage of a class we know; count the rest by reason."""
    for item in root.iter("object"):
        name = name_of(item)
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
        yield yolo_line(name, (x1, y1, x2, y2), width_px=width_px, height_px=height_px)


def name_of(item: ET.Element) -> str:
    """Return the class that an annotation gives an object."""
    return (item.findtext("name") or "").strip()


def _number(box: ET.Element | None, key: str) -> float:
    try:
        return float((box.findtext(key) if box is not None else None) or 0)
    except ValueError:
        return 0.0
