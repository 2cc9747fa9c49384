"""The gate: the learned model speaks only where it beats every baseline at sites left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xgboost

from irrigation.arrays import Numbers, Truths
from irrigation.errors import StationsError
from irrigation.evaluation.crossval import Split
from irrigation.model.boosted import COVERAGE, Learned, Recipe, fit_mean, fit_spread, widening
from irrigation.model.features import Features

LEARNED = "learned"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was chosen and why: the error of each candidate at the calibration sites."""

    chosen: str
    errors: dict[str, float]
    reach: float  # half width that held `COVERAGE` of the chosen one's errors there


def choose(candidates: dict[str, Numbers], truth: Numbers, use: Truths) -> Verdict:
    """Take the lowest RMSE; a tie goes to the first, and the baselines stand first."""
    if not use.any():
        raise StationsError(
            "no day is left to calibrate on: the sites kept for it have no soil moisture outside "
            "the tested quarter. Give more stations, or stations with a fuller year."
        )
    errors = {
        name: float(np.sqrt(np.mean((said - truth)[use] ** 2))) for name, said in candidates.items()
    }
    chosen = min(errors, key=lambda name: errors[name])
    reach = float(np.quantile(np.abs(candidates[chosen] - truth)[use], COVERAGE))
    return Verdict(chosen=chosen, errors=errors, reach=reach)


def learn(
    features: Features,
    truth: Numbers,
    base: Numbers,
    baselines: dict[str, Numbers],
    *,
    split: Split,
    usable: Truths,
    recipe: Recipe,
) -> tuple[Learned, Verdict]:
    """Grow on some training sites, judge and calibrate on the others, then grow on all.

    The gate judges a model grown on fewer sites than the one it lets through: a little too strict.
    """
    grow, calibrate = split.grow & usable, split.calibrate & usable
    spread = fit_spread(features, truth, base, use=grow, recipe=recipe)
    trial = fit_mean(features, truth, base, use=grow, recipe=recipe)
    table = features.stack()[calibrate]
    widen = widening(spread, table, base[calibrate], truth[calibrate])
    said = np.full(truth.shape, np.nan)
    said[calibrate] = _learned(features, trial, spread, widen).answer(table, base[calibrate])
    verdict = choose(baselines | {LEARNED: said}, truth, calibrate)
    final = fit_mean(features, truth, base, use=grow | calibrate, recipe=recipe)
    return _learned(features, final, spread, widen), verdict


def _learned(
    features: Features, mean: xgboost.Booster, spread: xgboost.Booster, widen: float
) -> Learned:
    return Learned(names=features.names, mean=mean, spread=spread, widen=widen)
