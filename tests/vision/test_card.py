"""The card is generated: its page says what its record says, and nobody typed it."""

from __future__ import annotations

import json

import pytest

from vision.runtime.model_file import newest_release
from vision.training.measure.thresholds import thresholds
from vision.training.release import card

RELEASE = newest_release()
RECORD = json.loads(RELEASE.with_name("card.json").read_text())


def test_the_page_of_the_card_is_what_the_record_renders_to() -> None:
    assert RELEASE.with_name("README.md").read_text() == card.render(RECORD)


def test_the_card_says_what_an_auditor_asks_first() -> None:
    assert RECORD["licence"] == "AGPL-3.0-only"
    assert "ersetzt keine Straßenkontrolle" in RECORD["out_of_scope"]
    assert all(part["code_commit"] for part in RECORD["training"]["parts"])
    assert RECORD["attribution"]
    assert len(RECORD["limits"]) >= 5


def test_the_headline_has_an_interval_and_a_number_of_labels() -> None:
    pothole = RECORD["evaluation"]["test, potholes only"]["classes"]["D40"]
    low, high = pothole["ap50_interval_95"]
    assert 0 <= low <= pothole["ap50"] <= high <= 1
    assert pothole["n"] > 100
    assert f"{pothole['ap50']:.3f}" in RELEASE.with_name("README.md").read_text()


def test_thresholds_come_from_the_development_roads() -> None:
    assert RECORD["thresholds"] == thresholds(RECORD["evaluation"]["development"])


def test_a_class_with_few_labels_takes_the_threshold_of_all() -> None:
    rows = {"D40": {"n": 19, "threshold": 0.9}, "D00": {"n": 20, "threshold": 0.3}}
    chosen = thresholds({"classes": rows, "any_damage": {"threshold": 0.25}})
    assert chosen == {"D40": pytest.approx(0.25), "D00": pytest.approx(0.3)}


def test_no_picture_of_the_development_roads_was_trained_on() -> None:
    parts = RECORD["training"]["dataset"]
    assert len({parts[role]["digest"] for role in ("train", "development", "test")}) == 3


def test_the_models_beside_it_were_measured_on_the_same_roads_by_the_same_rule() -> None:
    own = RECORD["compared"]["released"]
    assert own["sha256"] == RECORD["sha256"]
    assert own["thresholds"] == RECORD["thresholds"]
    for split in ("development", "test"):
        stated = RECORD["evaluation"][split]
        assert own[split]["D40"]["ap50"] == pytest.approx(
            stated["classes"]["D40"]["ap50"], abs=1e-3
        )
        assert own[split]["any_damage"]["ap50"] == pytest.approx(
            stated["any_damage"]["ap50"], abs=1e-3
        )
    assert "previous" in RECORD["compared"]
    assert {row["test_digest"] for row in RECORD["compared"].values()} == {
        RECORD["training"]["dataset"]["test"]["digest"]
    }
