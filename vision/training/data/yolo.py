"""Archives with YOLO text files to our form; upright boxes, or corners of which we take the extent.

The label of a picture has its name with .txt, beside it or in a folder whose name begins with
`labels` where the picture's is `images`. A picture without a label file is left out and counted:
whether somebody looked at it is unknown. An empty label file is sound road.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from math import isfinite
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

from vision.errors import DataError
from vision.runtime.pictures import BadPictureError, size_of
from vision.training.data import archives, manifest
from vision.training.data.labels import yolo_line
from vision.training.data.manifest import Converted, Entry
from vision.training.data.sources import Source

UPRIGHT, CORNERS = 4, 8  # numbers after the class: cx cy w h, or x y four times


def convert(archive: Path, source: Source, out: Path, *, country: str) -> Converted:
    """Write `out/images/train`, `out/labels/train` and `out/manifest.csv` from an archive.

    Classes that the source does not map to ours are left out and counted. Raises DataError
    for a broken archive or one without labelled pictures.
    """
    dropped: Counter[str] = Counter()
    rows = []
    with archives.opened(archive, country=country) as file:
        names = archives.names_of(file)
        texts = {_key(name): name for name in names if name.lower().endswith(".txt")}
        for picture in sorted(n for n in names if n.lower().endswith((".jpg", ".jpeg", ".png"))):
            label = texts.get(_key(picture))
            if label is None:
                dropped["picture without label file"] += 1
                continue
            row = _one(file, picture, label, source, out, country, dropped)
            rows += [] if row is None else [row]
    if not rows:
        raise DataError(f"{archive} holds no picture with a YOLO label: is it {source.name}?")
    manifest.append(out, rows)
    return Converted(len(rows), sum(int(row.n_boxes) for row in rows), dict(dropped))


def _key(name: str) -> str:
    """Name what a picture and its label have in common.

    >>> _key("data/images/a.jpg") == _key("data/labels-YOLO/a.txt")
    True
    """
    path = PurePosixPath(name)
    parts = [
        "*" if part.lower() == "images" or part.lower().startswith("labels") else part
        for part in path.parent.parts
    ]
    return "/".join([*parts, path.stem])


def _one(
    file: ZipFile,
    picture: str,
    label: str,
    source: Source,
    out: Path,
    country: str,
    dropped: Counter[str],
) -> Entry | None:
    read = archives.read_all(file, [picture, label], dropped)
    if read is None:
        return None
    data, text = read
    try:
        width_px, height_px = size_of(data)
    except BadPictureError as error:
        dropped[error.why.value] += 1
        return None
    said = text.decode("utf-8", "replace")
    lines = list(_lines(said, source, width_px, height_px, dropped))
    if said.strip() and not lines:
        dropped["picture with nothing but what was left out"] += 1
        return None
    where = PurePosixPath(picture)
    name = re.sub(r"[^\w.-]+", "-", "-".join([country, *where.parts[-3:]]))
    return Entry(
        file=archives.write_pair(out, name, data, lines),
        split="train",
        group=f"{country}_{group_of(picture, source.group_pattern)}",
        licence=source.licence,
        sha256=sha256(data).hexdigest(),
        country=country,
        source_file=picture,
        n_boxes=str(len(lines)),
        labelled_classes=";".join(sorted(set(source.classes.values()))),
    )


def group_of(picture: str, pattern: str | None) -> str:
    """Return the drive a picture belongs to: what the pattern finds, else hundreds of numbers.

    >>> group_of("day/frame_00712.jpg", None), group_of("x/GX01_f12.jpg", "GX[0-9]+")
    ('day_0007', 'GX01')
    """
    path = PurePosixPath(picture)
    if pattern and (found := re.search(pattern, path.stem)):
        return found.group()
    numbers = re.findall(r"\d+", path.stem)
    block = f"{int(numbers[-1]) // 100:04d}" if numbers else path.stem
    return f"{path.parent.name}_{block}"


def _lines(
    text: str, source: Source, width_px: int, height_px: int, dropped: Counter[str]
) -> Iterator[str]:
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        kind = source.classes.get(words[0])
        if kind is None:
            dropped[f"class {words[0]}"] += 1
            continue
        box = _box(words[1:])
        if box is None or box[2] - box[0] < 2 / width_px or box[3] - box[1] < 2 / height_px:
            dropped["box without extent"] += 1
            continue
        x1, y1, x2, y2 = box
        pixels = (x1 * width_px, y1 * height_px, x2 * width_px, y2 * height_px)
        yield yolo_line(kind, pixels, width_px=width_px, height_px=height_px)


def _box(words: list[str]) -> tuple[float, float, float, float] | None:
    """Return x1 y1 x2 y2 in shares, cut at the picture's edge; None for another form."""
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        return None
    if not all(isfinite(number) for number in numbers):
        return None
    if len(numbers) == UPRIGHT:
        x, y, width, height = numbers
        xs, ys = [x - width / 2, x + width / 2], [y - height / 2, y + height / 2]
    elif len(numbers) == CORNERS:
        xs, ys = numbers[0::2], numbers[1::2]
    else:
        return None
    edges = (min(xs), min(ys), max(xs), max(ys))
    x1, y1, x2, y2 = (min(max(edge, 0.0), 1.0) for edge in edges)
    return x1, y1, x2, y2
