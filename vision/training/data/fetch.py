"""Fetch files so that a cut line costs nothing: resume by Range, compare sha256, tell progress.

A file under its final name is whole and compared. What is under way is called NAME.part. A file
without a known sha256 is unpinned: the first fetch writes its sha256 into pins.json beside the
files and says so loudly; from then on it is compared like any other.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from pathlib import Path

import httpx

from vision.errors import DataError
from vision.training.data.sources import RemoteFile

logger = logging.getLogger(__name__)

PINS = "pins.json"
TRIES = 6
CHUNK_BYTES = 1 << 20
WAIT_S = (0.0, 1.0, 4.0, 10.0, 30.0, 60.0)

Sleep = Callable[[float], None]


class Outcome(Enum):
    """What became of a file."""

    FETCHED = "fetched"
    HAD = "had already"
    UNPINNED = "fetched, unpinned"  # nobody vouches for its content but this fetch


@dataclass(frozen=True, slots=True)
class Fetched:
    """One file in the folder."""

    name: str
    outcome: Outcome
    sha256: str
    size_bytes: int


def fetch(files: Sequence[RemoteFile], folder: Path, *, sleep: Sleep = time.sleep) -> list[Fetched]:
    """Fetch every file into `folder`.

    Raises DataError when a file differs from its sha256 or cannot be had; what was
    fetched until then stays, and the same call goes on from there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pins = _read_pins(folder)
    done = []
    with httpx.Client(follow_redirects=True, timeout=60) as client:
        for number, one in enumerate(files, start=1):
            logger.info("fetch file=%s number=%d of=%d", one.name, number, len(files))
            done.append(_fetch_one(client, one, folder, pins, sleep))
    return done


def _fetch_one(
    client: httpx.Client, one: RemoteFile, folder: Path, pins: dict[str, str], sleep: Sleep
) -> Fetched:
    target = folder / one.name
    wanted = one.sha256 or pins.get(one.name)
    if target.is_file():
        found = digest_of(target)
        if wanted not in (None, found):
            raise DataError(
                f"{target} is {found[:12]}…, not {wanted[:12]}…: delete it and fetch again"
            )
        _pin(folder, pins, one, found)
        return Fetched(one.name, Outcome.HAD, found, target.stat().st_size)
    part = target.with_name(target.name + ".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    _fill(client, one, part, sleep)
    found = digest_of(part)
    if wanted not in (None, found):
        part.unlink()
        raise DataError(
            f"{one.url} gave {found[:12]}…, not {wanted[:12]}…: changed there or on the way; "
            "look at its home page before you trust it"
        )
    part.replace(target)
    _pin(folder, pins, one, found)
    outcome = Outcome.FETCHED if wanted else Outcome.UNPINNED
    return Fetched(one.name, outcome, found, target.stat().st_size)


def _fill(client: httpx.Client, one: RemoteFile, part: Path, sleep: Sleep) -> None:
    """Download until the server says that there is no more."""
    problem = ""
    for wait_s in WAIT_S[:TRIES]:
        if wait_s:
            logger.warning("fetch again file=%s wait_s=%.0f because=%s", one.name, wait_s, problem)
            sleep(wait_s)
        try:
            if _go_on(client, one, part):
                return
            problem = "the line was cut"
        except httpx.HTTPError as error:
            problem = f"{type(error).__name__}: {error}"
    raise DataError(f"{one.url} cannot be had ({problem}): run the same command again later")


def _go_on(client: httpx.Client, one: RemoteFile, part: Path) -> bool:
    """Ask for what is missing; True when the file is whole."""
    has_bytes = part.stat().st_size if part.is_file() else 0
    headers = {"Accept-Encoding": "identity"}
    if has_bytes:
        headers["Range"] = f"bytes={has_bytes}-"
    with client.stream("GET", one.url, headers=headers) as answer:
        if answer.status_code == 416 and has_bytes:  # nothing after what we have
            return True
        if answer.status_code in (401, 403, 404, 410):
            raise DataError(
                f"{one.url} answers {answer.status_code}: fetch it by hand into {part.parent} as "
                f"{Path(one.name).name}, or correct its address"
            )
        answer.raise_for_status()
        is_rest = answer.status_code == 206
        if not is_rest:
            has_bytes = 0  # the server begins anew
        length = answer.headers.get("content-length")
        whole_bytes = has_bytes + int(length) if length else one.size_bytes
        with part.open("ab" if is_rest else "wb") as file:
            told_at_s = time.monotonic()
            for chunk in answer.iter_raw():
                file.write(chunk)
                has_bytes += len(chunk)
                if time.monotonic() - told_at_s > 5:
                    told_at_s = time.monotonic()
                    _tell(one.name, has_bytes, whole_bytes)
    return whole_bytes is None or has_bytes >= whole_bytes


def _tell(name: str, has_bytes: int, whole_bytes: int | None) -> None:
    share = f"{100 * has_bytes / whole_bytes:.0f} %" if whole_bytes else "size unknown"
    logger.info("fetch file=%s mb=%.1f share=%s", name, has_bytes / 1e6, share)


def _pin(folder: Path, pins: dict[str, str], one: RemoteFile, found: str) -> None:
    """Write down the sha256 of an unpinned file, loudly, once."""
    if one.sha256 or pins.get(one.name) == found:
        return
    pins[one.name] = found
    (folder / PINS).write_text(json.dumps(pins, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    logger.warning(
        "UNPINNED file=%s sha256=%s: nobody vouches for it; compare it elsewhere and write the "
        "sha256 into the source file",
        one.name,
        found,
    )


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
