"""The real programs as real processes, to be started, watched and killed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
MUSTERSTADT = ROOT / "datasets/musterstadt"
HOST = "127.0.0.1"


@contextmanager
def data_folder() -> Iterator[Path]:
    """A data folder that the database's user may enter, with a short path for its socket."""
    folder = Path(tempfile.mkdtemp(prefix="sw-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def environment(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a program that keeps its data in `folder`."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("API_", "EDGE_"))}
    kept.pop("DATABASE_URL", None)
    return kept | {"STADTWART_DATA": str(folder)} | more


def free_port() -> int:
    """A port that nobody listens on, and that the system gives to no connection meanwhile."""
    while True:
        port = random.randrange(15_000, 32_000)  # below the range of connections
        with socket.socket() as probe, suppress(OSError):
            probe.bind((HOST, port))
            return port


def run(module: str, *arguments: str, environ: dict[str, str]) -> str:
    """Run a program to its end and return what it printed; its log is shown on failure."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, f"{module} {arguments} -> {done.returncode}\n{done.stderr[-3000:]}"
    return done.stdout


def start(module: str, *arguments: str, environ: dict[str, str], log: Path) -> Running:
    """Start a program in its own process group."""
    with log.open("a") as output:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env=environ,
            stdout=output,
            stderr=output,
            cwd=ROOT,
            start_new_session=True,
        )


Running = subprocess.Popen[bytes]


def kill_9(process: Running) -> None:
    """End a program and its children without a chance to tidy up."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until_healthy(url: str, *, timeout_s: float = 180) -> None:
    """Wait until the city's server and its database answer."""
    deadline = time.monotonic() + timeout_s
    while True:
        with suppress(httpx.TransportError):
            answer = httpx.get(f"{url}/api/v1/health", timeout=30)
            if answer.is_success and answer.json()["database"]:
                return
        assert time.monotonic() < deadline, f"{url} is not healthy after {timeout_s} s"
        time.sleep(0.2)
