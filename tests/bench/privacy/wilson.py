"""The 95 % interval of a share."""

from __future__ import annotations

from math import sqrt

Z = 1.96


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Return the interval of Wilson (1927); 0 to 1 where nothing was counted."""
    if of == 0:
        return 0.0, 1.0
    share = hits / of
    middle = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    reach = Z / (1 + Z * Z / of) * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    return max(0.0, middle - reach), min(1.0, middle + reach)
