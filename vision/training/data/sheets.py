"""What people know about a data set and no program can find out: one TOML file per set."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from vision.errors import DataError
from vision.training.data.croissant import Sheet


def read(path: Path) -> Sheet:
    """Read a sheet; raises DataError when a field is missing."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Sheet)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise DataError(f"{path} is no datasheet: {error}") from error
