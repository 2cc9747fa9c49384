"""Pictures with pixel masks (Passos et al. 2020) to our form: boxes, groups by road segment.

Each picture lies beside three masks: STEM_RAW.jpg, STEM_CRACK.png, STEM_POTHOLE.png and
STEM_LANE.png (not used), white where drawn. STEM names the road: number, state, highway,
segment, sometimes a part, metres, as in 1007599_RS_386_386RS289112_28920. The group is the
segment. How a mask becomes boxes stands in regions.py.
"""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.errors import DataError
from vision.runtime.pictures import BadPictureError, open_picture
from vision.training.data import archives, manifest, regions
from vision.training.data.labels import yolo_line
from vision.training.data.manifest import Converted, Entry

PICTURE, CRACK, POTHOLE = "_RAW.jpg", "_CRACK.png", "_POTHOLE.png"
STEM = re.compile(r"^(\d+)_([A-Z]{2})_(\d+)_([0-9A-Z]+)(?:_(\d+))?_(\d+)$")
JPEG_QUALITY = 85


def convert(
    archive: Path, out: Path, *, country: str, licence: str, width_px: int | None = None
) -> Converted:
    """Write `out/images/train`, `out/labels/train` and `out/manifest.csv` from an archive.

    With `width_px` pictures are shrunk to that width (JPEG, quality 85), else kept byte for
    byte. A picture without both masks is left out, for a missing mask is no empty one.
    Raises DataError for a broken archive or one of another form.
    """
    dropped: Counter[str] = Counter()
    rows = []
    with archives.opened(archive) as file:
        names = set(archives.names_of(file))
        for name in sorted(n for n in names if n.endswith(PICTURE)):
            stem = name.removesuffix(PICTURE)
            if {stem + CRACK, stem + POTHOLE} <= names:
                row = _one(file, stem, out, country, licence, width_px, dropped)
                rows += [] if row is None else [row]
            else:
                dropped["mask missing"] += 1
    if not rows:
        raise DataError(f"{archive} holds no STEM{PICTURE} with STEM{CRACK} and STEM{POTHOLE}")
    manifest.append(out, rows)
    return Converted(len(rows), sum(int(row.n_boxes) for row in rows), dict(dropped))


def road_of(stem: str, country: str) -> tuple[str, str]:
    """Return a picture's name and its group, the road segment.

    >>> road_of("1007599_RS_386_386RS289112_28920", "Brazil")
    ('BR_RS386_386RS289112_28920_1007599.jpg', 'BR_RS_386_386RS289112')

    A name of another form makes a group of its own.
    """
    found = STEM.match(stem)
    short = "BR" if country == "Brazil" else country
    if found is None:
        return f"{short}_{stem}.jpg", f"{short}_{stem}"
    number, state, highway, segment, part, metres = found.groups()
    place = f"{part}_{metres}" if part else metres
    name = f"{short}_{state}{highway}_{segment}_{place}_{number}.jpg"
    return name, f"{short}_{state}_{highway}_{segment}"


def _one(
    file: ZipFile,
    stem: str,
    out: Path,
    country: str,
    licence: str,
    width_px: int | None,
    dropped: Counter[str],
) -> Entry | None:
    read = archives.read_all(file, [stem + PICTURE, stem + CRACK, stem + POTHOLE], dropped)
    if read is None:
        return None
    try:
        picture, crack, pothole = (open_picture(data) for data in read)
    except BadPictureError as error:
        dropped[error.why.value] += 1
        return None
    if not picture.shape == crack.shape == pothole.shape:
        dropped["mask of another size"] += 1
        return None
    height, width = picture.shape[:2]
    found = regions.potholes(_drawn(pothole), dropped) + regions.cracks(_drawn(crack), dropped)
    lines = [yolo_line(one.kind, one.box, width_px=width, height_px=height) for one in found]
    name, group = road_of(PurePosixPath(stem).name, country)
    data = read[0] if width_px is None else shrunk(picture, width_px)
    return Entry(
        file=archives.write_pair(out, name, data, lines),
        split="train",
        group=group,
        licence=licence,
        sha256=sha256(data).hexdigest(),
        country=country,
        source_file=PurePosixPath(stem).name + PICTURE,
        n_boxes=str(len(lines)),
        labelled_classes="D40(from mask);crack-region(from mask)",
        derived_classes="D00;D10;D20 (type derived by geometry)",
    )


def _drawn(mask: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return where a mask is white; some have one channel, some three."""
    return np.asarray(mask.max(axis=2) > 127)


def shrunk(picture: NDArray[np.uint8], width_px: int) -> bytes:
    """Encode a picture at `width_px`; a narrower one keeps its size."""
    height, width = picture.shape[:2]
    if width > width_px:
        size = (width_px, max(1, round(height * width_px / width)))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].tobytes()
