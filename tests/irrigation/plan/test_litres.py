"""How many litres a tree of this city gets, and what is said about where they come from."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irrigation.plan.litres import Care, LitresRule, Missing, TreeFacts, care_of, need, needs

TODAY = date(2026, 7, 1)
RULE = LitresRule()
measures = st.none() | st.floats(0.1, 3000, allow_nan=False)


def test_a_young_tree_of_25_cm_girth_gets_what_the_trade_press_quotes() -> None:
    asked = need(TreeFacts(25, 2, 2024), on=TODAY, rule=RULE)
    assert (asked.low_l, asked.high_l, asked.by) == (80, 100, "girth")  # 75 L in steps of 10 L
    assert asked.low_l <= asked.litres <= asked.high_l
    assert "FLL" in asked.source_de
    assert "quoted" in asked.source_en


def test_an_old_tree_gets_20_litres_per_square_metre_of_its_crown() -> None:
    asked = need(TreeFacts(120, 5, 1990), on=TODAY, rule=RULE)
    assert asked.care is Care.ESTABLISHED
    assert (asked.by, asked.litres) == ("crown", 390)  # 20 L/m² × 19.6 m²
    assert asked.low_l < asked.litres < asked.high_l


@pytest.mark.parametrize(
    ("tree", "care"),
    [
        (TreeFacts(20, None, None), Care.YOUNG),
        (TreeFacts(90, None, None), Care.ESTABLISHED),
        (TreeFacts(None, 8, None), Care.UNKNOWN),
        (TreeFacts(90, None, 2021), Care.YOUNG),
        (TreeFacts(90, None, 2020), Care.ESTABLISHED),
        (TreeFacts(20, None, 2030), Care.YOUNG),  # planted in the future: the girth decides
    ],
)
def test_age_is_read_from_the_year_else_from_the_girth(tree: TreeFacts, care: Care) -> None:
    assert care_of(tree, on=TODAY, rule=RULE) is care


def test_a_tree_without_measures_gets_halles_default_and_says_so() -> None:
    asked = need(TreeFacts(None, None, None), on=TODAY, rule=RULE)
    assert (asked.low_l, asked.high_l, asked.by) == (50, 100, "default")
    assert "default" in asked.source_en


def test_no_more_is_given_than_the_pit_can_hold() -> None:
    tree = TreeFacts(30, None, 2024, Missing(low_l=40, likely_l=70, high_l=95))
    asked = need(tree, on=TODAY, rule=RULE)
    assert (asked.litres, asked.capped_by_pit) == (70, True)
    assert "pit" in asked.source_en
    roomy = need(TreeFacts(30, None, 2024, Missing(300, 400, 500)), on=TODAY, rule=RULE)
    assert not roomy.capped_by_pit


def test_a_city_sets_its_own_numbers_and_contradictions_are_refused() -> None:
    own = LitresRule(reference_low_l=100, reference_high_l=120)
    assert need(TreeFacts(25, None, 2024), on=TODAY, rule=own).litres == 110
    assert "100–120 L" in need(TreeFacts(25, None, 2024), on=TODAY, rule=own).source_de
    with pytest.raises(ValueError, match="at most reference_high_l"):
        LitresRule(reference_low_l=200)
    with pytest.raises(ValueError, match="least_l must be above 0"):
        LitresRule(least_l=0)


@given(girth=measures, crown=measures, year=st.none() | st.integers(1700, 2100), pit=measures)
def test_litres_stay_within_the_rule_and_their_interval(
    girth: float | None, crown: float | None, year: int | None, pit: float | None
) -> None:
    missing = Missing(pit / 2, pit, pit * 2) if pit else None
    asked = need(TreeFacts(girth, crown, year, missing), on=TODAY, rule=RULE)
    assert RULE.least_l <= asked.low_l <= asked.litres <= asked.high_l <= RULE.most_l


trees = st.tuples(measures, measures, st.none() | st.integers(1900, 2300))
missing_l = st.lists(st.floats(0, 3000), min_size=3, max_size=3).map(sorted)


@given(st.lists(st.tuples(trees, missing_l), max_size=30), st.booleans())
def test_all_trees_at_once_get_what_each_gets_alone(
    rows: list[tuple[tuple[float | None, float | None, int | None], list[float]]], known: bool
) -> None:
    facts = np.array([[np.nan if x is None else x for x in tree] for tree, _ in rows], float)
    soil = np.array([missing for _, missing in rows], float).reshape(-1, 3).T
    columns = facts.reshape(-1, 3).T
    pits = (soil[0], soil[1], soil[2]) if known else None
    found = needs(columns[0], columns[1], columns[2], pits, on=TODAY, rule=RULE)
    for place, (tree, missing) in enumerate(rows):
        one = need(TreeFacts(*tree, Missing(*missing) if known else None), on=TODAY, rule=RULE)
        assert found[:, place].tolist() == [one.litres, one.low_l, one.high_l]
