"""The small city with trees, a night run and two watering vehicles, dry as a test wants it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg

from gis.postgis.load_city import load_city
from tests.serving import CityServer
from tests.small_city import MIDDLE, TOML, write_small_city

DAY = date(2026, 7, 14)
DEPOT = "{ longitude_deg = 11.9651, latitude_deg = 51.48 }"
WATERING = f"""
[[watering.vehicles]]
vehicle_id = "klein"
name = "Gießwagen"
tank_l = 1400
depot = {DEPOT}

[[watering.vehicles]]
vehicle_id = "gross"
name = "Tankwagen"
tank_l = 12000
depot = {DEPOT}

[[watering.refill_points]]
refill_id = "ring"
name = "Hydrant Ring"
at = {{ longitude_deg = 11.965, latitude_deg = 51.483 }}
"""


def plant(url: str, folder: Path, dryness: Sequence[float], *, watering: str = WATERING) -> None:
    """Load the city and give it one tree per value of relative extractable water."""
    write_small_city(folder)
    (folder / "city.toml").write_text(TOML + watering, encoding="utf-8")
    load_city(url, folder)
    with psycopg.connect(url) as connection:
        connection.execute(
            "SELECT make_forecast_partitions(%s)",
            [DAY],
        )
        row = connection.execute(
            """
            INSERT INTO night_runs (for_day, seconds, trees, states, methods, weather, thresholds,
                past_days, past_rain_mm, past_et0_mm, ahead_rain_mm, ahead_et0_mm, digest,
                simulated)
            VALUES (%s, 0, %s, %s, '{"balance": 1}', '{}',
                '{"act_below": 0.4, "urgent_below": 0.3}', '{}', '{}', '{}', '{}', '{}',
                repeat('a', 64), true)
            RETURNING run_id
            """,
            [DAY, len(dryness), len(dryness)],
        ).fetchone()
        assert row is not None
        for number, rew in enumerate(dryness):
            _plant_one(connection, row[0], number, rew)


def _plant_one(connection: psycopg.Connection, run_id: int, number: int, rew: float) -> None:
    """One young lime east of the middle, along the street, and how dry it is."""
    tree = connection.execute(
        """
        INSERT INTO trees (tree_key, number, status, genus, species, species_german, planted_year,
            girth_cm, crown_m, street, area, district_id, geom, source, first_seen_on, last_seen_on)
        VALUES (%(key)s, %(key)s, 'standing', 'Tilia', 'Tilia cordata', 'Winterlinde', 2024, 25, 3,
            'Oststraße', 'Ost', %(district)s,
            ST_SetSRID(ST_MakePoint(%(lon)s, 51.48005), 4326), 'test', %(day)s, %(day)s)
        RETURNING tree_id
        """,
        {
            "key": f"B{number:03d}",
            "district": "west" if number % 4 == 3 else "ost",
            "lon": MIDDLE + (-1 if number % 4 == 3 else 1) * 0.0005 * (number + 1),
            "day": DAY,
        },
    ).fetchone()
    assert tree is not None
    values: dict[str, Any] = {
        "tree_id": tree[0],
        "day": DAY,
        "run_id": run_id,
        "state": number,
        "q10": [max(0.0, rew - 0.1)] * 15,
        "q50": [rew] * 15,
        "q90": [min(1.0, rew + 0.1)] * 15,
        "dry": DAY if rew < 0.4 else None,
        "urgency": "urgent" if rew < 0.3 else "act" if rew < 0.4 else "good",
    }
    connection.execute(
        """
        INSERT INTO tree_inputs (tree_id, site_age_years, age_source, pit_m2, pit_is_default, soil,
            soil_is_default, capacity_mm, catchment_m2, interception_share, demand_factor,
            easy_share)
        VALUES (%(tree_id)s, 2, 'register', 6, false, 'substrate', true, 60, 6, 0.1, 0.85, 0.5)
        """,
        values,
    )
    connection.execute(
        """
        INSERT INTO forecasts (for_day, run_id, state_id, method, urgency, capacity_mm, pit_m2,
            catchment_m2, interception_share, demand_factor, easy_share, depletion_mm, past,
            balance, model_q50, q10, q50, q90, dry_earliest, dry_likely, dry_latest)
        VALUES (%(day)s, %(run_id)s, %(state)s, 'balance', %(urgency)s, 60, 6, 6, 0.1, 0.85, 0.5,
            30,
            '{}', %(q50)s, %(q50)s, %(q10)s, %(q50)s, %(q90)s, %(dry)s, %(dry)s, %(dry)s)
        """,
        values,
    )
    connection.execute(
        """
        INSERT INTO forecast_trees (for_day, run_id, tree_id, state_id, litres)
        VALUES (%(day)s, %(run_id)s, %(tree_id)s, %(state)s, 90)
        """,
        values,
    )


def ask_plan(parks: httpx.Client, **wanted: Any) -> dict[str, Any]:
    """Have a plan drafted for the day of the test."""
    parks.timeout = httpx.Timeout(120)  # a busy machine is no failure
    answer = parks.post("/plans", json={"for_day": DAY.isoformat()} | wanted)
    assert answer.status_code == 201, answer.text
    plan: dict[str, Any] = answer.json()
    return plan


def approve(parks: httpx.Client, plan: dict[str, Any]) -> dict[str, Any]:
    """Approve a plan as it was seen."""
    given = {"seen_version": plan["version"], "seconds_spent": 12}
    answer = parks.post(f"/plans/{plan['plan_id']}/approval", json=given)
    assert answer.status_code == 201, answer.text
    approved: dict[str, Any] = answer.json()
    return approved


def tours_of(parks: httpx.Client, plan_id: str) -> dict[str, Any]:
    """Wait until the tours are ready or have failed."""
    deadline = time.monotonic() + 240
    while (shown := parks.get(f"/plans/{plan_id}/tours").json())["state"] == "computing":
        if time.monotonic() > deadline:
            raise TimeoutError("no tours within 240 s")
        time.sleep(0.1)
    found: dict[str, Any] = shown
    return found


def drive(parks: httpx.Client, **wanted: Any) -> dict[str, Any]:
    """Draft, approve and compute; return the tours."""
    plan = approve(parks, ask_plan(parks, **wanted))
    asked = parks.post(f"/plans/{plan['plan_id']}/tours")
    assert asked.status_code == 202, asked.text
    return tours_of(parks, plan["plan_id"])


def events(city: CityServer) -> list[str]:
    """Kinds of the audit events so far, without the city's loading."""
    rows = city.rows("SELECT kind FROM audit_outbox ORDER BY event_id")
    return [kind for (kind,) in rows if kind != "city.loaded"]


def next_day() -> str:
    """The day after the test's day."""
    return (DAY + timedelta(days=1)).isoformat()
