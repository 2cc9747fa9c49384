"""The exact 95 % interval of a share."""

from __future__ import annotations

from scipy.stats import beta


def exact(hits: int, of: int) -> tuple[float, float]:
    """Return the interval of Clopper and Pearson (1934); 0 to 1 where nothing was counted.

    >>> [round(share, 3) for share in exact(10, 10)]
    [0.692, 1.0]
    """
    low = float(beta.ppf(0.025, hits, of - hits + 1)) if hits else 0.0
    high = float(beta.ppf(0.975, hits + 1, of - hits)) if hits < of else 1.0
    return low, high
