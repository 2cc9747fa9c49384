"""Does a detector in the field still do what it did a month ago? Shares of two periods. Pure.

Three things are compared: what share of the judged damages people dismissed, which classes were
reported, and how high the scores were. Each is a share of two periods of 30 days; the interval of
their difference is Newcombe's (1998, method 10), widened so that all nine hold together with 95 %
(Bonferroni). Release figures are no measure here: they were taken on labelled pictures, and in
the field nobody labels what was not found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from math import sqrt
from statistics import NormalDist
from typing import Any

CLASSES = ("D00", "D10", "D20", "D40")
QUARTERS = ("0-0.25", "0.25-0.5", "0.5-0.75", "0.75-1")  # of the score
TOLERATED = 0.10  # of a share: a choice; less is not worth a person's look
TOGETHER = 1 + len(CLASSES) + len(QUARTERS)
Z = NormalDist().inv_cdf(1 - 0.05 / TOGETHER / 2)


class Drift(Enum):
    """What two periods say about a share."""

    CHANGED = "changed"  # by 10 points or more, and hardly by chance
    SAME = "not changed"  # the interval of the difference stays within 10 points
    TOO_FEW = "too few"  # neither can be said; never to be read as "not changed"


@dataclass(frozen=True, slots=True)
class Period:
    """A detector's 30 days: damages it reported, each once, and what people said."""

    damages: int
    by_class: Mapping[str, int]
    by_quarter: Mapping[str, int]  # of the score, "0" to "3"
    confirmed: int
    dismissed: int
    unsure: int

    @property
    def judged(self) -> int:
        """Verdicts that say yes or no."""
        return self.confirmed + self.dismissed


@dataclass(frozen=True, slots=True)
class Shift:
    """One share now and before, and whether it changed."""

    aspect: str  # "dismissed", "class" or "score"
    name: str  # the class, or the quarter of the score
    share_before: float | None
    n_before: int
    share_now: float | None
    n_now: int
    low: float | None  # of the difference now minus before, all nine together 95 %
    high: float | None
    drift: Drift


def period_of(row: Mapping[str, Any]) -> Period:
    """Read a row of `model_field_figures`."""
    return Period(**{one.name: row[one.name] for one in fields(Period)})


def shifts(now: Period, before: Period) -> list[Shift]:
    """Compare two periods, share by share."""
    return list(_shifts(now, before))


def overall(found: Sequence[Shift]) -> Drift:
    """Sum up: one change is a change; one share too small to tell leaves the whole untold."""
    seen = {one.drift for one in found}
    return next((one for one in (Drift.CHANGED, Drift.TOO_FEW) if one in seen), Drift.SAME)


def _shifts(now: Period, before: Period) -> Iterator[Shift]:
    yield _shift("dismissed", "", (before.dismissed, before.judged), (now.dismissed, now.judged))
    for name in CLASSES:
        counts = [(one.by_class.get(name, 0), one.damages) for one in (before, now)]
        yield _shift("class", name, *counts)
    for key, name in enumerate(QUARTERS):
        counts = [(one.by_quarter.get(str(key), 0), one.damages) for one in (before, now)]
        yield _shift("score", name, *counts)


def _shift(aspect: str, name: str, before: tuple[int, int], now: tuple[int, int]) -> Shift:
    if 0 in (before[1], now[1]):
        shares = [hits / n if n else None for hits, n in (before, now)]
        return Shift(
            aspect, name, shares[0], before[1], shares[1], now[1], None, None, Drift.TOO_FEW
        )
    share_before, share_now = before[0] / before[1], now[0] / now[1]
    low, high = difference(now, before)
    if abs(share_now - share_before) >= TOLERATED and not low <= 0 <= high:
        drift = Drift.CHANGED
    elif low >= -TOLERATED and high <= TOLERATED:
        drift = Drift.SAME
    else:
        drift = Drift.TOO_FEW
    return Shift(aspect, name, share_before, before[1], share_now, now[1], low, high, drift)


def difference(
    one: tuple[int, int], other: tuple[int, int], *, z: float = Z
) -> tuple[float, float]:
    """Return the interval of the difference of two shares, each as (hits, number).

    Newcombe (1998), Statistics in Medicine 17, method 10; his example (a):

    >>> [round(edge, 4) for edge in difference((56, 70), (48, 80), z=1.959964)]
    [0.0524, 0.3339]
    """
    shares = [hits / n for hits, n in (one, other)]
    (low_one, high_one), (low_other, high_other) = (_wilson(*pair, z) for pair in (one, other))
    apart = shares[0] - shares[1]
    down = sqrt((shares[0] - low_one) ** 2 + (high_other - shares[1]) ** 2)
    up = sqrt((high_one - shares[0]) ** 2 + (shares[1] - low_other) ** 2)
    return apart - down, apart + up


def _wilson(hits: int, n: int, z: float) -> tuple[float, float]:
    """Return Wilson's score interval of one share."""
    share = hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(middle - half, 0.0), min(middle + half, 1.0)
