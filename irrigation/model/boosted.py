"""The learned part: boosted trees on what the balance leaves unexplained, with an interval.

The target is the truth less `TRUST` of the balance. Half, not all: every rain feature may only
push upwards (monotone), and a full balance that overshoots could then never be pulled back.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import xgboost

from irrigation.arrays import Numbers, Truths
from irrigation.errors import ModelError
from irrigation.model.features import Features

TRUST = 0.5  # share of the balance that is taken as given; the rest is learned
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9
COVERAGE = 0.8
BOOSTERS = ("mean", "spread")


class Recipe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the trees are grown; chosen once by cross-validation over sites, see docs/irrigation."""

    trees: int = 150
    depth: int = 4
    forest: int = 1  # trees grown side by side in each step: less luck of the draw
    step: float = 0.06
    rows: float = 0.6
    columns: float = 0.5
    leaf_weight: float = 20.0
    spread_trees: int = 60
    every_days: int = 3  # neighbouring days say nearly the same: every third is enough to learn
    seed: int = 1


FORECAST = Recipe()
NOWCAST = Recipe(
    trees=100, depth=7, forest=3, step=0.06, columns=0.15, leaf_weight=60.0, every_days=1
)


@dataclass(frozen=True, slots=True)
class Learned:
    """Two boosters and the widening that makes their interval keep its promise."""

    names: list[str]
    mean: xgboost.Booster
    spread: xgboost.Booster  # q10, q50, q90
    widen: float

    def answer(self, table: Numbers, base: Numbers) -> Numbers:
        """The expected value for rows `(n, features)` whose balance says `base`."""
        said: Numbers = np.asarray(self.mean.inplace_predict(table), np.float64)
        answer: Numbers = TRUST * base + said
        return answer

    def interval(self, table: Numbers, base: Numbers) -> Numbers:
        """`(n, 2)`: bounds that held `COVERAGE` of the truth at sites left out of training."""
        raw = _bounds(self.spread, table) + TRUST * base[:, None]
        bounds: Numbers = raw + np.array([-self.widen, self.widen])
        return bounds

    def contributions(self, table: Numbers) -> Numbers:
        """What each feature adds to the answer, `(n, features + 1)`; the last is the constant."""
        rows = xgboost.DMatrix(table, feature_names=self.names)
        parts: Numbers = np.asarray(self.mean.predict(rows, pred_contribs=True), np.float64)
        return parts


def fit_mean(
    features: Features, target: Numbers, base: Numbers, *, use: Truths, recipe: Recipe
) -> xgboost.Booster:
    """Grow the trees for the expected value; `use` says which site-days may be seen."""
    return _fit(features, target, base, use=use, recipe=recipe, rounds=recipe.trees, extra={})


def fit_spread(
    features: Features, target: Numbers, base: Numbers, *, use: Truths, recipe: Recipe
) -> xgboost.Booster:
    """Grow the trees for three quantiles."""
    extra = {
        "objective": "reg:quantileerror",
        "quantile_alpha": [LOW, MIDDLE, HIGH],
        "max_depth": 3,
        "num_parallel_tree": 1,
        "eta": 0.1,
    }
    rounds = recipe.spread_trees
    return _fit(features, target, base, use=use, recipe=recipe, rounds=rounds, extra=extra)


def widening(spread: xgboost.Booster, table: Numbers, base: Numbers, truth: Numbers) -> float:
    """Conformal widening (Romano et al. 2019, eq. 5) from sites that `spread` has not seen.

    Negative where the raw interval is too wide. The promise holds on average over sites like
    these, not for each site.
    """
    if not len(truth):
        return 0.0
    raw = _bounds(spread, table) + TRUST * base[:, None]
    beyond = np.maximum(raw[:, 0] - truth, truth - raw[:, 1])
    return float(np.quantile(beyond, min(1.0, COVERAGE * (1 + 1 / len(truth)))))


def _bounds(spread: xgboost.Booster, table: Numbers) -> Numbers:
    said = np.asarray(spread.inplace_predict(table), np.float64).reshape(len(table), 3)
    return np.sort(said, axis=1)[:, [0, 2]]  # crossed quantiles are put in order


def _fit(
    features: Features,
    target: Numbers,
    base: Numbers,
    *,
    use: Truths,
    recipe: Recipe,
    rounds: int,
    extra: dict[str, Any],
) -> xgboost.Booster:
    rows = use & (np.arange(use.shape[1]) % recipe.every_days == 0)[None, :]
    wanted = (target - TRUST * base)[rows]
    data = xgboost.QuantileDMatrix(
        features.stack()[rows], label=wanted, max_bin=64, feature_names=features.names
    )
    signs = "(" + ",".join(str(features.signs[name]) for name in features.names) + ")"
    settings = {
        "tree_method": "hist",
        "max_bin": 64,
        "max_depth": recipe.depth,
        "num_parallel_tree": recipe.forest,
        "eta": recipe.step,
        "subsample": recipe.rows,
        "colsample_bytree": recipe.columns,
        "min_child_weight": recipe.leaf_weight,
        "monotone_constraints": signs,
        "seed": recipe.seed,
        "nthread": _threads(),
    } | extra
    return xgboost.train(settings, data, rounds)


def _threads() -> int:
    """OMP_NUM_THREADS when set; else one: the tables are small, and waiting costs more."""
    return int(os.environ.get("OMP_NUM_THREADS", "1"))


def save(learned: Learned, folder: Path) -> dict[str, Any]:
    """Write the boosters as UBJ, never as pickles; return what the card must say about them."""
    folder.mkdir(parents=True, exist_ok=True)
    sums = {}
    for name in BOOSTERS:
        path = folder / f"{name}.ubj"
        getattr(learned, name).save_model(path)
        sums[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return {"features": learned.names, "widen": learned.widen, "sha256": sums}


def load(folder: Path, card: dict[str, Any]) -> Learned:
    """Read the boosters that a card describes; raises ModelError when they are others."""
    boosters = {}
    for name in BOOSTERS:
        path = folder / f"{name}.ubj"
        if not path.exists():
            raise ModelError(f"{path} does not exist; install the whole model folder")
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != card["sha256"].get(path.name):
            raise ModelError(
                f"{path} ({found[:12]}…) is not the file its card describes; install the "
                "released model again or train one: stadtwart irrigation train"
            )
        boosters[name] = xgboost.Booster(model_file=str(path))
    return Learned(
        names=list(card["features"]),
        mean=boosters["mean"],
        spread=boosters["spread"],
        widen=float(card["widen"]),
    )
