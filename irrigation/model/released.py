"""A released soil model: a folder of UBJ files and one card, and how it does at sites it never saw.

Trained on grass plots in the USA, without any sensor under a city tree. Wherever its answer is
shown it must be called what it is: see `LABEL`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xgboost

from irrigation.arrays import Numbers, Truths
from irrigation.errors import ModelError
from irrigation.evaluation import evaluate, tasks, turning_dry
from irrigation.evaluation.crossval import Plan, Split
from irrigation.evaluation.gate import Verdict, learn
from irrigation.evaluation.targets import judge
from irrigation.evaluation.tasks import Ground
from irrigation.model.boosted import Learned, load, save
from irrigation.model.features import Features
from irrigation.model.stations import FEWEST_SITES, Panel

SHIPPED = Path(__file__).parents[1] / "models"
LABEL = {
    "de": "Wasserbilanz (Modell), ohne Messwerte aus dieser Stadt trainiert",
    "en": "water balance (model), trained without any sensor of this city",
}
HOW = (
    "the released model {name}, at {sites} sites it has not seen (same year as its training, so "
    "unseen in place, not in time)"
)


@dataclass(frozen=True, slots=True)
class Release:
    """A model folder, read and checked against its card."""

    folder: Path
    card: dict[str, Any]

    def learned(self, part: str) -> tuple[Learned, Verdict]:
        """One part: "nowcast" or "forecast-DAYS-OUTLOOK"."""
        about = self.card["parts"].get(part)
        if about is None:
            raise ModelError(f"{self.folder} has no part {part!r}; train it with this horizon")
        verdict = Verdict(**about["gate"])
        return load(self.folder / part, about), verdict

    def ranking(self, variant: str) -> xgboost.Booster:
        """The booster that ranks by the chance of turning dry."""
        path = self.folder / f"dry-{variant}.ubj"
        _same(path, self.card["rankings"][variant])
        return xgboost.Booster(model_file=str(path))


def newest(folder: Path = SHIPPED) -> Release | None:
    """The newest released model, or None where none is installed."""
    cards = sorted(folder.glob("soil-*/card.json"), key=lambda path: _version(path.parent.name))
    return read(cards[-1].parent) if cards else None


def read(folder: Path) -> Release:
    """Read a model folder; raises ModelError without a card."""
    path = folder / "card.json"
    if not path.exists():
        raise ModelError(f"{folder} holds no card.json; a model without its card is not used")
    return Release(folder=folder, card=json.loads(path.read_text()))


def train(panel: Panel, plan: Plan, folder: Path) -> dict[str, Any]:
    """Train every part on all sites, write the files, return what the card must say of them."""
    split = _all_sites(panel, plan)
    ground = Ground.of(panel, plan.outlooks)
    now = tasks.nowcast(panel, sensors=np.ones(len(panel.sites), dtype=bool))
    parts = {"nowcast": _part(now, split, plan, folder / "nowcast", nowcast=True)}
    rankings = {}
    event, known = turning_dry.events(panel)
    for days in plan.horizons:
        for kind in plan.outlooks:
            task, name = evaluate.forecast_task(ground, kind, days, plan), f"forecast-{days}-{kind}"
            parts[name] = _part(task, split, plan, folder / name, nowcast=False)
            if days != turning_dry.WITHIN_DAYS:
                continue
            for variant, features in turning_dry.variants(panel, task):
                booster = turning_dry.fit(features, event, use=known & task.usable, plan=plan)
                path = folder / f"dry-{kind}-{variant}.ubj"
                booster.save_model(path)
                rankings[f"{kind}-{variant}"] = _sha256(path)
    return {"parts": parts, "rankings": rankings, "sites": [str(site) for site in panel.sites]}


def unseen(release: Release, panel: Panel) -> Truths:
    """Which of the panel's sites the model was not trained on."""
    return ~np.isin(panel.sites, release.card["trained_on"]["sites"])


