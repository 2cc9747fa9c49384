"""What is fetched from where, under which licence, with which digest: one TOML file per set."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from vision.errors import DataError
from vision.runtime.detections import DAMAGE_CLASSES

Url = Annotated[str, Meta(pattern=r"^https?://[^\s]+$")]
Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][\w./-]{0,300}$")]


class RemoteFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file; without a digest it is unpinned, and a person must say what to do with it."""

    name: Name  # below the folder it is fetched into
    url: Url
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")] | None = None
    md5: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")] | None = None  # where that is all
    size_bytes: Annotated[int, Meta(ge=0)] | None = None
    digest_from: str | None = None  # who says so; or, without a digest, that nobody does
    country: str | None = None  # where all of its pictures are from


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A data set and its files."""

    name: str
    licence: str  # SPDX
    homepage: Url
    citation: str
    labels: Literal["voc", "yolo", "masks"]
    file: list[RemoteFile]
    licence_from: str | None = None  # who says so, where it was not read at the publisher's
    country: str | None = None
    classes: dict[str, str] = {}  # their number: our class; yolo only
    group_pattern: str | None = None  # the part of a picture's name that tells its drive; yolo


def read(path: Path) -> Source:
    """Read a source file.

    Raises DataError for one that is missing, no TOML, names a place outside its folder, gives a
    file neither a digest nor a word why, or a class that we do not know.
    """
    try:
        source = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Source)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise DataError(f"{path} is no list of files to fetch: {error}") from error
    refuse_escapes(source.file)
    for one in source.file:
        if one.digest_from is None:
            raise DataError(
                f"{path}: {one.name} does not say where its digest is from: add digest_from, "
                'for one without a digest "none published"'
            )
    for number, name in source.classes.items():
        if name not in DAMAGE_CLASSES:
            raise DataError(f"{path}: class {number} = {name!r}: name {', '.join(DAMAGE_CLASSES)}")
    return source


def country_of(source: Source, archive: Path) -> str:
    """Return where the pictures of an archive are from; raises DataError where nobody says."""
    listed = {Path(one.name).name: one.country for one in source.file}
    country = listed.get(archive.name) or source.country
    if country is None:
        raise DataError(f"{archive.name}: the source names no country for it: add --country NAME")
    return country


def of_manifest(manifest: Path, *, base_url: str) -> list[RemoteFile]:
    """Return the files below an address that a list with their digests names.

    The list is a `manifest.csv` (columns file, sha256: pictures alone) or a `SHA256SUMS` as the
    command sha256sum writes it. Raises DataError for any other form.
    """
    if not manifest.is_file():
        raise DataError(f"{manifest} is missing: name the manifest.csv or SHA256SUMS of the set")
    text = manifest.read_text(encoding="utf-8")
    listed = _of_table(text) if manifest.suffix == ".csv" else _of_sums(text)
    try:
        files = [
            msgspec.convert(
                {"name": name, "url": f"{base_url.rstrip('/')}/{name}", "sha256": digest},
                RemoteFile,
            )
            for name, digest in listed
        ]
    except msgspec.ValidationError as error:
        raise DataError(f"{manifest} is no list of files with their sha256: {error}") from error
    if not files:
        raise DataError(f"{manifest} names no file: is it a manifest.csv or SHA256SUMS?")
    refuse_escapes(files)
    return files


def _of_table(text: str) -> list[tuple[str, str]]:
    rows = csv.DictReader(text.splitlines())
    return [(row.get("file", ""), row.get("sha256", "")) for row in rows]


def _of_sums(text: str) -> list[tuple[str, str]]:
    """Read lines of a digest, two signs and a name.

    >>> _of_sums("ab  images/a.jpg\\ncd *b.jpg\\n")
    [('images/a.jpg', 'ab'), ('b.jpg', 'cd')]
    """
    pairs = [line.partition(" ") for line in text.splitlines() if line.strip()]
    return [(name[1:].removeprefix("./"), digest) for digest, _, name in pairs]


def refuse_escapes(files: list[RemoteFile]) -> None:
    """Raise DataError for a name that leads out of the folder."""
    for one in files:
        if ".." in Path(one.name).parts or Path(one.name).is_absolute():
            raise DataError(f"{one.name!r} leads out of the folder: correct the list")
