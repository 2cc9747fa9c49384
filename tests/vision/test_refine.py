"""Damages that stand still along an odometer mend a camera's pitch and height."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from vision.runtime.ground import Camera, pixel_of
from vision.runtime.refine import View, along_m, refine

TRUE = Camera(640, 400, 1000.0, 320.0, 200.0, 2.4, 15.0)


def drive(odometer_error_m: float = 0.0) -> list[list[View]]:
    """Twelve damages, each seen from 25, 20, 15 and 10 m, by the true camera."""
    random = np.random.default_rng(3)
    damages = []
    for number in range(12):
        views = []
        for ahead_m in (25.0, 20.0, 15.0, 10.0):
            pixel = pixel_of(TRUE, ahead_m=ahead_m, right_m=number / 10)
            assert pixel is not None
            off_m = float(random.normal(0, odometer_error_m)) if odometer_error_m else 0.0
            views.append(View(number * 50.0 - ahead_m + off_m, *pixel))
        damages.append(views)
    return damages


def test_a_camera_that_nods_half_a_degree_too_high_is_mended_by_the_odometer() -> None:
    wrong = replace(TRUE, pitch_deg=14.5, height_m=2.5)
    found = refine(wrong, drive())
    assert found.camera.pitch_deg == pytest.approx(15.0, abs=1e-3)
    assert found.camera.height_m == pytest.approx(2.4, abs=1e-3)
    assert found.pairs == 36


def test_a_rough_odometer_is_stated_as_an_error_of_pitch_and_height() -> None:
    found = refine(replace(TRUE, pitch_deg=14.5), drive(odometer_error_m=0.3))
    assert 0 < found.pitch_error_deg < 0.5
    assert abs(found.camera.pitch_deg - 15.0) < 3 * found.pitch_error_deg
    assert abs(found.camera.height_m - 2.4) < 3 * found.height_error_m


def test_one_skipped_metre_of_the_odometer_hardly_moves_the_camera() -> None:
    damages = drive()
    damages[4][0] = replace(damages[4][0], odometer_m=damages[4][0].odometer_m + 6)
    assert refine(TRUE, damages).camera.pitch_deg == pytest.approx(15.0, abs=0.2)


def test_too_few_views_are_refused_with_their_number() -> None:
    with pytest.raises(ValueError, match="0 pairs of views"):
        refine(TRUE, [])


def test_a_view_above_the_horizon_has_no_place() -> None:
    assert np.isnan(along_m(TRUE, View(0.0, 320.0, -200.0)))
