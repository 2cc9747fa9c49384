"""Which trees a draft holds, in which order, and which are left out by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irrigation.plan.litres import LitresRule, Missing, TreeFacts, need
from irrigation.plan.schedule import (
    Candidate,
    DryBy,
    LeftOut,
    Thresholds,
    Urgency,
    draft,
    dry_by,
    estimated_hours,
)

DAY = date(2026, 7, 1)
LIMITS = Thresholds()
NEVER = DryBy(None, None, None)


def tree(number: str, rew: float | None, *, year: int | None = 2024, **more: Any) -> Candidate:
    """A tree of 25 cm girth whose pit misses a lot."""
    asked = need(TreeFacts(25, 4, year, Missing(300, 400, 500)), on=DAY, rule=LitresRule())
    by = DryBy(DAY, DAY, DAY) if rew is not None and rew < 0.4 else NEVER
    return replace(Candidate(number, "ost", rew, by, asked), **more)


def ids(found: Any) -> list[str]:
    return [one.tree.tree_id for one in found]


def test_dry_by_is_an_interval_from_the_three_curves() -> None:
    found = dry_by(DAY, q10=[0.5, 0.3], q50=[0.6, 0.5], q90=[0.9, 0.9], act_below=0.4)
    assert found == DryBy(DAY + timedelta(days=1), None, None)
    assert dry_by(DAY, q10=[], q50=[], q90=[], act_below=0.4) == NEVER


def test_the_driest_trees_come_first_and_moist_ones_not_at_all() -> None:
    trees = [tree("moist", 0.8), tree("dry", 0.35), tree("urgent", 0.1), tree("drier", 0.2)]
    proposed = draft(trees, for_day=DAY, thresholds=LIMITS)
    assert ids(proposed.stops) == ["urgent", "drier", "dry"]
    assert [stop.urgency for stop in proposed.stops][-1] is Urgency.ACT
    assert proposed.left_out == []
    assert "10 %" in proposed.stops[0].reason.de


def test_a_tree_that_turns_dry_by_the_day_is_planned_ahead() -> None:
    by = DryBy(DAY, DAY + timedelta(days=1), None)
    soon = [tree("soon", 0.45, dry_by=by)]
    assert ids(draft(soon, for_day=DAY + timedelta(days=1), thresholds=LIMITS).stops) == ["soon"]
    assert ids(draft(soon, for_day=DAY, thresholds=LIMITS).stops) == []


def test_an_established_tree_is_watered_only_when_urgent() -> None:
    trees = [tree("old dry", 0.35, year=1980), tree("old urgent", 0.25, year=1980)]
    assert ids(draft(trees, for_day=DAY, thresholds=LIMITS).stops) == ["old urgent"]


def test_without_a_forecast_young_trees_are_watered_by_rule() -> None:
    trees = [tree("young", None), tree("old", None, year=1980)]
    proposed = draft(trees, for_day=DAY, thresholds=LIMITS)
    assert ids(proposed.stops) == ["young"]
    assert proposed.stops[0].urgency is Urgency.UNKNOWN
    assert "by rule" in proposed.stops[0].reason.en


def test_who_is_left_out_is_named_with_the_reason() -> None:
    trees = [
        tree("a", 0.10),
        tree("dead", 0.05, awaits_inspection=True),
        tree("group", 0.05, is_group=True),
        tree("fresh", 0.35, last_watered_on=DAY - timedelta(days=1)),
        tree("late", 0.20),
    ]
    proposed = draft(trees, for_day=DAY, thresholds=LIMITS, budget_l=100)
    assert ids(proposed.stops) == ["a"]
    assert {one.tree.tree_id: one.why for one in proposed.left_out} == {
        "dead": LeftOut.INSPECTION,
        "group": LeftOut.GROUP,
        "fresh": LeftOut.WATERED,
        "late": LeftOut.LITRES,
    }
    assert all(one.reason.de and one.reason.en for one in proposed.left_out)
    by_hours = draft(trees[:1], for_day=DAY, thresholds=LIMITS, hours_h=0.1)
    assert [one.why for one in by_hours.left_out] == [LeftOut.HOURS]


def test_a_tree_the_crew_did_not_reach_comes_back_first() -> None:
    trees = [tree("a", 0.2), tree("z", 0.25, not_reached_on=DAY - timedelta(days=1))]
    proposed = draft(trees, for_day=DAY, thresholds=LIMITS)
    assert ids(proposed.stops) == ["z", "a"]
    assert "nicht erreicht" in proposed.stops[0].reason.de


def test_thresholds_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="urgent_below <= act_below"):
        Thresholds(act_below=0.2)


@given(
    dryness=st.lists(st.none() | st.floats(0, 1), max_size=40),
    budget_l=st.none() | st.floats(0, 5000),
    hours_h=st.none() | st.floats(0, 24),
)
def test_a_draft_keeps_its_budget_and_forgets_nobody(
    dryness: list[float | None], budget_l: float | None, hours_h: float | None
) -> None:
    trees = [tree(f"t{n:02}", rew) for n, rew in enumerate(dryness)]
    proposed = draft(trees, for_day=DAY, thresholds=LIMITS, budget_l=budget_l, hours_h=hours_h)
    assert proposed.litres <= (budget_l if budget_l is not None else 10**9)
    worked_h = estimated_hours([stop.tree.need.litres for stop in proposed.stops], LIMITS)
    assert worked_h <= (hours_h if hours_h is not None else 10**9) + 1e-9
    named = ids(proposed.stops) + ids(proposed.left_out)
    assert len(named) == len(set(named))
    assert set(named) == {one.tree_id for one in trees if one.rew_q50 is None or one.rew_q50 < 0.4}
