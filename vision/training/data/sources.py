"""What is fetched from where, under which licence, with which sha256: one TOML file per set."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from vision.errors import DataError

Url = Annotated[str, Meta(pattern=r"^https?://[^\s]+$")]
Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][\w./-]{0,300}$")]


class RemoteFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file; without sha256 it is unpinned until the first fetch writes one down."""

    name: Name  # below the folder it is fetched into
    url: Url
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")] | None = None
    size_bytes: Annotated[int, Meta(ge=0)] | None = None


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A data set and its files."""

    name: str
    licence: str  # SPDX
    homepage: Url
    citation: str
    labels: Literal["voc", "yolo", "masks"]
    file: list[RemoteFile]


def read(path: Path) -> Source:
    """Read a source file.

    Raises DataError for one that is missing, no TOML, or names a place outside its folder.
    """
    try:
        source = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Source)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise DataError(f"{path} is no list of files to fetch: {error}") from error
    refuse_escapes(source.file)
    return source


def of_manifest(manifest: Path, *, base_url: str) -> list[RemoteFile]:
    """Return the files that a `manifest.csv` (columns file, sha256) names, below an address."""
    with manifest.open(newline="", encoding="utf-8") as rows:
        files = [
            RemoteFile(row["file"], f"{base_url.rstrip('/')}/{row['file']}", row["sha256"])
            for row in csv.DictReader(rows)
        ]
    refuse_escapes(files)
    return files


def refuse_escapes(files: list[RemoteFile]) -> None:
    """Raise DataError for a name that leads out of the folder."""
    for one in files:
        if ".." in Path(one.name).parts or Path(one.name).is_absolute():
            raise DataError(f"{one.name!r} leads out of the folder: correct the list")
