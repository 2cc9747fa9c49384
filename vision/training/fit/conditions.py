"""What a truck's camera meets: low sun, darkness, rain, a dirty lens, blur, noise, coarse JPEG.

Each function changes pixels only, never the place of anything: labels stay true.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""`(height, width, 3)` BGR."""


def light(window: Picture, random: np.random.Generator) -> Picture:
    """Vary exposure, contrast and white balance; every window gets this."""
    gain = random.uniform(0.6, 1.4, 1) * random.uniform(0.95, 1.05, 3)
    gamma = float(np.exp(random.uniform(-0.35, 0.35)))
    ramp = np.arange(256, dtype=np.float32) / 255
    table = np.clip(255 * ramp[:, None] ** gamma * gain, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(window, table.reshape(256, 1, 3)), np.uint8)


def dusk(window: Picture, random: np.random.Generator) -> Picture:
    """Darken to a tenth to a half of the light, with the noise of a lifted exposure."""
    dark = window.astype(np.float32) * random.uniform(0.12, 0.5)
    return _to_bytes(dark + random.normal(0, random.uniform(1, 5), window.shape))


def low_sun(window: Picture, random: np.random.Generator) -> Picture:
    """Veil the picture with the light of a sun somewhere in its upper half."""
    height_px, width_px = window.shape[:2]
    sun_x, sun_y = random.uniform(0, width_px), random.uniform(-0.3, 0.5) * height_px
    y, x = np.mgrid[:height_px, :width_px].astype(np.float32)
    reach_px = random.uniform(0.25, 0.8) * width_px
    veil = np.exp(-((x - sun_x) ** 2 + (y - sun_y) ** 2) / (2 * reach_px**2))
    return _to_bytes(window + random.uniform(60, 200) * veil[..., None])


def rain(window: Picture, random: np.random.Generator) -> Picture:
    """Draw streaks of falling rain and take away contrast, as drops in the air do."""
    height_px, width_px = window.shape[:2]
    streaks = np.zeros((height_px, width_px), np.uint8)
    slant_px = int(random.integers(-6, 7))
    for x, y in random.uniform(0, 1, (int(random.integers(60, 220)), 2)):
        top = (int(x * width_px), int(y * height_px))
        cv2.line(streaks, top, (top[0] + slant_px, top[1] + int(random.integers(8, 22))), 255)
    soft = cv2.GaussianBlur(streaks, (3, 3), 0).astype(np.float32)[..., None] / 255
    flat = 110 + (window.astype(np.float32) - 110) * random.uniform(0.6, 0.9)
    return _to_bytes(flat + soft * random.uniform(25, 70))


def dirty_lens(window: Picture, random: np.random.Generator) -> Picture:
    """Blur and dim a few spots, as drops and dust on the glass do."""
    height_px, width_px = window.shape[:2]
    spots = np.zeros((height_px, width_px), np.float32)
    for _ in range(int(random.integers(2, 9))):
        centre = (int(random.integers(width_px)), int(random.integers(height_px)))
        cv2.circle(spots, centre, int(random.integers(6, max(7, width_px // 10))), 1, -1)
    share = cv2.GaussianBlur(spots, (0, 0), 4)[..., None]
    smeared = cv2.GaussianBlur(window, (0, 0), 5).astype(np.float32) * random.uniform(0.6, 1.0)
    return _to_bytes(window * (1 - share) + smeared * share)


def motion_blur(window: Picture, random: np.random.Generator) -> Picture:
    """Smear along the way of the road, which runs down the picture."""
    length_px = int(random.integers(3, 9))
    kernel = np.zeros((length_px, length_px), np.float32)
    kernel[:, length_px // 2] = 1 / length_px
    return np.asarray(cv2.filter2D(window, -1, kernel), np.uint8)


def noise(window: Picture, random: np.random.Generator) -> Picture:
    """Add the grain of a sensor with little light."""
    return _to_bytes(window + random.normal(0, random.uniform(2, 9), window.shape))


def coarse_jpeg(window: Picture, random: np.random.Generator) -> Picture:
    """Encode at a low quality and decode again."""
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(35, 85))]
    encoded = cv2.imencode(".jpg", window, quality)[1]
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)


CHANCES: dict[Callable[[Picture, np.random.Generator], Picture], float] = {
    dusk: 0.06,
    low_sun: 0.08,
    rain: 0.06,
    dirty_lens: 0.06,
    motion_blur: 0.15,
    noise: 0.12,
    coarse_jpeg: 0.2,
}
"""How often a window meets each condition; they may meet."""


def meet(window: Picture, random: np.random.Generator) -> Picture:
    """Return the window as the truck's camera might have seen it on another day."""
    window = light(window, random)
    for condition, chance in CHANCES.items():
        if random.random() < chance:
            window = condition(window, random)
    return window


def _to_bytes(values: NDArray[np.floating]) -> Picture:
    return np.asarray(np.clip(values, 0, 255), np.uint8)
