"""The workload: frames of a drive, an upload, merging, a night of watering, people at desks."""

from __future__ import annotations

import asyncio
import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import uuid4

import cv2
import msgspec
import psycopg

from api.bench import machine
from api.bench.city_hall import Hall, running
from api.demo import SAMPLE_CITY
from contracts.batch import Batch
from contracts.sighting import Sighting
from governance.energy import EnergyMeter, Reading
from vision.runtime.model_file import load, newest_release

SCALE = {"frames": 186, "batches": 100, "trees": 20_000, "requests": 300}
SMALL = {"frames": 4, "batches": 2, "trees": 600, "requests": 10}
BATCH, TRUCKS, USERS = 100, 4, 5
MERGE_TIMEOUT_S = 600
Step = dict[str, Any]


def run(*, stated_w: float | None, scale: dict[str, int] = SCALE) -> dict[str, Any]:
    """Do everything once, step after step, and return what `bench run` writes."""
    about = machine.facts()
    steps = {"detector": measured(lambda: detector(scale["frames"]), stated_w)}
    with (
        tempfile.TemporaryDirectory(prefix="sw-") as name,
        running(Path(name), trees=scale["trees"]) as hall,
    ):
        steps["ingest"] = measured(lambda: ingest(hall, scale["batches"]), stated_w)
        steps["merge"] = measured(lambda: merge(hall), stated_w)
        steps["watering"] = measured(lambda: watering(hall), stated_w)
        steps["users"] = measured(lambda: users(hall, scale["requests"]), stated_w)
        server_mb = machine.peak_memory_mb(hall.pid)
    own = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return {
        "version": 1,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "software": version("stadtwart"),
        "scale": scale,
        "machine": about,
        "steps": steps,
        "peak_memory_mb": {"server": server_mb, "largest_process": round(own / 1024, 1)},
    }


def measured(work: Callable[[], Step], stated_w: float | None) -> Step:
    """Time one step and its energy."""
    with EnergyMeter(stated_w=stated_w) as meter:
        found = work()
    return found | {"seconds": round(meter.reading.seconds, 3), "energy": _energy(meter.reading)}


def _energy(reading: Reading) -> dict[str, Any]:
    return {"wh": None if reading.wh is None else round(reading.wh, 5), "method": reading.method}


def detector(frames: int) -> Step:
    """Detect on the sample drive's frames, decoding included; two threads as on the truck."""
    paths = sorted((SAMPLE_CITY / "drive/frames").glob("*.jpg"))
    model = load(newest_release(), threads=2)
    waits_s = []
    for number in range(frames + 3):
        began = time.perf_counter()
        picture = cv2.imread(str(paths[number % len(paths)]))
        if picture is None:
            raise RuntimeError(f"{paths[number % len(paths)]} cannot be read")
        model.detector.detect(picture)  # type: ignore[arg-type]  # cv2 knows no shapes
        waits_s.append(time.perf_counter() - began)
    kept = waits_s[3:]  # three to warm up
    return {
        "n": frames,
        "per_s": round(frames / sum(kept), 2),
        "p95_ms": p95_ms(kept),
        "model_sha256": model.card.sha256,
    }


def ingest(hall: Hall, batches: int) -> Step:
    """Upload batches of a hundred sightings over four connections, as trucks at a depot do."""
    bodies = [msgspec.json.encode(one) for one in _batches(hall, batches)]
    waits_s = asyncio.run(_many(hall, "vehicle", TRUCKS, [_upload(body) for body in bodies]))
    return {
        "n": batches * BATCH,
        "per_s": _rate(batches * BATCH, waits_s, TRUCKS),
        "p95_ms": p95_ms(waits_s),
    }


def merge(hall: Hall) -> Step:
    """Wait until every sighting is merged; what merged during the upload counts as well."""
    began = time.perf_counter()
    statement = "SELECT count(*), count(*) FILTER (WHERE state = 'new') FROM sighting"
    with psycopg.connect(hall.database_url, autocommit=True) as connection:
        while True:
            row = connection.execute(statement).fetchone() or (0, 0)
            if row[1] == 0:
                break
            if time.perf_counter() - began > MERGE_TIMEOUT_S:
                raise TimeoutError(f"{row[1]} sightings not merged within {MERGE_TIMEOUT_S} s")
            time.sleep(0.02)
        spent = connection.execute(
            "SELECT extract(epoch FROM max(recorded_at) - (SELECT min(received_at) FROM sighting))"
            " FROM audit_outbox WHERE kind = 'merge.run'"
        ).fetchone()
    whole_s = float(spent[0]) if spent and spent[0] else time.perf_counter() - began
    return {
        "n": row[0],
        "per_s": round(row[0] / max(whole_s, 1e-6), 1),
        "from_first_upload_s": round(whole_s, 2),
    }


