"""Which sites will be dry within a week: a ranking, since a team can only go to the first ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import xgboost

from irrigation.arrays import Numbers, Truths
from irrigation.evaluation.crossval import Plan, splits
from irrigation.evaluation.scores import average_precision_by_site
from irrigation.evaluation.tasks import Ground, Task
from irrigation.model import series
from irrigation.model.features import Features
from irrigation.model.stations import Panel

DRY = 0.40  # relative extractable water below which the parks team acts
WITHIN_DAYS = 7
TREES = 120
Rank = Callable[[str, Features, Truths, Truths], Numbers]


def events(panel: Panel) -> tuple[Truths, Truths]:
    """Sites that are not dry today and dry on one of the next days; and where that is known."""
    share = panel.extractable
    coming = np.stack([series.ahead(share, day) for day in range(1, WITHIN_DAYS + 1)])
    known = np.isfinite(coming).all(axis=0) & (share >= DRY)
    return (coming < DRY).any(axis=0) & known, known


def evaluate(ground: Ground, tasks: dict[str, Task], rank: Rank) -> dict[str, object]:
    """Average precision beside the ranking by dryness today, by outlook and by what is known.

    `rank` answers the learned score of every site-day for "OUTLOOK-known" or "OUTLOOK-unknown".
    """
    panel = ground.panel
    event, known = events(panel)
    task = next(iter(tasks.values()))
    use = known & task.usable
    found: dict[str, object] = {
        "definition": f"REW at least {DRY} today and below it within {WITHIN_DAYS} days",
        "site_days": int(use.sum()),
        "share_of_events": round(float(event[use].mean()), 4) if use.any() else None,
        "ranking by dryness today (REW, soil storage known)": average_precision_by_site(
            -panel.extractable, event, use
        ),
        "ranking by dryness today (position in the sensor's range so far)": (
            average_precision_by_site(-task.features.series["position"], event, use)
        ),
    }
    for kind, one in tasks.items():
        sooner = panel.extractable + one.base / panel.capacity_mm[:, None]
        found[f"balance, {kind} weather, soil storage known"] = average_precision_by_site(
            -sooner, event, use
        )
        for name, features in variants(panel, one):
            score = rank(f"{kind}-{name}", features, event, use)
            found[f"learned, {kind} weather, soil storage {name}"] = average_precision_by_site(
                score, event, use
            )
    return found


def variants(panel: Panel, task: Task) -> list[tuple[str, Features]]:
    """With today's REW beside the features (the soil's storage is known), and without."""
    storage = task.features.plus({"rew_today": panel.extractable}, sign=1)
    return [("known", storage), ("unknown", task.features)]


def cross_validated(panel: Panel, plan: Plan) -> Rank:
    """Scores by models that have seen neither the site nor the season."""

    def rank(_: str, features: Features, event: Truths, use: Truths) -> Numbers:
        table, score = features.stack(), np.full(event.shape, -np.inf)
        for split in splits(panel, plan, days_ahead=WITHIN_DAYS, blocks=plan.time_blocks):
            rows = use & split.test
            if rows.any():
                booster = fit(features, event, use=use & (split.grow | split.calibrate), plan=plan)
                score[rows] = booster.inplace_predict(table[rows])
        return score

    return rank


def fit(features: Features, event: Truths, *, use: Truths, plan: Plan) -> xgboost.Booster:
    """Grow the trees for the chance of turning dry; more rain may never raise it."""
    rows = use & (np.arange(use.shape[1]) % plan.forecast.every_days == 0)[None, :]
    data = xgboost.QuantileDMatrix(
        features.stack()[rows], label=event[rows], max_bin=64, feature_names=features.names
    )
    signs = "(" + ",".join(str(-features.signs[name]) for name in features.names) + ")"
    settings = {
        "objective": "binary:logistic",
        "tree_method": "hist",
        "max_bin": 64,
        "max_depth": 3,
        "eta": 0.08,
        "subsample": 0.6,
        "colsample_bytree": 0.5,
        "min_child_weight": 5,
        "monotone_constraints": signs,
        "seed": plan.forecast.seed,
        "nthread": 1,
    }
    return xgboost.train(settings, data, min(TREES, plan.forecast.trees))
