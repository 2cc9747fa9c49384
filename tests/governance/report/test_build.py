"""A report from readings alone: every figure has words, source and cases; absence is said."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, get_args

import pytest

from contracts.coverage import Cause
from governance.report.benefit import Baseline, Baselines
from governance.report.build import Context, Interval, build
from governance.report.machine import EnergyFacts
from governance.report.model import Report, body_of, read_report
from governance.report.readings import Readings
from governance.report.view import view
from governance.report.words import LANGUAGES, all_words

ALWAYS = {"volumes", "drives", "models", "decisions", "errors", "orders", "waits", "network"}
NOW = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
YEAR = Interval(date(2026, 1, 1), date(2026, 12, 31), "Europe/Berlin")
LOOKED_AT = {
    "mask_model_sha256": "a" * 64,
    "drawn": 50,
    "judged": 0,
    "not_readable": 0,
    "alarms": 3,
    "open": 1,
    "false_alarms": 1,
    "confirmed": 1,
}
NOTHING = EnergyFacts(None, None, None, 8760.0, None)


def context(energy: EnergyFacts = NOTHING, baselines: Baselines | None = None) -> Context:
    """A city without cards."""
    return Context(
        city="Kleinstadt",
        simulated=True,
        software="0",
        made_at=NOW,
        cards={},
        energy=energy,
        baselines=baselines or Baselines(),
    )


def report_of(found: dict[str, Any], made: Context | None = None) -> Report:
    """Build a report; what is not named is not in use."""
    base: dict[str, list[Any]] = {name: [] for name in (*ALWAYS, "events", "checkpoint")}
    return build(YEAR, Readings(base | dict(found)), made or context())


def test_a_city_without_anything_gets_a_report_without_a_claim() -> None:
    report = report_of({})
    for section in report.sections:
        for figure in section.figures:
            assert not figure.value, figure.key
            assert figure.source, figure.key


def test_a_part_that_does_not_run_is_not_in_use_rather_than_zero() -> None:
    without = report_of({}).figure("watering.litres")
    idle = report_of({"watering": [{"litres": 0.0}]}).figure("watering.litres")
    assert (without.value, without.standing) == (None, "not in use")
    assert (idle.value, idle.standing) == (0.0, "counted")


def test_every_text_of_a_full_report_exists_in_both_languages() -> None:
    report = report_of(
        {"watering": [{}], "review": [{}], "quick": [{}], "judging": [LOOKED_AT | {"judged": 40}]}
    )
    for language in LANGUAGES:
        shown = view(report, language)
        assert len(shown.parts) == len(report.sections)
        assert all(line.label for part in shown.parts for line in part.lines)
    for key, texts in all_words().items():
        assert set(texts) == {"de", "en"}, key
        assert all(texts.values()), key


def test_a_report_survives_its_own_bytes() -> None:
    report = report_of({"orders": [{"created": 3, "completed": 2, "cancelled": 0}]})
    assert read_report(body_of(report)) == report
    assert body_of(read_report(body_of(report))) == body_of(report)


def test_summer_time_does_not_move_the_edges_of_a_day() -> None:
    begins, ends = Interval(date(2026, 3, 29), date(2026, 3, 29), "Europe/Berlin").edges()
    assert (ends.astimezone(UTC) - begins.astimezone(UTC)).total_seconds() == 23 * 3600


def test_an_interval_that_ends_before_it_begins_is_none() -> None:
    with pytest.raises(ValueError, match="before"):
        Interval(date(2026, 2, 1), date(2026, 1, 1), "Europe/Berlin")


def looked(district_id: str, **metres: float) -> dict[str, Any]:
    """What report_coverage.sql says of a district."""
    same = {"unassessed_m": 500.0, "never_m": 1000.0, "median_days": 3.0, "oldest_days": 9.0}
    return {"district_id": district_id} | same | metres


def test_a_hardly_driven_district_is_unknown_even_with_some_metres() -> None:
    report = report_of(
        {
            "network": [
                {"district_id": "a", "district": "Altstadt", "network_m": 10_000.0},
                {"district_id": "b", "district": "Bergviertel", "network_m": 10_000.0},
                {"district_id": "c", "district": "Hafen", "network_m": 10_000.0},
            ],
            "coverage": [
                looked("a", covered_m=9_000.0, driven_m=11_000.0, damages=18),
                looked("b", covered_m=400.0, driven_m=1_000.0, damages=7),
            ],
            "coverage_causes": [{"cause": one, "driven_m": 50.0} for one in get_args(Cause)],
        }
    )
    looks = {row[0]: row[1:] for row in report.table("coverage.looks").rows}
    assert looks == {
        "Altstadt": [11.0, 0.5, 3.0, 1.0, 18, 2.0],
        "Bergviertel": [1.0, 0.5, 3.0, 1.0, 7, None],  # too little road for a rate
    }
    assert all(view(report, language) for language in LANGUAGES)
    rows = {row[0]: row[-1] for row in report.table("coverage.districts").rows}
    assert rows == {"Altstadt": "assessed", "Bergviertel": "unknown", "Hafen": "unknown"}


def test_no_benefit_is_claimed_without_a_baseline() -> None:
    waits = [
        {"district_id": "a", "district": "A", "days": [2.0] * 10, "waiting": 0, "oldest_days": None}
    ]
    silent = report_of({"waits": waits}).figure("benefit.days")
    assert (silent.value, silent.standing) == (None, "unknown")
    stated = Baselines(days_to_known=Baseline(1.0, 20.0, 60.0))
    claimed = report_of({"waits": waits}, context(baselines=stated)).figure("benefit.days")
    assert (claimed.value, claimed.low, claimed.high) == (18.0, -1.0, 58.0)
    assert claimed.standing == "estimated"


def test_hours_count_the_time_people_spent_against_the_benefit() -> None:
    decisions = [{"given": 100, "confirmed": 50, "timed": 50, "seconds": 1800}]
    stated = Baselines(minutes_per_damage=Baseline(0.0, 6.0, 12.0))
    hours = report_of({"decisions": decisions}, context(baselines=stated)).figure("benefit.hours")
    assert (hours.low, hours.value, hours.high) == (-1.0, 4.0, 9.0)


def test_energy_is_power_times_time_and_says_so() -> None:
    known = EnergyFacts(10.0, "energy.stated_power", 50.0, 1000.0, 400.0)
    report = report_of({"drives": [{"frames_assessed": 2000, "frames_seen": 2500}]}, context(known))
    assert report.figure("energy.frames").value == 0.02
    assert report.figure("energy.server").value == 50.0
    assert report.figure("energy.co2").value == pytest.approx(20.008)
    assert report.figure("energy.server").method == "energy.stated_power"
    assert report_of({}).figure("energy.server").standing == "unknown"


def test_a_city_that_looked_at_nothing_a_second_time_claims_no_miss_rate() -> None:
    unseen = LOOKED_AT | {"alarms": 0, "open": 0, "false_alarms": 0, "confirmed": 0}
    for rows in ([], [unseen]):
        rate = report_of({"judging": rows}).figure("masking.miss_rate")
        assert (rate.value, rate.standing) == (None, "unknown")


def test_an_alarm_nobody_answered_may_be_a_miss() -> None:
    rate = report_of({"judging": [LOOKED_AT | {"judged": 40}]}).figure("masking.miss_rate")
    assert (rate.value, rate.n) == (0.025, 40)
    # scipy.stats.binomtest(1, 40) and (2, 40), proportion_ci(method="wilson")
    assert (rate.low, rate.high) == pytest.approx((0.004427, 0.165039), abs=1e-5)
