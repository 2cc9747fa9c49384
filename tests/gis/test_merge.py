"""Merging beside others: eight at once on one street open no damage twice and lose no sighting."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection

from gis.best_place import SHARED_ERROR_M
from gis.matching import RADIUS_M
from gis.postgis.database import take_app_role
from gis.postgis.merge import MergeRun, merge_once
from gis.postgis.queries import query
from tests.messages import METRE_NORTH_DEG
from tests.small_city import CENTRE

WORKERS = 8
CROWD = 30
FILL = """
WITH new_batch AS (
    INSERT INTO batch VALUES (gen_random_uuid(), 'truck-1', 'x', 1, now()) RETURNING batch_id
)
INSERT INTO sighting (sighting_id, batch_id, seen_at, longitude_deg, latitude_deg,
    position_error_m, damage_class, confidence, frames, model_sha256, simulated)
SELECT gen_random_uuid(), batch_id, now(), %s, latitude_deg, 2, 'D40', 0.7, 1, 'm', true
FROM new_batch, unnest(%s::float8[]) AS latitude_deg
"""
ELLIPSES = ((8.0, 2.0, 0.0), (8.0, 2.0, 90.0))  # half axes and bearing of the major one
SET_ELLIPSE = b"""
UPDATE sighting SET error_major_m = %s, error_minor_m = %s, error_bearing_deg = %s
WHERE abs(latitude_deg - %s) < 1e-9
"""
PAIRS = """
SELECT count(*) FROM damage AS one JOIN damage AS other
ON one.damage_id < other.damage_id AND one.damage_class = other.damage_class
AND (one.x_m - other.x_m) ^ 2 + (one.y_m - other.y_m) ^ 2 <= %s ^ 2
"""


def fill(url: str, latitudes: list[float]) -> None:
    """Store potholes at some latitudes on the Ring."""
    with psycopg.connect(url) as connection:
        connection.execute(FILL, [CENTRE[0], latitudes])


async def drain(url: str, *, at_most: int) -> list[MergeRun]:
    """Merge as one worker until nothing is left."""
    runs: list[MergeRun] = []
    async with await AsyncConnection.connect(url, autocommit=True) as connection:
        await take_app_role(connection)
        while run := await merge_once(connection, at_most=at_most):
            runs.append(run)
    return runs


async def drain_together(url: str, *, workers: int, at_most: int) -> list[MergeRun]:
    """Merge as several workers side by side."""
    shares = await asyncio.gather(*(drain(url, at_most=at_most) for _ in range(workers)))
    return [run for share in shares for run in share]


def one(url: str, statement: str, values: list[Any] | None = None) -> Any:
    """Return the first column of the first row."""
    with psycopg.connect(url) as connection:
        row = connection.execute(statement.encode(), values).fetchone()
        return row[0] if row else None


def test_eight_mergers_on_one_street_open_no_damage_twice(city_url: str) -> None:
    draw = random.Random(7)
    fill(city_url, [CENTRE[1] + draw.uniform(0, 300) * METRE_NORTH_DEG for _ in range(1200)])
    runs = asyncio.run(drain_together(city_url, workers=WORKERS, at_most=20))
    assert sum(run.sightings for run in runs) == 1200
    assert len(runs) > WORKERS
    assert one(city_url, PAIRS, [RADIUS_M]) == 0
    assert one(city_url, "SELECT count(*) FROM sighting WHERE state <> 'merged'") == 0
    assert one(city_url, "SELECT sum(sightings) FROM damage") == 1200
    assert sum(run.opened for run in runs) == one(city_url, "SELECT count(*) FROM damage")
    assert one(city_url, "SELECT count(*) FROM audit_outbox WHERE kind = 'merge.run'") == len(runs)


def test_a_crowd_of_mergers_never_waits_in_a_circle(city_url: str) -> None:
    draw = random.Random(0)
    fill(city_url, [CENTRE[1] + draw.uniform(0, 100) * METRE_NORTH_DEG for _ in range(1200)])
    runs = asyncio.run(drain_together(city_url, workers=CROWD, at_most=5))
    assert sum(run.sightings for run in runs) == 1200
    assert one(city_url, PAIRS, [RADIUS_M]) == 0


def test_who_takes_a_sighting_holds_up_nobody_who_refers_to_it(city_url: str) -> None:
    fill(city_url, [CENTRE[1]])
    with psycopg.connect(city_url) as merger, psycopg.connect(city_url) as other:
        assert len(merger.execute(query("sighting_take"), {"at_most": 10}).fetchall()) == 1
        other.execute("SET LOCAL lock_timeout = '1s'")
        referred = other.execute("SELECT FROM sighting FOR KEY SHARE").fetchall()
        assert len(referred) == 1
        assert other.execute(query("sighting_take"), {"at_most": 10}).fetchall() == []


def test_nothing_is_merged_before_a_city_is_loaded(database_url: str) -> None:
    fill(database_url, [CENTRE[1]])
    assert asyncio.run(drain(database_url, at_most=10)) == []
    assert one(database_url, "SELECT state FROM sighting") == "new"


def test_the_anchor_stays_while_the_shown_place_gets_better(city_url: str) -> None:
    fill(city_url, [CENTRE[1]])
    asyncio.run(drain(city_url, at_most=10))
    before = one(city_url, "SELECT (x_m, y_m, cell)::text FROM damage")
    fill(city_url, [CENTRE[1] + 5 * METRE_NORTH_DEG])
    with psycopg.connect(city_url) as connection:
        connection.execute("UPDATE sighting SET position_error_m = 1 WHERE state = 'new'")
    asyncio.run(drain(city_url, at_most=10))
    assert one(city_url, "SELECT (x_m, y_m, cell)::text FROM damage") == before
    assert one(city_url, "SELECT latitude_deg FROM damage") > CENTRE[1]
    together_m = 1 / (1 / 1**2 + 1 / 2**2) ** 0.5  # four parts of five go to the sharper one
    stated_m = (together_m**2 + SHARED_ERROR_M**2 / 2) ** 0.5
    assert one(city_url, "SELECT position_error_m FROM damage") == pytest.approx(stated_m)
    moved_m = (one(city_url, "SELECT latitude_deg FROM damage") - CENTRE[1]) / METRE_NORTH_DEG
    assert moved_m == pytest.approx(4.0, abs=0.01)


def test_two_passes_put_a_damage_where_each_was_surest(city_url: str) -> None:
    fill(city_url, [CENTRE[1], CENTRE[1] + 2 * METRE_NORTH_DEG])
    north, east = ELLIPSES  # the first pass drove north and knows east well, the second east
    with psycopg.connect(city_url) as connection:
        connection.execute(SET_ELLIPSE, [*north, CENTRE[1]])
        connection.execute(SET_ELLIPSE, [*east, CENTRE[1] + 2 * METRE_NORTH_DEG])
    asyncio.run(drain(city_url, at_most=10))
    moved_m = (one(city_url, "SELECT latitude_deg FROM damage") - CENTRE[1]) / METRE_NORTH_DEG
    assert moved_m == pytest.approx(2 * 16 / 17, abs=0.05)
    axes = one(city_url, "SELECT error_major_m / error_minor_m FROM damage")
    assert axes == pytest.approx(1.0, abs=0.01)
