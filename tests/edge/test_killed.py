"""The real edge program is killed with SIGKILL at random moments: nothing lost, nothing doubled."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from edge.spool import Spool
from tests.edge.drives import POTHOLES_M, street_map, write_drive
from tests.edge.loopback_city import TOKEN, LoopbackCity, loopback_city
from tests.edge.tiny_model import write_model
from tests.edge.trucks import ROOMY_BYTES

ROOT = Path(__file__).parents[2]
KILLS = 12
STREETS = street_map(90, 200, 400)
FORKS = """
import json, os, sys
import cv2, onnxruntime
from edge.__main__ import main
while line := sys.stdin.readline():
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os._exit(main(json.loads(line)))
    print(child, flush=True)
    sys.stdin.readline()  # only now may the child be waited for, so its id stays its own
    print(os.waitpid(child, 0)[1], flush=True)
"""


def command(folder: Path, spool: str, url: str | None) -> list[str]:
    ways = ["--url", url, "--token-file", str(folder / "token")] if url else ["--no-upload"]
    return [
        *(sys.executable, "-m", "edge", "run", "--drive", str(folder / "drive")),
        *("--model", str(folder / "tiny" / "model.onnx"), "--spool", str(folder / spool)),
        *("--json", *ways),
    ]


def environment() -> dict[str, str]:
    quick = {"EDGE_BACKOFF_FIRST_S": "0.02", "EDGE_BATCH_SIGHTINGS": "2", "EDGE_PATIENCE_S": "20"}
    often = {"EDGE_CHECKPOINT_FRAMES": "1", "EDGE_THREADS": "1"}
    return {**os.environ, **quick, **often}


def run(arguments: list[str]) -> dict[str, object]:
    done = subprocess.run(
        arguments, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    summary: dict[str, object] = json.loads(done.stdout)
    return summary


class Depot:
    """Starts the program again and again, warm: a loaded parent forks, the child is the program."""

    def __init__(self) -> None:
        self._parent = subprocess.Popen(
            [sys.executable, "-c", FORKS],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def drive(self, arguments: list[str], *, wait: Callable[[int], None]) -> bool:
        """Run the program, kill it when `wait` returns; tell whether it was still alive."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(json.dumps(arguments) + "\n")
        self._parent.stdin.flush()
        child = int(self._parent.stdout.readline())
        wait(child)
        os.kill(child, signal.SIGKILL)  # at worst a zombie: the parent waits only now
        self._parent.stdin.write("\n")
        self._parent.stdin.flush()
        return int(self._parent.stdout.readline()) == signal.SIGKILL

    def close(self) -> None:
        """End the parent."""
        self._parent.communicate("")


def prepare(folder: Path) -> Path:
    write_drive(
        folder / "drive", seconds=40, potholes_m=[*POTHOLES_M, 150, 180, 200, 233, 260, 290]
    )
    write_model(folder / "tiny")
    (folder / "token").write_text(TOKEN)
    return folder


def test_a_truck_killed_again_and_again_brings_every_sighting_once(tmp_path: Path) -> None:
    folder = prepare(tmp_path)
    depot = Depot()
    with loopback_city() as calm:
        calm.streets = STREETS
        expected = run(command(folder, "calm.db", calm.url))
    with loopback_city() as city:
        city.streets = STREETS
        arguments = command(folder, "spool.db", city.url)
        dice = random.Random(3)
        stages = []
        for _ in range(KILLS):
            city.cuts = dice.choice([0, 1])
            wait = partial(wait_for_work, folder / "spool.db-wal", city, dice)
            if not depot.drive(arguments[3:], wait=wait):
                break
            stages.append((seen_in(folder / "spool.db"), len(city.sightings), len(city.pictures)))
        summary = run(arguments)
        compare(city, calm)
    depot.close()
    assert len(stages) >= 5
    assert len(set(stages)) >= 4  # the kills hit different moments
    counts = ("frames_seen", "frames_assessed", "frames_dropped", "sightings", "pictures")
    assert [summary[name] for name in counts] == [expected[name] for name in counts]
    assert (summary["waiting"], summary["parked"]) == (0, 0)


def wait_for_work(journal: Path, city: LoopbackCity, dice: random.Random, child: int) -> None:
    """Wait until the program has kept or sent something, then a little longer."""
    wanted = dice.randint(3, 20)
    asked = len(city.requests)
    stamps: set[int] = set()
    until_s = time.monotonic() + 20
    while time.monotonic() < until_s and len(stamps) < wanted and len(city.requests) == asked:
        if Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return
        if journal.exists():
            stamps.add(journal.stat().st_mtime_ns)
        time.sleep(0.001)
    time.sleep(dice.uniform(0, 0.03))


def seen_in(path: Path) -> int:
    """Count what lies in the spool while nobody uses it."""
    if not path.exists():
        return 0
    spool = Spool(path, limit_bytes=ROOMY_BYTES)
    content = spool.content()
    spool.close()
    return content.waiting


def compare(city: LoopbackCity, calm: LoopbackCity) -> None:
    """Expect the disturbed city to have exactly what the calm one has."""
    assert city.sightings == calm.sightings
    assert city.pictures == calm.pictures
    assert city.announced() == set(city.pictures)
    assert city.other_bodies == 0
    batched = [one["sighting_id"] for body in city.batches.values() for one in ids_in(body)]
    assert sorted(batched) == sorted(city.sightings)  # no sighting in two accepted batches
    (heartbeat,) = city.heartbeats.values()
    assert heartbeat.frames_seen == 80
    (sums,), (expected,) = city.coverage.values(), calm.coverage.values()
    assert sums.segments == expected.segments  # to the decimetre, whenever it was killed
    assert sums.coverage_id != expected.coverage_id  # random: nobody can tell the drive from it


def ids_in(body: bytes) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(body)["sightings"]
    return found
