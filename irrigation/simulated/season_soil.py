"""The truth of the simulated season: soil water under each tree, by other rules than the balance.

It shares neither formulas nor parameters with irrigation.balance, or the season would only
show that a model agrees with itself. Two layers instead of one bucket; drainage over days instead
of at once; a smooth stress curve instead of FAO-56's corner; evaporation from bare soil; water that
runs off or past the roots; each tree's soil, depth, thirst, pit and rain drawn at random, and none
of it known to any policy: the register names some soils, and a name leaves a wide range.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from irrigation.arrays import Numbers

TOP_M = 0.3
HALF_STRESS = 0.32  # wetness at which a tree gets half of what it asks for
STEEPNESS = 5.0
DRAINS_PER_DAY = 0.55  # share of the surplus above field capacity that leaves a layer in a day
BARE_SHARE = 0.22  # of the reference evapotranspiration, from a wet surface
SOAKS_MM = 45.0  # what a pit takes in one go
RUNS_OFF = 0.3  # of the rest
STRESSED_BELOW = 0.5  # a stress day: the tree gets less than half of what it asks for
UNNAMED = (0.07, 0.17)  # available water by volume: sand to silt
NAMED = {  # guesses around the name, not the balance's values
    "sand": (0.06, 0.11),
    "loamy_sand": (0.07, 0.13),
    "sandy_loam": (0.09, 0.15),
    "loam": (0.11, 0.17),
    "silt": (0.12, 0.20),
    "clay": (0.09, 0.17),
    "substrate": (0.06, 0.12),
}


@dataclass(frozen=True, slots=True)
class TrueTrees:
    """Arrays `(n,)` that nobody in the city knows."""

    top_mm: Numbers  # what each layer holds for the tree
    deep_mm: Numbers
    pit_m2: Numbers
    thirst: Numbers  # demand ÷ reference evapotranspiration
    rain_factor: Numbers  # rain that reaches the pit ÷ rain of the gauge
    first_mm: Numbers  # rain a crown keeps each day


@dataclass(slots=True)
class Soil:
    """Water in both layers, in mm; changes from day to day."""

    top_mm: Numbers
    deep_mm: Numbers


def true_trees(
    pit_m2: Numbers, crown_m: Numbers, age_years: Numbers, soil: Iterable[str], *, seed: int
) -> TrueTrees:
    """Draw the trees: what the register says of pit and soil with an error, the rest at random."""
    random = np.random.default_rng([seed, 2])
    count = len(pit_m2)
    least, most = np.array([NAMED.get(name, UNNAMED) for name in soil], np.float64).T
    share = random.uniform(least, most, count)
    depth_m = np.clip(0.55 + 0.07 * np.nan_to_num(age_years, nan=3.0), 0.5, 1.1)
    depth_m *= random.lognormal(0, 0.15, count)
    pit = pit_m2 * random.lognormal(0, 0.2, count)
    crown = np.nan_to_num(crown_m, nan=2.5)
    leaf = np.clip(0.5 + 0.12 * crown, 0.5, 1.1)
    return TrueTrees(
        top_mm=1000 * share * np.minimum(TOP_M, depth_m),
        deep_mm=1000 * share * np.maximum(depth_m - TOP_M, 0.1),
        pit_m2=pit,
        thirst=leaf * random.lognormal(0, 0.18, count),
        rain_factor=random.lognormal(-0.1, 0.25, count),
        first_mm=random.uniform(0.3, 1.5, count),
    )


def full(trees: TrueTrees) -> Soil:
    """Soil after winter."""
    return Soil(trees.top_mm.copy(), trees.deep_mm.copy())


def wetness(trees: TrueTrees, soil: Soil) -> Numbers:
    """Relative extractable water of the whole root zone, 0..1: what a perfect sensor would say."""
    held = np.minimum(soil.top_mm, trees.top_mm) + np.minimum(soil.deep_mm, trees.deep_mm)
    share: Numbers = held / (trees.top_mm + trees.deep_mm)
    return share


def live_one_day(
    trees: TrueTrees, soil: Soil, *, rain_mm: float, et0_mm: float, litres: Numbers
) -> Numbers:
    """Advance the soil by a day; return the share of its demand each tree got."""
    poured = litres / trees.pit_m2
    soaked = np.minimum(poured, SOAKS_MM) + (1 - RUNS_OFF) * np.maximum(poured - SOAKS_MM, 0)
    soil.top_mm += soaked + np.maximum(rain_mm - trees.first_mm, 0) * trees.rain_factor
    surplus = np.maximum(soil.top_mm - trees.top_mm, 0) * DRAINS_PER_DAY
    soil.top_mm -= surplus
    soil.deep_mm += surplus
    soil.deep_mm -= np.maximum(soil.deep_mm - trees.deep_mm, 0) * DRAINS_PER_DAY
    wet_top = np.clip(soil.top_mm / trees.top_mm, 0, 1)
    wet_deep = np.clip(soil.deep_mm / trees.deep_mm, 0, 1)
    soil.top_mm = np.maximum(soil.top_mm - BARE_SHARE * et0_mm * wet_top**2, 0)
    wanted = et0_mm * trees.thirst
    roots_top = 0.6 * trees.top_mm / (0.6 * trees.top_mm + 0.4 * trees.deep_mm)
    from_top = np.minimum(wanted * roots_top * _eases(wet_top), soil.top_mm)
    from_deep = np.minimum((wanted - from_top) * _eases(wet_deep), soil.deep_mm)
    soil.top_mm -= from_top
    soil.deep_mm -= from_deep
    got: Numbers = (from_top + from_deep) / np.maximum(wanted, 1e-9)
    return got


def _eases(wet: Numbers) -> Numbers:
    """Share of its wish a tree draws from a layer: a smooth curve through one half."""
    powered = np.maximum(wet, 1e-6) ** STEEPNESS
    eased: Numbers = powered / (powered + HALF_STRESS**STEEPNESS)
    return eased
