"""Weather and sensors for a city that is simulated, so that a demo has something at six o'clock.

Refuses a real city: invented figures never stand beside measured ones.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import numpy as np
import psycopg

from gis.postgis.queries import query
from irrigation.balance.water_balance import Plots, run
from irrigation.database import connected
from irrigation.errors import WeatherError
from irrigation.feeds import intake, weather_store
from irrigation.feeds.intake import Watering
from irrigation.feeds.reading import Reading, tension_of_rew
from irrigation.feeds.sky import PAST_DAYS, compose
from irrigation.night import night_read, nightly, verify
from irrigation.night.nightly import Ran
from irrigation.simulated import simulated_sky

READ_AT = time(4, 30)  # before the night run
WATERED = 40  # trees that an invented crew has watered


def fill(url: str, *, until: date, days: int = PAST_DAYS + 15) -> dict[str, int]:
    """Write the simulated weather up to yesterday, each morning's forecast, and the readings."""
    with connected(url) as connection:
        _require_simulated(connection)
        first_day = _anchor(connection, until)
        start = min(until - timedelta(days=days), first_day)
        past = [start + timedelta(days=n) for n in range((until - start).days)]
        rows = [simulated_sky.observed(day, anchor=first_day) for day in past]
        for issued in [*past[-15:], until]:
            rows += simulated_sky.forecast(issued, anchor=first_day)
        stored = weather_store.store(connection, rows, source="simulated")
        at = datetime.combine(until, time(5), UTC)
        watered = intake.store_waterings(
            connection, _waterings(connection, first_day), source="simulated", received_at=at
        )
        readings = _readings(connection, first_day, until=until)
        done = intake.store_readings(
            connection,
            readings,
            source="simulated",
            received_at=datetime.combine(until, time(5), UTC),
        )
        return {"weather_days": stored, "readings": done.stored, "waterings": watered.stored}


def mornings(url: str, *, until: date) -> list[Ran]:
    """Fill, then run the nights of a week ago, of yesterday and of today, and check the first."""
    fill(url, until=until)
    done = []
    for back in (7, 3, 1, 0):
        day = until - timedelta(days=back)
        done.append(nightly.run(url, for_day=day, now=datetime.combine(day, time(6), UTC)))
    verify.run(url, until=until)
    return done


def _waterings(connection: psycopg.Connection, anchor: date) -> list[Watering]:
    """What an invented crew gave in the days before the city was set up: the same at each fill."""
    trees = night_read.trees(connection)
    random = np.random.default_rng(16)
    found = []
    for place in random.permutation(len(trees))[:WATERED].tolist():
        day = anchor - timedelta(days=int(random.integers(3, 12)))
        number = uuid5(NAMESPACE_URL, f"simulated/{trees.tree_id[place]}/{day}")
        at = datetime.combine(day, time(9), UTC)
        found.append(Watering(number, int(trees.tree_id[place]), at, 80.0, "crew"))
    return found


def _require_simulated(connection: psycopg.Connection) -> None:
    row = connection.execute(query("city_is_simulated")).fetchone()
    if row is None or not row[0]:
        raise WeatherError(
            "this city is real: simulated weather is only for a city whose city.toml says "
            "simulated = true. Use: stadtwart irrigation fetch"
        )


def _anchor(connection: psycopg.Connection, until: date) -> date:
    """The day this city was first filled; later fills go on with the same weather."""
    row = connection.execute(query("weather_anchor")).fetchone()
    return until if row is None or row[0] is None else row[0]


def _readings(connection: psycopg.Connection, anchor: date, *, until: date) -> list[Reading]:
    """What each sensor would have said in the mornings: a true soil that nobody else knows."""
    trees = night_read.trees(connection)
    sensors = connection.execute(query("sensor_list")).fetchall()
    at = trees.places([row[1] for row in sensors])
    known = [(row, place) for row, place in zip(sensors, at, strict=True) if place >= 0]
    if not known:
        return []
    place = np.array([place for _, place in known])
    sky = compose(
        [
            simulated_sky.observed(until - timedelta(days=n), anchor=anchor)
            for n in range(1, PAST_DAYS + 1)
        ],
        for_day=until,
        now=datetime.combine(until, time(5), UTC),
        fresh_h=36,
        rule_h=48,
    )
    truth = _truth(trees.plots, place, [row[0] for row, _ in known])
    given = night_read.given(connection, trees, sky)
    litres = np.zeros((sky.past, len(place)), np.float32)
    where = {int(one): column for column, one in enumerate(place)}
    for tree, day, amount in zip(given.tree, given.day, given.litres, strict=True):
        if int(tree) in where:
            litres[day, where[int(tree)]] += amount
    account = run(
        truth,
        depletion_mm=truth.capacity_mm * np.float32(0.3),
        rain_mm=sky.behind(sky.rain_mm),
        et0_mm=sky.behind(sky.et0_mm),
        litres=litres,
    )
    rew = account.extractable(truth.capacity_mm)
    found = []
    for back in range(1, 16):
        morning = datetime.combine(until - timedelta(days=back - 1), READ_AT, UTC)
        for column, (row, _) in enumerate(known):
            random = np.random.default_rng([morning.toordinal(), column, 13])
            value = float(np.clip(rew[-back, column] + random.normal(0, 0.03), 0.17, 1))
            tension = round(tension_of_rew(value), 1)
            found.append(Reading(row[0], morning, float(row[2]), tension_kpa=tension))
    return found


def _truth(plots: Plots, place: np.ndarray[Any, Any], names: list[str]) -> Plots:
    """The sensors' own soils: up to a third more or less storage, a fifth more or less thirst."""
    random = [np.random.default_rng([*name.encode(), 14]) for name in names]
    storage = np.array([one.uniform(0.7, 1.3) for one in random], np.float32)
    thirst = np.array([one.uniform(0.8, 1.2) for one in random], np.float32)
    return Plots(
        capacity_mm=plots.capacity_mm[place] * storage,
        pit_m2=plots.pit_m2[place],
        catchment_m2=plots.catchment_m2[place],
        interception_share=plots.interception_share[place],
        demand_factor=plots.demand_factor[place] * thirst,
        easy_share=plots.easy_share[place],
    )
