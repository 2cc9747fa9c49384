"""The FAO-56 root-zone balance at soil stations: what is known without learning anything.

The equations of `water_balance`, with two additions that a grass plot in the open needs and a
kerbed pit does not: snow waits until it melts, and surplus water takes days, not hours, to drain.
"""

from __future__ import annotations

import numpy as np

from irrigation.arrays import Numbers
from irrigation.model.stations import Panel

GRASS_FACTOR = 0.8  # Kc of grass that is not watered; a guess between FAO-56 table 12's 0.75-0.85
EASY_SHARE = 0.4  # p; FAO-56 table 22, cool-season turf
SNOW_BELOW_C = -1.0
MELT_MM_PER_C_DAY = 3.0  # degree-day factor, textbook range 2-5
DRAINS_PER_DAY = 0.5  # share of the surplus that is gone a day later; a guess


def since_january(panel: Panel, *, capacity_mm: float, start_share: float = 0.7) -> Numbers:
    """Relative extractable water, run from the first day with weather alone; no sensor."""
    depletion = np.full(len(panel.sites), capacity_mm * (1 - start_share))
    snow, share = np.zeros(len(panel.sites)), np.empty(panel.rain_mm.shape)
    for day in range(panel.rain_mm.shape[1]):
        celsius, rain = panel.mean_c[:, day], panel.rain_mm[:, day]
        melt = np.minimum(snow, MELT_MM_PER_C_DAY * np.maximum(celsius, 0.0))
        fall = np.where(celsius < SNOW_BELOW_C, rain, 0.0)
        snow = snow + fall - melt
        wet = depletion - (rain - fall) - melt
        drawn = _drawn(wet, capacity_mm, GRASS_FACTOR * panel.et0_mm[:, day], EASY_SHARE)
        depletion = np.clip(wet + drawn, 0.0, capacity_mm)
        share[:, day] = 1 - depletion / capacity_mm
    return share


def change_ahead(
    *,
    missing_mm: Numbers,
    capacity_mm: Numbers,
    rain_mm: Numbers,
    et0_mm: Numbers,
    factor: float = GRASS_FACTOR,
) -> Numbers:
    """Change of the soil's water over the days of an outlook, from what a sensor says is missing.

    `rain_mm` and `et0_mm` are `(leads, sites, days)`; the answer is in mm, positive = wetter.
    """
    start = np.clip(missing_mm, -30.0, capacity_mm)
    now = start
    for rain, et0 in zip(rain_mm, et0_mm, strict=True):
        wet = now - rain
        after = wet + _drawn(wet, capacity_mm, factor * et0, EASY_SHARE)
        now = np.clip(np.where(after < 0, after * DRAINS_PER_DAY, after), -60.0, capacity_mm)
    return missing_mm - now


def _drawn(
    depletion: Numbers, capacity_mm: Numbers | float, wanted: Numbers, easy_share: float
) -> Numbers:
    """What the plants take: wanted × Ks (eq. 84), never more than there is."""
    held = capacity_mm - np.maximum(depletion, 0.0)
    stress = np.minimum(held / ((1 - easy_share) * capacity_mm), 1.0)
    drawn: Numbers = np.maximum(np.minimum(stress * wanted, held), 0.0)
    return drawn
