"""The error ellipse holds what it promises."""

from __future__ import annotations

import numpy as np
import pytest

from edge.ellipse import ellipse_of, holds


def test_without_errors_of_the_camera_it_is_a_circle_of_the_receivers_90_percent() -> None:
    circle = ellipse_of(gps_error_m=3.0, along_error_m=0, across_error_m=0, heading_deg=200)
    assert circle.major_m == pytest.approx(circle.minor_m) == pytest.approx(4.26, abs=0.01)
    assert circle.bearing_deg == pytest.approx(20)


def test_the_long_axis_lies_along_the_view_or_across_it() -> None:
    far = ellipse_of(gps_error_m=1, along_error_m=4, across_error_m=1, heading_deg=30)
    turned = ellipse_of(gps_error_m=1, along_error_m=1, across_error_m=4, heading_deg=30)
    assert (far.bearing_deg, turned.bearing_deg) == pytest.approx((30, 120))
    assert far.major_m == pytest.approx(turned.major_m)


def test_nine_of_ten_errors_lie_inside() -> None:
    random = np.random.default_rng(1)
    sigma_m = 3.0 / 1.5096
    along_m, across_m = random.normal(0, np.hypot(sigma_m, [2.5, 0.5]), (4000, 2)).T
    found = ellipse_of(gps_error_m=3.0, along_error_m=2.5, across_error_m=0.5, heading_deg=77)
    inside = [
        holds(found, along_m=float(a), across_m=float(b), heading_deg=77)
        for a, b in zip(along_m, across_m, strict=True)
    ]
    assert np.mean(inside) == pytest.approx(0.9, abs=0.02)
