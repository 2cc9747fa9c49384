"""What a watering today would change over the coming days, per tree, by the water balance.

The model is left out on purpose: it has never seen a watering, the balance knows what a litre is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irrigation.arrays import NumbersLike, Singles
from irrigation.balance.water_balance import Plots, run

ACT_BELOW = 0.40  # relative extractable water; docs/irrigation.md names the source


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Relative extractable water `(days, n)` with and without, and what the watering is worth."""

    without: Singles
    watered: Singles
    dry_days_avoided: Singles  # (n,) days below `ACT_BELOW` that the watering prevents
    drained_litres: Singles  # (n,) litres more that run through: watered in vain


def compare(
    plots: Plots,
    *,
    depletion_mm: Singles,
    rain_mm: NumbersLike,
    et0_mm: NumbersLike,
    litres_today: Singles,
) -> WhatIf:
    """Run the same days twice, once with the cans of today (`(n,)` litres)."""
    days = len(np.asarray(rain_mm))
    cans = np.zeros((days, len(plots.pit_m2)), dtype=plots.pit_m2.dtype)
    if days:
        cans[0] = litres_today
    dry = run(plots, depletion_mm=depletion_mm, rain_mm=rain_mm, et0_mm=et0_mm)
    wet = run(plots, depletion_mm=depletion_mm, rain_mm=rain_mm, et0_mm=et0_mm, litres=cans)
    without, watered = dry.extractable(plots.capacity_mm), wet.extractable(plots.capacity_mm)
    more_mm = wet.drainage_mm.sum(axis=0) - dry.drainage_mm.sum(axis=0)
    return WhatIf(
        without=without,
        watered=watered,
        dry_days_avoided=(without < ACT_BELOW).sum(axis=0) - (watered < ACT_BELOW).sum(axis=0),
        drained_litres=more_mm * plots.pit_m2,
    )
