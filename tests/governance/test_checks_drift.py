"""Rule 12 tells change from chance, and too few from unchanged."""

from __future__ import annotations

import pytest

from governance.check_result import Status
from governance.drift import TOLERATED, Drift, Period, difference, overall, shifts
from tests.governance.conftest import Connection, checked, faults

STORE = """
WITH born AS (
    INSERT INTO sighting (
        sighting_id, batch_id, seen_at, received_at, longitude_deg, latitude_deg, position_error_m,
        damage_class, confidence, frames, model_sha256, simulated
    )
    SELECT gen_random_uuid(), gen_random_uuid(), at, at, 11.96, 51.48, 1, %(kind)s, %(score)s, 3,
        %(model)s, true
    FROM generate_series(1, %(n)s), (SELECT now() - make_interval(days => %(days)s) AS at) AS moment
    RETURNING *
), damaged AS (
    INSERT INTO damage (
        damage_class, anchor_sighting_id, x_m, y_m, cell, longitude_deg, latitude_deg,
        position_error_m, first_seen_at, last_seen_at, confidence, model_sha256, made_at, simulated
    )
    SELECT damage_class, sighting_id, 0, 0, 0, longitude_deg, latitude_deg, 1, seen_at, seen_at,
        confidence, model_sha256, seen_at, true
    FROM born
    RETURNING damage_id, anchor_sighting_id
)
SELECT damage_id, anchor_sighting_id FROM damaged
"""
MERGE = """
UPDATE sighting SET state = 'merged', damage_id = damage.damage_id
FROM damage WHERE anchor_sighting_id = sighting_id AND sighting.damage_id IS NULL
"""


def model_of(city: Connection) -> str:
    """Return the approved detector."""
    row = city.execute("SELECT model_sha256 FROM model_active WHERE system = 'detector'").fetchone()
    assert row is not None
    return str(row[0])


def report(city: Connection, kind: str, *, n: int, days: int, score: float = 0.6) -> None:
    """Let the approved detector report `n` damages some days ago."""
    values = {"kind": kind, "n": n, "days": days, "score": score, "model": model_of(city)}
    city.execute(STORE, values)
    city.execute(MERGE)


def judge(city: Connection, verdict: str, *, n: int, days: int) -> None:
    """Let a person say the same of `n` damages that nobody has judged."""
    city.execute(
        "INSERT INTO verdict (damage_id, verdict, reason, decided_by, decided_at) "
        "SELECT damage_id, %s, 'seen on the picture', 'token', now() - make_interval(days => %s) "
        "FROM damage WHERE current_verdict_id IS NULL ORDER BY damage_id LIMIT %s",
        [verdict, days, n],
    )


def two_usual_months(city: Connection) -> None:
    """Report and judge the same mix in both periods, enough of it to tell."""
    for days in (45, 5):
        report(city, "D40", n=500, days=days)
        report(city, "D00", n=300, days=days, score=0.3)
        judge(city, "confirmed", n=500, days=days)
        judge(city, "not a damage", n=100, days=days)


def test_a_detector_that_reports_other_classes_than_a_month_ago_fails_rule_12(
    approved: Connection,
) -> None:
    two_usual_months(approved)
    assert checked(approved, "drift-watched").status is Status.PASS
    report(approved, "D20", n=300, days=3)
    result = checked(approved, "drift-watched")
    assert result.status is Status.FAIL
    assert "5 of 9 shares differ from the 30 days before" in faults(result)[0]
    assert result.evidence[0].link == f"/models/{model_of(approved)}#field"


def test_people_who_dismiss_more_than_a_month_ago_fail_rule_12_until_they_take_it_back(
    approved: Connection,
) -> None:
    two_usual_months(approved)
    judge(approved, "not a damage", n=200, days=2)
    assert "1 of 9 shares" in faults(checked(approved, "drift-watched"))[0]
    approved.execute(
        "INSERT INTO verdict "
        "(damage_id, verdict, decided_by, previous_verdict_id, undoes_verdict_id) "
        "SELECT damage_id, 'undone', 'token', verdict_id, verdict_id FROM verdict "
        "WHERE verdict = 'not a damage' AND decided_at > now() - interval '3 days'"
    )
    assert checked(approved, "drift-watched").status is Status.PASS


def test_a_city_with_few_damages_is_unknown_never_unchanged(approved: Connection) -> None:
    assert checked(approved, "drift-watched").status is Status.UNKNOWN
    report(approved, "D40", n=40, days=45)
    report(approved, "D40", n=40, days=5)
    result = checked(approved, "drift-watched")
    assert result.status is Status.UNKNOWN
    assert "too few cases" in result.evidence[0].en


def test_a_street_driven_every_day_counts_each_damage_once(approved: Connection) -> None:
    two_usual_months(approved)
    approved.execute(
        "INSERT INTO sighting (sighting_id, batch_id, seen_at, longitude_deg, latitude_deg, "
        "position_error_m, damage_class, confidence, frames, model_sha256, simulated, state, "
        "damage_id) "
        "SELECT gen_random_uuid(), batch_id, now(), longitude_deg, latitude_deg, 1, damage_class, "
        "confidence, 3, model_sha256, true, 'merged', damage_id "
        "FROM sighting, generate_series(1, 3) "
        "WHERE damage_class = 'D00' AND received_at > now() - interval '10 days'"
    )
    assert checked(approved, "drift-watched").status is Status.PASS


def test_where_no_detector_is_approved_there_is_none_to_drift(ready: Connection) -> None:
    assert checked(ready, "drift-watched").status is Status.PASS


def month(potholes: int, cracks: int, *, dismissed: int = 50, judged: int = 500) -> Period:
    """Describe 30 days."""
    total = potholes + cracks
    classes = {"D40": potholes, "D00": cracks}
    return Period(total, classes, {"2": total}, judged - dismissed, dismissed, 0)


def test_the_interval_of_two_shares_is_newcombes() -> None:
    low, high = difference((56, 70), (48, 80), z=1.959964)  # his table II, example a, method 10
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


def test_a_shift_under_ten_points_is_no_change_however_many_cases_prove_it() -> None:
    found = shifts(month(54_000, 46_000), month(50_000, 50_000))
    pothole = next(one for one in found if one.name == "D40")
    assert pothole.low is not None
    assert 0 < pothole.low < TOLERATED
    assert pothole.drift is Drift.SAME


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (month(500, 500), month(500, 500), Drift.SAME),
        (month(700, 300), month(500, 500), Drift.CHANGED),
        (month(7, 3), month(5, 5), Drift.TOO_FEW),
        (month(0, 0), month(500, 500), Drift.TOO_FEW),
        (month(500, 500, judged=0, dismissed=0), month(500, 500), Drift.TOO_FEW),
        (month(500, 500, dismissed=250), month(500, 500), Drift.CHANGED),
    ],
)
def test_two_months_are_changed_the_same_or_too_few(
    now: Period, before: Period, said: Drift
) -> None:
    assert overall(shifts(now, before)) is said
