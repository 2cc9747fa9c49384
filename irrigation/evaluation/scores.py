"""How good a forecast is, with an interval over sites: sites are drawn again, days are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from irrigation.arrays import Numbers, Truths

RESAMPLES = 1000
SEED = 0


@dataclass(frozen=True, slots=True)
class SquaredErrors:
    """Sum of squares and count for each site."""

    total: Numbers
    count: Numbers

    @classmethod
    def of(cls, error: Numbers, use: Truths) -> SquaredErrors:
        """Collect the errors of the site-days in use."""
        squares = np.where(use, np.nan_to_num(error) ** 2, 0.0)
        return cls(total=squares.sum(axis=1), count=use.sum(axis=1).astype(np.float64))

    def rmse(self, draw: Numbers | None = None) -> Any:
        """Root mean square error; with draws `(resamples, sites)`, one for each."""
        if draw is None:
            return float(np.sqrt(self.total.sum() / max(self.count.sum(), 1.0)))
        return np.sqrt((draw @ self.total) / np.maximum(draw @ self.count, 1.0))


def draws(sites: int) -> Numbers:
    """How often each site is drawn, `(resamples, sites)`; the same draws for every figure."""
    random = np.random.default_rng(SEED)
    return random.multinomial(sites, np.full(sites, 1 / sites), RESAMPLES).astype(np.float64)


def between(values: Numbers) -> list[float]:
    """The middle 95 % of resampled figures."""
    low, high = np.nanquantile(values, [0.025, 0.975])
    return [round(float(low), 4), round(float(high), 4)]


def skill(learned: SquaredErrors, baseline: SquaredErrors) -> dict[str, Any]:
    """1 - RMSE / RMSE of the baseline: 0 is no better, 1 is perfect."""
    draw = draws(len(learned.total))
    return {
        "skill": round(1 - learned.rmse() / baseline.rmse(), 4),
        "interval_95_over_sites": between(1 - learned.rmse(draw) / baseline.rmse(draw)),
    }


def average_precision(score: Numbers, event: Truths) -> float:
    """Area under precision over recall, by steps; ties are taken together.

    >>> average_precision(np.array([0.9, 0.8, 0.1]), np.array([True, False, True]))
    0.8333333333333333
    """
    if not event.any():
        return float("nan")
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(event[order])
    last = np.append(np.diff(score[order]) != 0, True)
    at, found = np.flatnonzero(last) + 1, hits[last]
    recall = found / hits[-1]
    return float(np.sum(np.diff(recall, prepend=0.0) * found / at))


def average_precision_by_site(score: Numbers, event: Truths, use: Truths) -> dict[str, Any]:
    """Pooled average precision and its interval over sites (100 draws: sorting is dear).

    Missing where nothing happened: then there is nothing to rank.
    """
    if not event[use].any():
        return {"average_precision": None, "interval_95_over_sites": None}
    pooled = average_precision(score[use], event[use])
    sites, drawn = np.arange(len(score)), []
    random = np.random.default_rng(SEED)
    for _ in range(100):
        some = random.choice(sites, len(sites))
        drawn.append(average_precision(score[some][use[some]], event[some][use[some]]))
    return {
        "average_precision": round(pooled, 4),
        "interval_95_over_sites": between(np.array(drawn)),
    }
