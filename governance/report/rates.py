"""Shares and medians with their 95 % intervals: small numbers must look small."""

from __future__ import annotations

import math
from collections.abc import Sequence

Z_95 = 1.959963984540054  # 97.5 % point of the normal distribution


def wilson(hits: int, cases: int) -> tuple[float, float]:
    """Return the 95 % interval of a share.

    Source: Wilson (1927), J. Am. Stat. Assoc. 22, 209-212; without continuity correction.

    >>> [round(edge, 3) for edge in wilson(8, 10)]
    [0.49, 0.943]
    """
    if not 0 <= hits <= cases or cases == 0:
        raise ValueError(f"{hits} of {cases} is no share")
    share, squared = hits / cases, Z_95**2
    middle = (share + squared / (2 * cases)) / (1 + squared / cases)
    spread = math.sqrt(share * (1 - share) / cases + squared / (4 * cases**2))
    half = Z_95 * spread / (1 + squared / cases)
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    return low, 1.0 if hits == cases else min(1.0, middle + half)


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return a quantile of sorted values, linear between neighbours (as PostgreSQL does).

    >>> quantile([1, 2, 3, 10], 0.5)
    2.5
    """
    if not ordered:
        raise ValueError("no values, no quantile")
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (ordered[above] - ordered[below]) * (place - below))


def median_interval(ordered: Sequence[float]) -> tuple[float, float] | None:
    """Return a 95 % interval of the median from order statistics; None below six values.

    Source: Conover (1999), Practical Nonparametric Statistics, 3.2. With five values even the
    smallest and largest hold the median in 94 % of cases only.

    >>> median_interval(list(range(1, 21)))
    (6.0, 15.0)
    """
    number = len(ordered)
    if number < 6:
        return None
    if number > 100:  # beyond, the normal approximation is exact enough and quick
        rank = math.floor((number - Z_95 * math.sqrt(number)) / 2)
    else:
        rank, below = 0, 0.5**number
        while below <= 0.025:
            rank += 1
            below += math.comb(number, rank) * 0.5**number
    rank = max(rank, 1)
    return float(ordered[rank - 1]), float(ordered[number - rank])
