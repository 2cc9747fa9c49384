"""Who may decide, and who notices when a forecast has gone bad."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import psycopg
import pytest

from irrigation.night import verify
from irrigation.night.local_gate import Record, decide
from irrigation.night.verify import Skill

GOOD = Skill(
    horizon_d=7,
    n=500,
    trees=30,
    method="balance",
    rmse=0.10,
    rmse_balance=0.10,
    rmse_model=0.12,
    rmse_persistence=0.15,
    rmse_climatology=0.14,
    best_baseline="climatology",
    skill=0.28,
    interval_coverage=0.81,
    verified_until=date(2026, 7, 13),
)
BETTER = {"learned": 0.08, "balance": 0.10, "persistence": 0.15, "climatology": 0.14}


@pytest.mark.parametrize(
    ("sites", "days", "errors", "chosen"),
    [
        (25, 130, BETTER, "learned"),
        (19, 130, BETTER, "balance"),
        (25, 119, BETTER, "balance"),
        (25, 130, BETTER | {"persistence": 0.07}, "balance"),
        (25, 130, BETTER | {"balance": 0.08}, "balance"),
    ],
    ids=["earned", "too few trees", "no season", "persistence is better", "a tie"],
)
def test_the_model_decides_only_where_sensors_of_this_city_have_proved_it(
    sites: int, days: int, errors: dict[str, float], chosen: str
) -> None:
    gate = decide([Record(7, sites, days, errors)])
    assert gate.choice[7] == chosen
    assert gate.choice[1] == "balance", "each horizon for itself"


def test_a_forecast_within_its_bands_raises_no_alarm() -> None:
    assert verify.drifts([GOOD]) == []


@pytest.mark.parametrize(
    ("figure", "measure"),
    [
        (replace(GOOD, interval_coverage=0.55), "coverage"),
        (replace(GOOD, interval_coverage=0.97), "coverage"),
        (replace(GOOD, skill=-0.3), "skill"),
    ],
    ids=["too sure", "too unsure", "worse than the season"],
)
def test_a_figure_outside_its_band_raises_an_alarm(figure: Skill, measure: str) -> None:
    [alarm] = verify.drifts([figure])
    assert alarm.measure == measure
    assert not alarm.low <= alarm.value <= alarm.high


def test_few_checks_say_nothing_about_a_drift() -> None:
    assert verify.drifts([replace(GOOD, n=99, interval_coverage=0.1)]) == []


def test_an_alarm_stands_in_the_database_and_in_the_log_once_a_day(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO forecast_checks (for_day, run_id, tree_id, horizon_d, truth, q10, q50, "
            "q90, method, balance, persistence, climatology) "
            "SELECT '2026-07-10', 1, tree, 1, 0.9, 0.1, 0.2, 0.3, 'balance', 0.2, 0.8, 0.7 "
            "FROM generate_series(1, 120) AS tree"
        )
    first, second = (verify.run(database_url, until=date(2026, 7, 14)) for _ in range(2))
    assert (first.alarms, second.alarms) == (2, 0)
    with psycopg.connect(database_url) as connection:
        alarms = connection.execute("SELECT measure FROM watering_alarms ORDER BY 1").fetchall()
        logged = connection.execute(
            "SELECT count(*) FROM audit_outbox WHERE kind = 'forecast.drift'"
        ).fetchone()
    assert alarms == [("coverage",), ("skill",)]
    assert logged == (2,)
