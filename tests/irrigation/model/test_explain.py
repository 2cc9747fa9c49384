"""Why, in words; and what the cans of today would change."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from irrigation.balance import what_if
from irrigation.balance.water_balance import Plots
from irrigation.model import explain


def _plots(count: int) -> Plots:
    return Plots(*(np.full(count, value) for value in (60.0, 4.0, 4.0, 0.2, 0.9, 0.5)))


def test_a_hundred_litres_keep_a_dry_tree_above_the_line_for_some_days() -> None:
    found = what_if.compare(
        _plots(2),
        depletion_mm=np.array([40.0, 0.0]),
        rain_mm=np.zeros(14),
        et0_mm=np.full(14, 4.0),
        litres_today=np.array([100.0, 100.0]),
    )
    assert found.dry_days_avoided[0] > 3
    assert found.drained_litres == pytest.approx([0.0, 100.0], abs=20)
    assert (found.watered >= found.without - 1e-9).all()


def test_no_cans_change_nothing_and_no_days_need_none() -> None:
    empty = what_if.compare(
        _plots(1),
        depletion_mm=np.array([10.0]),
        rain_mm=[],
        et0_mm=[],
        litres_today=np.array([50.0]),
    )
    assert empty.dry_days_avoided.tolist() == [0]


def test_a_young_lime_in_a_sealed_street_is_called_so_in_both_languages() -> None:
    reasons = explain.place(
        genus="Tilia", site_age_years=2, pit_m2=2.0, pit_is_default=False, days_since_rain=12
    )
    assert [reason.german for reason in reasons] == [
        "seit 12 Tagen kein Regen über 5 mm",
        "Linde, jung: Standalter 2 Jahre",
        "kleine Baumscheibe in versiegelter Fläche: 2 m²",
    ]


def test_an_assumed_pit_and_an_unknown_year_are_said_to_be_so() -> None:
    reasons = explain.place(
        genus="Zelkova", site_age_years=None, pit_m2=4.0, pit_is_default=True, days_since_rain=0
    )
    assert [reason.english for reason in reasons] == [
        "Zelkova, planting year unknown",
        "pit unknown, 4 m² assumed",
    ]


def test_what_moved_the_model_is_summed_by_topic_and_the_strongest_comes_first() -> None:
    names = ["rain_ahead", "rain_ahead_late", "position", "season_sin"]
    parts = np.array([[-2.0, -1.5, 1.0, 0.1, 9.0]])
    moved = explain.by_topic(names, parts, balance_mm=np.array([-4.0]))
    assert moved.sum() == pytest.approx(parts.sum() + 0.5 * -4.0)
    (found,) = explain.strongest(moved)
    assert found == [("rain expected", -3.5), ("water balance", -2.0), ("soil today", 1.0)]
    assert explain.moved(found[0]).german == "erwarteter Regen: in sieben Tagen 3,5 mm trockener"
    assert explain.moved(found[2]).english == "soil moisture today: 1.0 mm wetter in seven days"
    with pytest.raises(ValueError, match="4 features need 5 contributions"):
        explain.by_topic(names, np.zeros((1, 4)), balance_mm=np.zeros(1))


def test_the_examples_of_the_words_are_true() -> None:
    assert doctest.testmod(explain).failed == 0
