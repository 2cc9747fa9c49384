"""Whether the second detector's two models lie in the city's folder, and are the right ones."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import Enum
from functools import cache
from hashlib import sha256
from pathlib import Path

LIST = Path(__file__).with_name("models.toml")


class Standing(Enum):
    """Whether a second detector can look."""

    INSTALLED = "installed"
    MISSING = "missing"
    WRONG = "wrong checksum"  # another file under that name: it is not used


@dataclass(frozen=True, slots=True)
class Models:
    """Names and SHA-256 of the two files that are asked for."""

    face_name: str
    face_sha256: str
    plate_name: str
    plate_sha256: str


@cache
def models() -> Models:
    """Read the list that also says where the files are fetched from."""
    face, plate = tomllib.loads(LIST.read_text(encoding="utf-8"))["file"]
    return Models(face["name"], face["sha256"], plate["name"], plate["sha256"])


def standing_of(folder: Path, wanted: Models | None = None) -> Standing:
    """Measure the two files; only those that match by SHA-256 are used."""
    asked = wanted or models()
    for name, digest in (
        (asked.face_name, asked.face_sha256),
        (asked.plate_name, asked.plate_sha256),
    ):
        try:
            found = sha256((folder / name).read_bytes()).hexdigest()
        except OSError:
            return Standing.MISSING
        if found != digest:
            return Standing.WRONG
    return Standing.INSTALLED
