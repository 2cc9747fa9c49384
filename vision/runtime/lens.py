"""Radial lens distortion: where a straight line is bent to, and back. Pure.

Source: Brown (1966), radial terms only, as OpenCV's k1 and k2: x' = x (1 + k1 r² + k2 r⁴) in units
of the focal length. Tangential terms are left out: a dashcam's are below half a pixel.
"""

from __future__ import annotations

ROUNDS = 12  # of the fixed-point iteration; a wide dashcam (k1 = -0.3) needs eight for 0.01 px


def bend(across: float, below: float, *, k1: float, k2: float) -> tuple[float, float]:
    """Carry an ideal ray (units of the focal length) to where the lens shows it."""
    squared = across * across + below * below
    factor = 1 + k1 * squared + k2 * squared * squared
    return across * factor, below * factor


def straighten(across: float, below: float, *, k1: float, k2: float) -> tuple[float, float]:
    """Return the ideal ray of what the lens shows; the inverse of `bend`."""
    if k1 == 0 and k2 == 0:
        return across, below
    ideal_x, ideal_y = across, below
    for _ in range(ROUNDS):
        squared = ideal_x * ideal_x + ideal_y * ideal_y
        factor = 1 + k1 * squared + k2 * squared * squared
        if factor <= 0.1:  # beyond the rim of what this model describes
            break
        ideal_x, ideal_y = across / factor, below / factor
    return ideal_x, ideal_y
