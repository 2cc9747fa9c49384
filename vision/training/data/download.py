"""Fill a file from an address so that a cut or stalled line costs nothing: Range, tries, progress.

Beside NAME.part lies NAME.part.etag, which version of the file the part belongs to: what was
changed at the publisher's in between is fetched anew, not mixed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from vision.errors import DataError
from vision.training.data.sources import RemoteFile

logger = logging.getLogger(__name__)

WAIT_S = (0.0, 1.0, 4.0, 10.0, 30.0, 60.0)  # before each try
TELL_S = 5.0
REFUSALS = (401, 403, 404, 410)  # asking again would not help

Sleep = Callable[[float], None]


def fill(client: httpx.Client, one: RemoteFile, part: Path, sleep: Sleep) -> None:
    """Download until the server says that there is no more; progress starts the tries anew.

    Raises DataError when the server refuses, or gives nothing new in six tries.
    """
    problem, tries = "", 0
    while tries < len(WAIT_S):
        if tries:
            wait_s = WAIT_S[tries]
            logger.warning("fetch again file=%s wait_s=%.0f because=%s", one.name, wait_s, problem)
            sleep(wait_s)
        had_bytes = _size(part)
        try:
            if _go_on(client, one, part):
                _etag_file(part).unlink(missing_ok=True)
                return
            problem = "the line was cut"
        except httpx.HTTPError as error:
            problem = f"{type(error).__name__}: {error}"
        tries = 1 if _size(part) > had_bytes else tries + 1
    raise DataError(
        f"{one.url} cannot be had ({problem}); {_size(part) / 1e6:.1f} MB are kept: "
        "run the same command again later"
    )


def _go_on(client: httpx.Client, one: RemoteFile, part: Path) -> bool:
    """Ask for what is missing; True when the file is whole."""
    has_bytes = _size(part)
    headers = {"Accept-Encoding": "identity"}
    if has_bytes:
        headers["Range"] = f"bytes={has_bytes}-"
        if _etag_file(part).is_file():
            headers["If-Range"] = _etag_file(part).read_text(encoding="utf-8")
    with client.stream("GET", one.url, headers=headers) as answer:
        if answer.status_code == 416 and has_bytes:  # nothing after what we have
            return True
        if answer.status_code in REFUSALS:
            raise DataError(
                f"{one.url} answers {answer.status_code}: fetch it by hand into {part.parent} as "
                f"{Path(one.name).name}, or correct its address"
            )
        answer.raise_for_status()
        is_rest = answer.status_code == 206 and _begins_at(answer, has_bytes)
        if not is_rest:
            has_bytes = 0  # the server begins anew
        _keep_etag(answer, part)
        length = answer.headers.get("content-length")
        whole_bytes = has_bytes + int(length) if length else one.size_bytes
        with part.open("ab" if is_rest else "wb") as file:
            _write(answer, file.write, one.name, has_bytes, whole_bytes)
    return whole_bytes is None or _size(part) >= whole_bytes


def _write(
    answer: httpx.Response,
    write: Callable[[bytes], int],
    name: str,
    has_bytes: int,
    whole_bytes: int | None,
) -> None:
    told_at_s = time.monotonic()
    for chunk in answer.iter_raw():
        write(chunk)
        has_bytes += len(chunk)
        if time.monotonic() - told_at_s > TELL_S:
            told_at_s = time.monotonic()
            _tell(name, has_bytes, whole_bytes)
    _tell(name, has_bytes, whole_bytes)


def _tell(name: str, has_bytes: int, whole_bytes: int | None) -> None:
    share = f"{100 * has_bytes / whole_bytes:.0f}%" if whole_bytes else "size-unknown"
    logger.info("fetch file=%s mb=%.1f share=%s", name, has_bytes / 1e6, share)


def _begins_at(answer: httpx.Response, first: int) -> bool:
    told = answer.headers.get("content-range", f"bytes {first}-")
    return bool(told.startswith(f"bytes {first}-"))


def _keep_etag(answer: httpx.Response, part: Path) -> None:
    """Note a strong ETag; a weak one must not be used with If-Range (RFC 9110, 13.1.5)."""
    etag = answer.headers.get("etag", "")
    if etag.startswith('"'):
        _etag_file(part).write_text(etag, encoding="utf-8")
    else:
        _etag_file(part).unlink(missing_ok=True)


def _etag_file(part: Path) -> Path:
    return part.with_name(part.name + ".etag")


def _size(part: Path) -> int:
    return part.stat().st_size if part.is_file() else 0
