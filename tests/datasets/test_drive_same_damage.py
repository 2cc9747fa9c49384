"""Potholes of a real drive, found again by eye, stand still when they are laid on the road."""

from __future__ import annotations

import pytest

from tests.bench.odometer.__main__ import compare, spread
from tests.bench.odometer.drive import HALF_M, apart, damages, wizard
from vision.runtime.refine import View, refine


def test_a_pothole_seen_from_several_distances_lands_on_one_spot_of_the_road() -> None:
    views = damages()
    edges = [
        [View(one.odometer_m, (one.box[0] + one.box[2]) / 2, one.box[row]) for one in seen]
        for seen in views.values()
        if seen[0].odometer_m < HALF_M
        for row in (1, 3)
    ]
    camera = wizard().camera
    found = compare(views, {"wizard": camera, "mended": refine(camera, edges).camera, "none": None})
    assert found["wizard"]["median_m"] < 1.5
    assert found["mended"]["median_m"] < 1.0
    assert found["none"]["median_m"] > 4.0
    assert found["mended"]["within_stated_68"] > 0.6


def test_the_wizard_on_a_lane_gives_a_camera_of_a_survey_van() -> None:
    found = wizard()
    assert found.camera.height_m == pytest.approx(2.4, abs=0.2)
    assert found.camera.pitch_deg == pytest.approx(14.5, abs=0.5)


def test_the_spread_counts_each_view_against_the_last_of_its_damage() -> None:
    views = {name: seen for name, seen in damages().items() if name == "3035-3045"}
    found = apart(views, wizard().camera)
    assert len(found) == len(views["3035-3045"]) - 1
    assert spread(found)["damages"] == 1
