"""What runs beside the server as processes: the audit log's sequencer, and the night's work.

A process and not a thread: signing must go on while requests are busy, and a fault in it must not
take the server down. If the server is killed its companions notice and end by themselves.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

logger = logging.getLogger(__name__)

SEQUENCER = ("gis.postgis.audit", "sequence", "--with-parent")
NIGHT: tuple[tuple[str, ...], ...] = (  # in this order: what was deleted is not backed up
    ("irrigation", "fetch"),
    ("irrigation", "night"),
    ("gis.postgis.governance", "check"),
    ("gis.postgis.retention", "run"),
    ("gis.postgis", "backup"),
)
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
SETTLED_S = 3.0  # who worked that long did not fail at the start: no longer pause
END_TIMEOUT_S = 20


@contextmanager
def companions(database_url: str, *, night_hour: int | None) -> Iterator[None]:
    """Run the sequencer, and the night's work once a day, until the block ends."""
    environ = dict(os.environ) | {"DATABASE_URL": database_url}
    beside = [Kept(SEQUENCER, environ)]
    threads = [threading.Thread(target=one.run, name=one.module[0]) for one in beside]
    night = Night(environ, night_hour)
    if night_hour is not None:
        threads.append(threading.Thread(target=night.run, name="night"))
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        night.end()
        for one in beside:
            one.end()
        for thread in threads:
            thread.join()


@dataclass
class Kept:
    """A program that is started again whenever it ends."""

    module: Sequence[str]
    environ: dict[str, str]
    first_pause_s: float = FIRST_PAUSE_S
    _is_ending: threading.Event = field(default_factory=threading.Event)
    _process: subprocess.Popen[bytes] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        """Start it, wait, start it again; the longer it fails the longer the pause."""
        pause_s = self.first_pause_s
        while True:
            with self._lock:
                if self._is_ending.is_set():
                    return
                self._process = subprocess.Popen(_command(self.module), env=self.environ)
            began = time.monotonic()
            code = self._process.wait()
            if self._is_ending.is_set():
                return
            if time.monotonic() - began > SETTLED_S:
                pause_s = self.first_pause_s
            logger.error(
                "companion ended program=%s code=%d again_in_s=%.0f",
                self.module[0],
                code,
                pause_s,
            )
            self._is_ending.wait(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    def end(self) -> None:
        """Ask it to finish what it does, and wait."""
        with self._lock:
            self._is_ending.set()
            process = self._process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            logger.error("companion killed program=%s", self.module[0])
            process.kill()


@dataclass
class Night:
    """The night's work, one program after the other."""

    environ: dict[str, str]
    hour: int | None
    steps: tuple[tuple[str, ...], ...] = NIGHT
    _is_ending: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Wait for the hour, do the work, wait for the next night."""
        while self.hour is not None:
            now = datetime.now(UTC)
            if self._is_ending.wait((next_night(now, self.hour) - now).total_seconds()):
                return
            self.work()

    def work(self) -> dict[str, int]:
        """Run each step whatever became of the one before; return the exit codes."""
        codes: dict[str, int] = {}
        for step in self.steps:
            if self._is_ending.is_set():
                break
            done = subprocess.run(
                _command(step), env=self.environ, stdout=subprocess.DEVNULL, check=False
            )
            codes[" ".join(step)] = done.returncode
            told = logger.error if done.returncode else logger.info
            told("night step program=%s code=%d", " ".join(step), done.returncode)
        return codes

    def end(self) -> None:
        """Begin no further step."""
        self._is_ending.set()


def next_night(now: datetime, hour: int) -> datetime:
    """Return the next time the clock strikes the hour, in UTC."""
    today = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)


def _command(module: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", *module]
