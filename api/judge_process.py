"""The second detector as the service sees it: whether it is there, and a process that looks.

A process of its own with one thread and the lowest priority: a picture that crashes native code
takes down a look, not the city's service.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from vision.judge.findings import READY, Answer, Question
from vision.judge.installed import Models, Standing, models, standing_of

LONGEST_LOOK_S = 120  # a 640 px upload takes a second or two
ASKED_TO_END = (
    -2,
    -15,
    -9,
)  # SIGINT, SIGTERM, SIGKILL: the machine goes down, not the picture's fault

Look = Callable[[bytes], Awaitable[Answer]]


class LookFailedError(RuntimeError):
    """The process died over a picture, or never answered."""


class LookInterruptedError(RuntimeError):
    """The process did not start, or somebody ended it: the picture waits for the next one."""


class SecondDetector(Protocol):
    """Whoever looks at uploads a second time."""

    def standing(self) -> Standing:
        """Say whether it can look."""

    def models(self) -> Models:
        """Name what it looks with."""

    def looking(self) -> AbstractAsyncContextManager[Look]:
        """Lend a way to look, until the block ends."""


class InstalledModels:
    """The models of the city's folder, asked through `python -m vision.judge`."""

    def __init__(self, folder: Path, *, face_score: float, plate_score: float) -> None:
        self._folder = folder
        self._scores = (str(face_score), str(plate_score))
        self._measured: tuple[object, Standing] | None = None

    def models(self) -> Models:
        """Name the two files that are asked for."""
        return models()

    def standing(self) -> Standing:
        """Measure the files, and again only when they changed."""
        mark = [self._mark(name) for name in (models().face_name, models().plate_name)]
        if self._measured is None or self._measured[0] != mark:
            self._measured = (mark, standing_of(self._folder))
        return self._measured[1]

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[Look]:
        """Start the process; end it with the block."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "vision.judge", str(self._folder), *self._scores),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the service, which ends it in order
            limit=2**24,
        )

        async def look(jpeg: bytes) -> Answer:
            return await _ask(process, jpeg)

        try:
            if process.stdout is None or await process.stdout.readline() != READY:
                raise LookInterruptedError("`python -m vision.judge` did not start")
            yield look
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    def _mark(self, name: str) -> tuple[int, int] | None:
        try:
            found = (self._folder / name).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size


async def _ask(process: asyncio.subprocess.Process, jpeg: bytes) -> Answer:
    if process.stdin is None or process.stdout is None:
        raise LookFailedError("the process has no pipes")
    try:
        async with asyncio.timeout(LONGEST_LOOK_S):
            process.stdin.write(msgspec.json.encode(Question(jpeg)) + b"\n")
            await process.stdin.drain()
            line = await process.stdout.readline()
    except TimeoutError as error:
        raise LookFailedError(f"no answer within {LONGEST_LOOK_S} s") from error
    except ConnectionError:
        line = b""
    if not line:
        code = await process.wait()
        if code in ASKED_TO_END:
            raise LookInterruptedError(f"the process was ended from outside ({code})")
        raise LookFailedError(f"the process ended with {code}")
    return msgspec.json.decode(line, type=Answer)
