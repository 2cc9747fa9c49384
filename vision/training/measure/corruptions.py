"""Spoil a picture the way weather, light and a bus do: for robustness figures. Pure, repeatable.

Severity 1 is what a driver calls unpleasant, 2 bad, 3 blind. These are drawings of rain and
dirt, not rain and dirt: figures made with them say what breaks first, not how often.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""BGR `(h, w, 3)`."""

SEVERITIES = (1, 2, 3)


def motion_blur(picture: Picture, severity: int, random: np.random.Generator) -> Picture:
    """Smear along a slanted line, as potholes and long exposures do."""
    length_px = max(3, round(picture.shape[1] * (0.012, 0.03, 0.06)[severity - 1]))
    kernel = np.zeros((length_px, length_px), np.float32)
    half = (length_px - 1) / 2
    angle = random.uniform(0, np.pi)
    reach = half * np.array([np.cos(angle), np.sin(angle)])
    ends = [tuple(round(half + sign * part) for part in reach) for sign in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1.0)
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), np.uint8)


def dark(picture: Picture, severity: int, random: np.random.Generator) -> Picture:
    """Take away light and add the noise of a sensor that strains."""
    gain = (0.3, 0.12, 0.04)[severity - 1]
    noise = random.normal(0, (3, 5, 7)[severity - 1], picture.shape)
    return np.asarray(np.clip(picture * gain + noise, 0, 255), np.uint8)


def low_sun(picture: Picture, severity: int, random: np.random.Generator) -> Picture:
    """Put the sun into the picture: a glowing disc and a veil over everything near it."""
    height_px, width_px = picture.shape[:2]
    rows, columns = np.mgrid[:height_px, :width_px].astype(np.float32)
    x_px, y_px = random.uniform(0.2, 0.8) * width_px, random.uniform(0.1, 0.45) * height_px
    away = np.hypot(columns - x_px, rows - y_px) / width_px
    veil = (90, 190, 330)[severity - 1] * np.exp(-away / (0.18, 0.3, 0.55)[severity - 1])
    return np.asarray(np.clip(picture + veil[..., None], 0, 255), np.uint8)


def rain(picture: Picture, severity: int, random: np.random.Generator) -> Picture:
    """Draw falling streaks, grey the distance, and set drops on the glass."""
    height_px, width_px = picture.shape[:2]
    streaks = np.zeros((height_px, width_px), np.float32)
    length_px = height_px * 0.07
    for _ in range((150, 500, 1200)[severity - 1]):
        x_px, y_px = random.uniform(0, width_px), random.uniform(-length_px, height_px)
        end = (int(x_px + 0.15 * length_px), int(y_px + length_px * random.uniform(0.5, 1.2)))
        cv2.line(streaks, (int(x_px), int(y_px)), end, float(random.uniform(40, 110)), 1)
    grey = np.float32((0.1, 0.25, 0.4)[severity - 1])
    hazy = picture * (1 - grey) + 150 * grey + cv2.GaussianBlur(streaks, (3, 3), 0)[..., None]
    wet = np.clip(hazy, 0, 255).astype(np.uint8)
    return _blobs(wet, (6, 16, 34)[severity - 1], (0.02, 0.05), 1.0, random)


def dirty_lens(picture: Picture, severity: int, random: np.random.Generator) -> Picture:
    """Smear mud over parts of the glass: soft brown patches through which little is seen."""
    return _blobs(picture, (3, 7, 14)[severity - 1], (0.05, 0.14), 0.25, random)


def wet_road(picture: Picture, severity: int, random: np.random.Generator) -> Picture:
    """Let the lower half mirror the upper one, as water on asphalt does."""
    height_px = picture.shape[0]
    horizon = round(height_px * random.uniform(0.38, 0.48))
    road = picture[horizon:].astype(np.float32)
    above = cv2.resize(picture[:horizon], (picture.shape[1], road.shape[0]))[::-1]
    stretched = cv2.GaussianBlur(above, (0, 0), sigmaX=2, sigmaY=height_px / 40)
    share = (0.25, 0.5, 0.75)[severity - 1]
    patchy = cv2.resize(random.uniform(0, 1, (5, 7)).astype(np.float32), road.shape[1::-1])
    film = share * np.clip(patchy * 1.6, 0.3, 1)[..., None]
    out = picture.copy()
    out[horizon:] = np.clip(road * (1 - film) * 0.85 + stretched * film, 0, 255).astype(np.uint8)
    return out


def coarse_jpeg(picture: Picture, severity: int, random: np.random.Generator) -> Picture:  # noqa: ARG001
    """Compress hard, as a cheap recorder does."""
    quality = [cv2.IMWRITE_JPEG_QUALITY, (40, 20, 8)[severity - 1]]
    coded = cv2.imencode(".jpg", picture, quality)[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def _blobs(
    picture: Picture,
    number: int,
    radius: tuple[float, float],
    clearness: float,
    random: np.random.Generator,
) -> Picture:
    """Blur through soft round patches; `clearness` below 1 also dirties them brown."""
    height_px, width_px = picture.shape[:2]
    mask = np.zeros((height_px, width_px), np.float32)
    for _ in range(number):
        middle = int(random.uniform(0, width_px)), int(random.uniform(0, height_px))
        cv2.circle(mask, middle, int(random.uniform(*radius) * width_px), 1.0, -1)
    hidden = np.asarray(cv2.GaussianBlur(mask, (0, 0), width_px / 90), np.float32)[..., None]
    soft = cv2.GaussianBlur(picture, (0, 0), width_px / 40).astype(np.float32)
    seen = soft * clearness + np.array([50, 68, 84], np.float32) * (1 - clearness)
    return np.clip(picture * (1 - hidden) + seen * hidden, 0, 255).astype(np.uint8)


CORRUPTIONS: dict[str, Callable[[Picture, int, np.random.Generator], Picture]] = {
    "motion blur": motion_blur,
    "dark": dark,
    "low sun": low_sun,
    "rain": rain,
    "dirty lens": dirty_lens,
    "wet road": wet_road,
    "coarse JPEG": coarse_jpeg,
}


def corrupt(picture: Picture, kind: str, severity: int, *, seed: int) -> Picture:
    """Return the spoiled picture; the same seed spoils it the same way."""
    return CORRUPTIONS[kind](picture, severity, np.random.default_rng(seed))
