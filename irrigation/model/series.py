"""Windows over daily series `(sites, days)`: every function looks back only, except `ahead`."""

from __future__ import annotations

import numpy as np

from irrigation.arrays import Numbers, Truths


def trailing_sum(values: Numbers, days: int) -> Numbers:
    """Sum of today and the days before, `days` in all; the year's start counts as zero.

    >>> trailing_sum(np.array([[1.0, 2.0, 3.0]]), 2)
    array([[1., 3., 5.]])
    """
    total = np.cumsum(np.pad(values, ((0, 0), (days, 0))), axis=1)
    window: Numbers = total[:, days:] - total[:, :-days]
    return window


def trailing_mean(values: Numbers, days: int) -> Numbers:
    """Mean of what was measured today and on the days before; NaN where nothing was.

    >>> trailing_mean(np.array([[1.0, np.nan, 3.0]]), 2)
    array([[1., 1., 3.]])
    """
    known = np.isfinite(values)
    count = trailing_sum(known.astype(np.float64), days)
    total = trailing_sum(np.where(known, values, 0.0), days)
    mean: Numbers = np.where(count > 0, total / np.maximum(count, 1.0), np.nan)
    return mean


def earlier(values: Numbers, days: int) -> Numbers:
    """The value some days ago; NaN before the first day."""
    if days == 0:
        return values
    shifted = np.full(values.shape, np.nan)
    shifted[:, days:] = values[:, :-days]
    return shifted


def ahead(values: Numbers, days: int) -> Numbers:
    """The value some days later; NaN behind the last day."""
    shifted = np.full(values.shape, np.nan)
    shifted[:, :-days] = values[:, days:]
    return shifted


def fading_ratio(
    top: Numbers, bottom: Numbers, *, when: Truths, keep: float, prior: float, weight: float
) -> Numbers:
    """Σ top / Σ bottom over the days `when` holds, older days fading by `keep` a day.

    `weight` units of `prior` are added, so that a site without history answers the prior.
    """
    upper, lower = np.zeros(len(top)), np.zeros(len(top))
    ratio = np.empty(top.shape)
    for day in range(top.shape[1]):
        upper = upper * keep + np.where(when[:, day], np.nan_to_num(top[:, day]), 0.0)
        lower = lower * keep + np.where(when[:, day], np.nan_to_num(bottom[:, day]), 0.0)
        ratio[:, day] = (upper + prior * weight) / (lower + weight)
    return ratio


def range_so_far(values: Numbers, *, low: float, high: float) -> tuple[Numbers, Numbers]:
    """Two quantiles of everything up to and including today."""
    bounds = np.full((2, *values.shape), np.nan)
    for day in range(values.shape[1]):
        seen = values[:, : day + 1]
        some = np.isfinite(seen).any(axis=1)
        if some.any():
            bounds[:, some, day] = np.nanquantile(seen[some], [low, high], axis=1)
    return bounds[0], bounds[1]
