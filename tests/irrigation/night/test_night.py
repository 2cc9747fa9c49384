"""The nightly run over Musterstadt: every tree has an answer, and every answer can be checked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import numpy as np
import psycopg
import pytest

from irrigation.database import connected
from irrigation.errors import NoTreesError, WeatherError
from irrigation.feeds.intake import Watering, store_waterings
from irrigation.night import archive, nightly, verify
from tests.irrigation.a_city import DAY, six, with_trees


def rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(statement.encode()).fetchall()


def test_every_standing_tree_gets_an_answer_with_an_interval_and_no_other_tree_does(
    city_with_weather: str,
) -> None:
    done = nightly.run(city_with_weather, for_day=DAY, now=six())
    told = rows(
        city_with_weather, "SELECT status, urgency, rew_q10, rew_q50, rew_q90 FROM tree_today"
    )
    standing = [row for row in told if row[0] == "standing"]
    assert len(standing) == done.trees == 574
    assert all(0 <= low <= middle <= high <= 1 for _, _, low, middle, high in standing)
    assert all(row[1] == "unknown" and row[3] is None for row in told if row[0] != "standing")
    assert {"good"} < {row[1] for row in standing}, "some are dry, some are not"


def test_without_a_season_of_local_sensors_the_balance_decides_and_the_run_says_so(
    city_with_weather: str,
) -> None:
    done = nightly.run(city_with_weather, for_day=DAY, now=six())
    assert done.methods == {"model": 0, "balance": 574, "rule": 0}
    [(model, simulated)] = rows(city_with_weather, "SELECT model, simulated FROM night_runs")
    assert set(model["gate"].values()) == {"balance"}
    assert "sensor" in model["why"]
    assert simulated


def test_the_log_holds_the_digest_of_what_the_archive_holds(city_with_weather: str) -> None:
    done = nightly.run(city_with_weather, for_day=DAY, now=six())
    with psycopg.connect(city_with_weather) as connection:
        assert archive.digest_of(connection, done.run_id) == done.digest
    [(body,)] = rows(
        city_with_weather,
        "SELECT convert_from(body, 'UTF8') FROM audit_outbox WHERE kind = 'night.run'",
    )
    assert done.digest in body


def test_a_forecast_cannot_be_changed_afterwards(city_with_weather: str) -> None:
    nightly.run(city_with_weather, for_day=DAY, now=six())
    with (
        psycopg.connect(city_with_weather) as connection,
        pytest.raises(psycopg.Error, match="append-only"),
    ):
        connection.execute("UPDATE forecasts SET urgency = 'good'")


def test_water_given_today_changes_the_balance_of_tomorrow_not_of_today(
    city_with_weather: str,
) -> None:
    nightly.run(city_with_weather, for_day=DAY, now=six())
    [(tree_id, before)] = rows(
        city_with_weather,
        "SELECT tree_id, rew_q50 FROM tree_today WHERE status = 'standing' "
        "ORDER BY rew_q50, tree_id LIMIT 1",
    )
    with connected(city_with_weather) as connection:
        given = Watering(uuid4(), tree_id, six(), 100.0, "crew")
        store_waterings(connection, [given], source="csv", received_at=six())
    nightly.run(city_with_weather, for_day=DAY, now=six())
    assert _rew(city_with_weather, tree_id) == before
    tomorrow = DAY + timedelta(days=1)
    nightly.run(city_with_weather, for_day=tomorrow, now=six(tomorrow))
    assert _rew(city_with_weather, tree_id) > before + 0.1


def _rew(url: str, tree_id: int) -> float:
    everyone = dict(rows(url, "SELECT tree_id, rew_q50 FROM tree_today"))
    return float(everyone[tree_id])


def test_a_feed_that_is_late_is_stale_and_after_two_days_the_rule_decides(
    city_with_weather: str,
) -> None:
    late, very_late = DAY + timedelta(days=1), DAY + timedelta(days=3)
    assert nightly.run(city_with_weather, for_day=late, now=six(late)).weather == "fresh"
    evening = six(late) + timedelta(hours=15)
    assert nightly.run(city_with_weather, for_day=late, now=evening).weather == "stale"
    done = nightly.run(city_with_weather, for_day=very_late, now=six(very_late))
    assert done.weather == "rule"
    assert done.methods == {"model": 0, "balance": 0, "rule": 574}
    assert set(done.urgency) == {"act", "unknown"}, "a rule never calls a tree good"
    litres = rows(
        city_with_weather,
        "SELECT urgency, count(litres_needed), count(*) FROM tree_today "
        "WHERE status = 'standing' GROUP BY urgency ORDER BY urgency",
    )
    assert litres == [
        ("act", done.urgency["act"], done.urgency["act"]),
        ("unknown", 0, done.urgency["unknown"]),
    ]


def test_forecasts_are_checked_when_the_sensors_have_spoken_and_only_once(
    city_with_weather: str,
) -> None:
    for back in (9, 8, 4, 2):
        day = DAY - timedelta(days=back)
        nightly.run(city_with_weather, for_day=day, now=six(day))
    done = verify.run(city_with_weather, until=DAY)
    assert done.checks > 100
    assert [one["horizon_d"] for one in done.skill] == [1, 3, 7]
    assert all(one["trees"] <= 30 and 0 <= one["interval_coverage"] <= 1 for one in done.skill)
    assert verify.run(city_with_weather, until=DAY).checks == 0
    assert np.isfinite([one["skill"] for one in done.skill]).all()


def test_a_run_without_trees_or_weather_names_the_command_that_is_missing(
    database_url: str,
) -> None:
    with pytest.raises(NoTreesError, match="irrigation load"):
        nightly.run(database_url, for_day=DAY, now=six())
    with_trees(database_url)
    with pytest.raises(WeatherError, match="irrigation"):
        nightly.run(database_url, for_day=DAY, now=six())