def run(release: Release, panel: Panel, plan: Plan) -> dict[str, Any]:
    """Measure a released model at the sites of a panel; all of them must be unseen."""
    if not unseen(release, panel).all():
        raise ModelError("the model was trained on some of these sites; leave them out first")
    ground = Ground.of(panel, plan.outlooks)
    cells, dry_tasks = [], {}
    for days in plan.horizons:
        for kind in plan.outlooks:
            task = evaluate.forecast_task(ground, kind, days, plan)
            said = evaluate.blank(task)
            learned, verdict = release.learned(f"forecast-{days}-{kind}")
            evaluate.fill(said, task, task.usable, learned, verdict)
            cells.append(evaluate.cell(panel, task, said, days=days, kind=kind))
            if days == turning_dry.WITHIN_DAYS:
                dry_tasks[kind] = task
    now = tasks.nowcast(panel, sensors=np.ones(len(panel.sites), dtype=bool))
    said = evaluate.blank(now)
    evaluate.fill(said, now, now.usable, *release.learned("nowcast"), clip=(0.0, 1.0))
    name = release.card["name"] + " " + release.card["version"]
    report = {
        "how": HOW.format(name=name, sites=len(panel.sites)),
        **evaluate.head(panel, plan, ground),
        "nowcast": evaluate.nowcast_cell(panel, said),
        "forecast": cells,
    }
    if dry_tasks:
        dry = turning_dry.evaluate(ground, dry_tasks, _rank_with(release))
        report["turning_dry_within_7_days"] = dry
    return report | {"targets": judge(report)}


def measure(panel: Panel, plan: Plan, release: Release | None) -> dict[str, Any]:
    """The report for any file: the released model where it is unseen, and cross-validation.

    With enough unseen sites the released model's figures stand first: that is what a city would
    get. Otherwise the cross-validation's do.
    """
    folds = evaluate.run(panel, plan)
    if release is None:
        return folds
    new = unseen(release, panel)
    if int(new.sum()) < FEWEST_SITES:
        seen = {"sites_not_seen_in_training": int(new.sum()), "needed": FEWEST_SITES}
        return folds | {"released_model_at_unseen_sites": seen}
    return run(release, panel.only(new), plan) | {"within_file_cross_validation": folds}


def _rank_with(release: Release) -> turning_dry.Rank:
    def rank(variant: str, features: Features, event: Truths, use: Truths) -> Numbers:
        score = np.full(event.shape, -np.inf)
        score[use] = release.ranking(variant).inplace_predict(features.stack()[use])
        return score

    return rank


def _part(
    task: tasks.Task, split: Split, plan: Plan, folder: Path, *, nowcast: bool
) -> dict[str, Any]:
    learned, verdict = learn(
        task.features,
        task.truth,
        task.base,
        task.baselines,
        split=split,
        usable=task.usable,
        recipe=plan.nowcast if nowcast else plan.forecast,
    )
    gate = {"chosen": verdict.chosen, "errors": verdict.errors, "reach": verdict.reach}
    return save(learned, folder) | {"gate": gate}


def _all_sites(panel: Panel, plan: Plan) -> Split:
    """Grow on most sites, calibrate on the others, test on none."""
    random, (sites, days) = np.random.default_rng(plan.seed), panel.water_mm.shape
    kept = np.zeros(sites, dtype=bool)
    kept[random.permutation(sites)[: max(1, round(sites * plan.calibration_share))]] = True
    every = np.ones(days, dtype=bool)
    none = np.zeros((sites, days), dtype=bool)
    return Split(grow=~kept[:, None] & every, calibrate=kept[:, None] & every, test=none)


def _same(path: Path, sha256: str) -> None:
    if not path.exists() or _sha256(path) != sha256:
        raise ModelError(f"{path} is not the file its card describes; install the model again")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _version(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.rsplit("-", 1)[1].split("."))
