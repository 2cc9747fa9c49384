"""What people said of the detector's findings, as a training set: its errors are its lessons.

A finding called "not a damage" becomes a picture of sound road, a confirmed one a labelled
picture. Everything stays on the city's own machine; no free text, person or place goes along,
only the street segment's number, so that a road never lies in two splits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Actor, Subject, event
from vision.errors import DataError
from vision.runtime.detections import CLASSES
from vision.training.data import manifest
from vision.training.data.manifest import Entry

LICENCE = "internal: pictures of this city, not for publication"


@dataclass(frozen=True, slots=True)
class Lessons:
    """What was written."""

    confirmed: int
    dismissed: int
    without_picture: int  # judged damages that no picture is kept of


def collect(url: str, out: Path) -> Lessons:
    """Write `out/images/train`, `out/labels/train` and `out/manifest.csv`, logged as an export.

    Raises DataError for a folder that is not empty, and where nobody has judged a picture yet.
    """
    require_new(out)
    with psycopg.connect(url, row_factory=dict_row) as connection:
        judged = connection.execute(query("triage_pictures")).fetchall()
        missing = connection.execute(query("triage_without_picture")).fetchone()
        if not judged:
            raise DataError(
                "no judged damage has a picture: confirm or dismiss some at the desk first"
            )
        rows = [_write(row, out) for row in judged]
        manifest.append(out, rows)
        told = event(
            "pictures.exported",
            actor=Actor("person", "operator:cli"),
            subject=Subject("dataset", "triage"),
            data={"pictures": len(rows), "sha256": _digest(row.sha256 for row in rows)},
        )
        connection.execute(query("audit_record"), outbox.parameters(told))
    confirmed = sum(row["is_damage"] for row in judged)
    return Lessons(confirmed, len(rows) - confirmed, missing["damages"] if missing else 0)


def require_new(out: Path) -> None:
    """Raise DataError for a folder that holds something, before any database is started."""
    if out.exists() and any(out.iterdir()):
        raise DataError(f"{out} is not empty: name a new folder")


def _write(row: dict[str, Any], out: Path) -> Entry:
    """Write one picture with its label, and return its line of the manifest."""
    jpeg = bytes(row["jpeg"])
    digest = sha256(jpeg).hexdigest()
    name = f"damage-{row['damage_id']}-{digest[:12]}"
    image, label = out / f"images/train/{name}.jpg", out / f"labels/train/{name}.txt"
    for path in (image, label):
        path.parent.mkdir(parents=True, exist_ok=True)
    image.write_bytes(jpeg)
    line = yolo_line(row) if row["is_damage"] else ""
    label.write_text(line, encoding="utf-8")
    return Entry(
        file=f"images/train/{name}.jpg",
        split="train",
        group=f"segment-{row['segment_id']}",
        licence=LICENCE,
        sha256=digest,
        country="simulated" if row["simulated"] else "own city",
        source_file=f"verdict on damage {row['damage_id']}",
        n_boxes=str(int(row["is_damage"])),
        labelled_classes="D00;D10;D20;D40 (found by the detector, confirmed by people)",
    )


def yolo_line(row: dict[str, Any]) -> str:
    """Write a damage's box, x1 y1 x2 y2 in the picture's pixels, as class cx cy w h in shares.

    >>> row = {"damage_class": "D40", "damage_box": [10, 20, 30, 60], "width_px": 100}
    >>> yolo_line({**row, "height_px": 200})
    '3 0.200000 0.200000 0.200000 0.200000\\n'
    """
    x1, y1, x2, y2 = row["damage_box"]
    across, down = row["width_px"], row["height_px"]
    shares = ((x1 + x2) / 2 / across, (y1 + y2) / 2 / down, (x2 - x1) / across, (y2 - y1) / down)
    numbers = " ".join(f"{share:.6f}" for share in shares)
    return f"{CLASSES.index(row['damage_class'])} {numbers}\n"


def _digest(hashes: Iterable[str]) -> str:
    return sha256("\n".join(sorted(hashes)).encode()).hexdigest()
