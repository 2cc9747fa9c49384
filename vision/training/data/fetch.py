"""Fetch files and trust none that nobody vouches for: a digest is compared, or a person decides.

A file under its final name is whole and compared. What is under way is called NAME.part. A file
that no digest is known of stops as NAME.unpinned: the fetch says what it saw and how to pin it.
Once accepted, its sha256 stands in pins.json beside the files and is compared from then on.
"""

from __future__ import annotations

import json
import logging
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import md5, sha256
from pathlib import Path

import httpx

from vision.errors import DataError
from vision.training.data import download
from vision.training.data.download import Sleep
from vision.training.data.sources import RemoteFile

logger = logging.getLogger(__name__)

PINS = "pins.json"
CHUNK_BYTES = 1 << 20


class Outcome(Enum):
    """What became of a file."""

    FETCHED = "fetched"  # as the source file says
    HAD = "had already"
    ACCEPTED = "fetched, accepted unpinned"  # a person took the risk; compared from now on
    UNPINNED = "waits: unpinned"  # nobody vouches for its content; not in use


@dataclass(frozen=True, slots=True)
class Fetched:
    """One file in the folder."""

    name: str
    outcome: Outcome
    sha256: str
    size_bytes: int


def fetch(
    files: Sequence[RemoteFile],
    folder: Path,
    *,
    accept_unpinned: bool = False,
    timeout_s: float = 60,
    sleep: Sleep = time.sleep,
) -> list[Fetched]:
    """Fetch every file into `folder`.

    Raises DataError when a file differs from its digest or cannot be had; what was
    fetched until then stays, and the same call goes on from there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pins = _read_pins(folder)
    done = []
    with httpx.Client(follow_redirects=True, timeout=timeout_s) as client:
        for number, one in enumerate(files, start=1):
            logger.info("fetch file=%s number=%d of=%d", one.name, number, len(files))
            path = _present(client, one, folder, sleep)
            done.append(_judge(one, path, folder, pins, accept_unpinned))
    return done


def how_to_pin(one: Fetched) -> str:
    """Say what was seen of an unpinned file and what a person can do."""
    return (
        f"{one.name} waits as {one.name}.unpinned, for no digest of it is known. Seen: "
        f"sha256 {one.sha256}, {one.size_bytes} bytes. Compare them with what others got; then "
        f'write sha256 = "{one.sha256}" into the source file and run this again, '
        "or take the risk with --accept-unpinned"
    )


def _present(client: httpx.Client, one: RemoteFile, folder: Path, sleep: Sleep) -> Path:
    """Return where the whole file lies; download it unless it is there already."""
    target = folder / one.name
    for path in (target, _beside(target, ".unpinned")):
        if path.is_file():
            return path
    part = _beside(target, ".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    _require_space(one, part)
    download.fill(client, one, part, sleep)
    return part


def _judge(
    one: RemoteFile, path: Path, folder: Path, pins: dict[str, str], accept_unpinned: bool
) -> Fetched:
    """Compare a whole file with what is known of it and give it the name it deserves."""
    target = folder / one.name
    found, size_bytes = digest_of(path), path.stat().st_size
    pinned = one.sha256 or pins.get(one.name)
    for known, seen in (
        (pinned and f"sha256 {pinned}", f"sha256 {found}"),
        (one.md5 and f"md5 {one.md5}", f"md5 {_md5_of(path)}" if one.md5 else ""),
        (one.size_bytes is not None and f"{one.size_bytes} bytes", f"{size_bytes} bytes"),
    ):
        if known and known != seen:
            raise _differs(one, path, target, known, seen)
    if pinned or one.md5:
        outcome = Outcome.HAD if path == target else Outcome.FETCHED
    elif accept_unpinned:
        outcome = Outcome.ACCEPTED
    else:
        outcome, target = Outcome.UNPINNED, _beside(target, ".unpinned")
    path.replace(target)
    if outcome is Outcome.ACCEPTED:
        pins[one.name] = found
        text = json.dumps(pins, indent=1, sort_keys=True)
        (folder / PINS).write_text(text + "\n", encoding="utf-8")
    if outcome in (Outcome.ACCEPTED, Outcome.UNPINNED):
        logger.warning("UNPINNED file=%s sha256=%s: nobody vouches for it", one.name, found)
    return Fetched(one.name, outcome, found, size_bytes)


def _differs(one: RemoteFile, path: Path, target: Path, known: str, seen: str) -> DataError:
    """Tell what differs; what was just fetched is thrown away, a file of the user's is not."""
    if path == target:
        return DataError(f"{target} has {seen}, not {known}: delete it and fetch again")
    path.unlink()
    return DataError(
        f"{one.url} gave {seen}, not {known} ({one.digest_from or 'the manifest'}): changed there "
        f"or on the way, or the digest is wrong. Nothing was kept; look at {one.url} and its "
        "home page before you trust either"
    )


def _require_space(one: RemoteFile, part: Path) -> None:
    """Raise DataError before the first byte when the disk is too small."""
    has_bytes = part.stat().st_size if part.is_file() else 0
    free_bytes = shutil.disk_usage(part.parent).free
    if one.size_bytes is not None and one.size_bytes - has_bytes > free_bytes:
        raise DataError(
            f"{one.name} needs {(one.size_bytes - has_bytes) / 1e9:.1f} GB more, "
            f"{part.parent} has {free_bytes / 1e9:.1f} GB free: choose another --out"
        )


def _beside(target: Path, ending: str) -> Path:
    return target.with_name(target.name + ending)


def _read_pins(folder: Path) -> dict[str, str]:
    file = folder / PINS
    if not file.is_file():
        return {}
    pins: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return pins


def digest_of(path: Path) -> str:
    """Return the sha256 of a file, read in pieces."""
    running = sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            running.update(chunk)
    return running.hexdigest()


def _md5_of(path: Path) -> str:
    """Return the md5, for publishers that give no better: it finds accidents, not intent."""
    running = md5(usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            running.update(chunk)
    return running.hexdigest()