def watering(hall: Hall) -> Step:
    """Load the register, simulate weather, compute one night; the rate is that of the night."""
    environ = os.environ | {"DATABASE_URL": hall.database_url}
    for arguments in (["load", str(hall.city)], ["simulate"]):
        _irrigation(arguments, environ)
    began = time.perf_counter()
    told = msgspec.json.decode(_irrigation(["night", "--json"], environ))
    wall_s = time.perf_counter() - began
    return {
        "n": told["trees"],
        "states": told["states"],
        "night_s": round(wall_s, 3),
        "per_s": round(told["trees"] / wall_s, 1),
    }


def _irrigation(arguments: list[str], environ: dict[str, str]) -> bytes:
    command = [sys.executable, "-m", "irrigation", *arguments]
    done = subprocess.run(command, env=environ, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode(errors="replace")[-400:]
        raise RuntimeError(f"stadtwart irrigation {arguments[0]} failed: {said}")
    return done.stdout


def users(hall: Hall, requests: int) -> Step:
    """Let five people page the list and move the map, all at once."""
    chance = random.Random(5)  # noqa: S311 a workload, no secret
    calls = []
    for _ in range(requests):
        if chance.random() < 0.5:
            calls.append(_read(f"/damages?limit=100&offset={chance.randrange(0, 500, 100)}"))
        else:
            zoom = chance.choice([13, 14, 15, 16])
            calls.append(_read(f"/tiles/damages/{_tile(hall, zoom, chance)}"))
    waits_s = asyncio.run(_many(hall, "road", USERS, calls))
    return {
        "n": requests,
        "per_s": _rate(requests, waits_s, USERS),
        "p95_ms": p95_ms(waits_s),
        "at_once": USERS,
    }


Call = Callable[[Any], Any]


def _upload(body: bytes) -> Call:
    headers = {"Content-Type": "application/json"}
    return lambda client: client.post("/batches", content=body, headers=headers)


def _read(address: str) -> Call:
    return lambda client: client.get(address)


async def _many(hall: Hall, role: str, at_once: int, calls: list[Call]) -> list[float]:
    """Make all calls over some connections; return each wait in seconds."""
    waiting, waits_s = iter(calls), []

    async def one() -> None:
        async with hall.client(role) as client:
            for call in waiting:
                began = time.perf_counter()
                (await call(client)).raise_for_status()
                waits_s.append(time.perf_counter() - began)

    await asyncio.gather(*(one() for _ in range(at_once)))
    return waits_s


def _batches(hall: Hall, number: int) -> list[Batch]:
    west, south, east, north = _bounds(hall)
    chance, now = random.Random(3), datetime.now(UTC)  # noqa: S311 a workload, no secret
    model = load(newest_release(), threads=1).card.sha256

    def sighting() -> Sighting:
        return Sighting(
            sighting_id=uuid4(),
            seen_at=now,
            longitude_deg=chance.uniform(west, east),
            latitude_deg=chance.uniform(south, north),
            position_error_m=2.5,
            damage_class=chance.choice(["D00", "D10", "D20", "D40"]),
            confidence=round(chance.random(), 3),
            frames=3,
            model_sha256=model,
            simulated=True,
        )

    return [
        Batch(
            batch_id=uuid4(),
            device_id=f"bench-{one % TRUCKS}",
            sent_at=now,
            sightings=[sighting() for _ in range(BATCH)],
        )
        for one in range(number)
    ]


def _bounds(hall: Hall) -> tuple[float, float, float, float]:
    """Return the middle half of the city: nothing falls outside its districts' box."""
    statement = (
        "SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)"
        " FROM (SELECT ST_Extent(geom) AS box FROM district) AS whole"
    )
    with psycopg.connect(hall.database_url) as connection:
        row = connection.execute(statement).fetchone()
    if row is None or row[0] is None:
        raise RuntimeError("the city has no district")
    west, south, east, north = (float(edge) for edge in row)
    wide, high = (east - west) / 4, (north - south) / 4
    return west + wide, south + high, east - wide, north - high


def _tile(hall: Hall, zoom: int, chance: random.Random) -> str:
    west, south, east, north = _bounds_once(hall)
    longitude, latitude = chance.uniform(west, east), chance.uniform(south, north)
    column = int((longitude + 180) / 360 * 2**zoom)
    row = math.asinh(math.tan(math.radians(latitude)))
    return f"{zoom}/{column}/{int((1 - row / math.pi) / 2 * 2**zoom)}.mvt"


_KNOWN: dict[str, tuple[float, float, float, float]] = {}


def _bounds_once(hall: Hall) -> tuple[float, float, float, float]:
    if hall.database_url not in _KNOWN:
        _KNOWN[hall.database_url] = _bounds(hall)
    return _KNOWN[hall.database_url]


def _rate(pieces: int, waits_s: list[float], at_once: int) -> float:
    """Return pieces a second: the connections work side by side all the time."""
    return round(pieces / (sum(waits_s) / at_once), 1)


def p95_ms(waits_s: list[float]) -> float:
    """Return the wait that 95 of 100 stay below, in milliseconds."""
    ordered = sorted(waits_s)
    return round(1000 * ordered[min(len(ordered) - 1, math.ceil(0.95 * len(ordered)) - 1)], 2)
