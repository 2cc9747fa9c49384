"""The weather of the next fourteen days, as known today: perfectly, imperfectly, not at all.

Arrays are `(leads, sites, days)`: `rain_mm[0, s, d]` is what day d says about day d + 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from irrigation.arrays import Numbers
from irrigation.model.series import ahead, trailing_sum
from irrigation.model.stations import Panel

LEADS = 14
NOISE = (
    "made from the true weather, seed 0: at lead L (1 to 14 days) a day's rain is kept with "
    "probability 0.9·exp(-(L-1)/7) and multiplied by a lognormal factor (sigma 0.5, mean 1); "
    "otherwise it is the rain of another day of the same site, up to 20 days away. ET0 is "
    "multiplied by a normal factor of mean 1, standard deviation 0.10 + 0.02·L, kept in 0.2 to 2. "
    "Leads are independent. It is no archive of real forecasts."
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is believed about the coming days."""

    rain_mm: Numbers
    et0_mm: Numbers


def perfect(panel: Panel) -> Outlook:
    """The weather as it came."""
    return Outlook(_leads(lambda _: panel.rain_mm), _leads(lambda _: panel.et0_mm))


def imperfect(panel: Panel, *, seed: int = 0) -> Outlook:
    """A forecast that is worse from day to day; see `NOISE`."""
    random, (sites, days) = np.random.default_rng(seed), panel.rain_mm.shape

    def rain(lead: int) -> Numbers:
        other = np.arange(days)[None, :] + random.integers(-20, 21, (sites, days))
        swapped = np.take_along_axis(panel.rain_mm, np.clip(other, 0, days - 1), axis=1)
        factor = np.exp(random.normal(-0.125, 0.5, (sites, days)))
        kept = random.random((sites, days)) < 0.9 * np.exp(-(lead - 1) / 7)
        return np.where(kept, panel.rain_mm * factor, swapped)

    def et0(lead: int) -> Numbers:
        factor = random.normal(1.0, 0.10 + 0.02 * lead, (sites, days))
        return panel.et0_mm * np.clip(factor, 0.2, 2.0)

    return Outlook(_leads(rain), _leads(et0))


def none(panel: Panel) -> Outlook:
    """No forecast: it stays dry, and the air as thirsty as in the last seven days."""
    recent = trailing_sum(panel.et0_mm, 7) / 7
    shape = (LEADS, *panel.rain_mm.shape)
    return Outlook(np.zeros(shape), np.broadcast_to(recent, shape))


def rain_correlation(panel: Panel, outlook: Outlook, lead: int) -> float:
    """How well an outlook knows the daily rain at a lead (Pearson)."""
    said, came = outlook.rain_mm[lead - 1], ahead(panel.rain_mm, lead)
    both = np.isfinite(said) & np.isfinite(came)
    return float(np.corrcoef(said[both], came[both])[0, 1])


KINDS: dict[str, Callable[[Panel], Outlook]] = {
    "perfect": perfect,
    "imperfect": imperfect,
    "none": none,
}


def _leads(of: Callable[[int], Numbers]) -> Numbers:
    return np.stack([ahead(of(lead), lead) for lead in range(1, LEADS + 1)])
