"""The root zone's account: water in, water out, what is missing, for each tree and day.

Allen et al. (1998), FAO-56, chapter 8; depths in mm over the tree pit, where 1 L/m² is 1 mm.
Runoff and capillary rise are left out: pits are kerbed, groundwater lies below the roots.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from irrigation.arrays import NumbersLike, Singles

BLOCK = 32_768  # trees worked on at once: their arrays stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Plots:
    """Where `n` trees stand: arrays `(n,)` of one type, float32 or float64."""

    capacity_mm: Singles  # total available water over the pit (eq. 82)
    pit_m2: Singles  # open ground that takes water in
    catchment_m2: Singles  # ground whose rain reaches the pit, the pit included
    interception_share: Singles  # rain kept by the crown, 0..1
    demand_factor: Singles  # crop coefficient × shade factor
    easy_share: Singles  # p of eq. 83: share of the capacity that is drawn without stress, 0..<1

    def __post_init__(self) -> None:
        """Refuse plots that no city has; a message names the limit."""
        _within("capacity_mm", self.capacity_mm, low=0.0, high=np.inf, open_low=True)
        _within("pit_m2", self.pit_m2, low=0.0, high=np.inf, open_low=True)
        _within("catchment_m2", self.catchment_m2, low=0.0, high=np.inf)
        _within("interception_share", self.interception_share, low=0.0, high=1.0)
        _within("demand_factor", self.demand_factor, low=0.0, high=np.inf)
        _within("easy_share", self.easy_share, low=0.0, high=0.99)


@dataclass(frozen=True, slots=True)
class Account:
    """The root zones day by day: arrays `(days, n)`, in mm over the pit."""

    depletion_mm: Singles  # missing up to field capacity at midnight; 0 = the soil is full
    drainage_mm: Singles  # surplus of the day, lost below the roots (eq. 88)
    transpired_mm: Singles  # what the tree took
    unmet_mm: Singles  # what the tree asked for and dry soil could not give

    def extractable(self, capacity_mm: Singles) -> Singles:
        """Relative extractable water, 1 = field capacity, 0 = wilting point."""
        full: Singles = 1 - self.depletion_mm / capacity_mm
        return full


def infiltration_mm(plots: Plots, *, rain_mm: NumbersLike, litres: NumbersLike) -> Singles:
    """Water that enters the pit: rain of the whole catchment under the crown, and the can.

    >>> from irrigation.balance.water_balance import Plots
    >>> one = np.ones(1)
    >>> pit = Plots(60 * one, 4 * one, 8 * one, 0.25 * one, one, 0.5 * one)
    >>> infiltration_mm(pit, rain_mm=10, litres=100)
    array([40.])
    """
    funnel = plots.catchment_m2 / plots.pit_m2 * (1 - plots.interception_share)
    water: Singles = np.asarray(rain_mm) * funnel + np.asarray(litres) / plots.pit_m2
    return water


def run(
    plots: Plots,
    *,
    depletion_mm: Singles,
    rain_mm: NumbersLike,
    et0_mm: NumbersLike,
    litres: NumbersLike | None = None,
) -> Account:
    """Carry every root zone through the days.

    `rain_mm` and `et0_mm` are `(days,)` for one weather or `(days, n)`; `litres` is `(days, n)`.
    A day: water enters, the tree draws by the stress of the soil it then finds (eq. 84), what
    exceeds field capacity drains (eq. 85, 86, 88). The order differs from FAO-56 in one point:
    stress is read after the day's water has entered, else a soaked pit would starve until tomorrow.

    Raises ValueError for negative or missing depths and a depletion outside 0..capacity.
    """
    kind, count = plots.capacity_mm.dtype, len(plots.capacity_mm)
    rain, thirst = _by_day("rain_mm", rain_mm, kind), _by_day("et0_mm", et0_mm, kind)
    cans = None if litres is None else _by_day("litres", litres, kind)
    if np.any(~(depletion_mm >= 0) | (depletion_mm > plots.capacity_mm)):
        raise ValueError("depletion_mm lies outside 0..capacity_mm for at least one tree")
    days = len(rain)
    left, drained, taken, unmet = (np.empty((days, count), dtype=kind) for _ in range(4))
    for start in range(0, count, BLOCK):
        part = slice(start, min(start + BLOCK, count))
        _run_block(plots, part, depletion_mm, (rain, thirst, cans), (left, drained, taken, unmet))
    return Account(depletion_mm=left, drainage_mm=drained, transpired_mm=taken, unmet_mm=unmet)


def _run_block(
    plots: Plots,
    part: slice,
    depletion_mm: Singles,
    driver: tuple[Singles, Singles, Singles | None],
    out: tuple[Singles, Singles, Singles, Singles],
) -> None:
    """Advance the trees of one block; `out` is filled in place."""
    rain, thirst, cans = driver
    left, drained, taken, unmet = out
    capacity, missing = plots.capacity_mm[part], depletion_mm[part]
    funnel = plots.catchment_m2[part] / plots.pit_m2[part] * (1 - plots.interception_share[part])
    per_litre, factor = 1 / plots.pit_m2[part], plots.demand_factor[part]
    ramp = 1 / ((1 - plots.easy_share[part]) * capacity)
    for day in range(len(rain)):
        water = _of(rain, day, part) * funnel
        if cans is not None:
            water += _of(cans, day, part) * per_litre
        missing = missing - water  # negative: more water than the soil can hold
        held = np.minimum(capacity - missing, capacity)
        wanted = _of(thirst, day, part) * factor
        drawn = np.minimum(held * ramp, 1)  # stress coefficient, eq. 84
        drawn *= wanted
        np.minimum(drawn, capacity - missing, out=drawn)
        missing += drawn
        np.maximum(-missing, 0, out=drained[day, part])
        np.clip(missing, 0, capacity, out=left[day, part])
        missing = left[day, part]
        taken[day, part] = drawn
        np.subtract(wanted, drawn, out=unmet[day, part])


def _of(series: Singles, day: int, part: slice) -> Singles:
    """The value of the day: one for all trees, or one for each."""
    row: Singles = series[day : day + 1] if series.ndim == 1 else series[day, part]
    return row


def _by_day(name: str, values: NumbersLike, kind: np.dtype[np.floating]) -> Singles:
    series: NDArray[np.floating] = np.asarray(values, dtype=kind)
    if series.ndim not in (1, 2):
        raise ValueError(f"{name} must be (days,) or (days, trees), got {series.shape}")
    if not np.all(series >= 0):
        raise ValueError(f"{name} must be 0 or more on every day; fill or drop missing days first")
    return series


def _within(name: str, values: Singles, *, low: float, high: float, open_low: bool = False) -> None:
    bad = ~(values > low if open_low else values >= low) | (values > high)
    if np.any(bad):
        at = int(np.argmax(bad))
        edge = f"above {low:g}" if open_low else f"at least {low:g}"
        raise ValueError(f"{name} of tree {at} is {values[at]}; it must be {edge}, up to {high:g}")
