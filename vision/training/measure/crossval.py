"""Train on some roads, measure on others: regions and folds of roads left out, fewer roads.

The released model's test roads come from the surveys it was trained on. What it does in
another region is only known by leaving one out; on other roads of the same surveys, by
folds of roads; whether more roads would help, by training on fewer. What else was tried is
the recipe with one change each. All trainings here are short and equal, so they compare with
each other, not with the released model. Test roads are never looked at.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from vision.runtime import model_file
from vision.runtime.detections import DAMAGE_CLASSES
from vision.training.data import manifest
from vision.training.data.manifest import Picture
from vision.training.measure import evaluate
from vision.training.measure.average_precision import (
    Scored,
    average_precision,
    best_f1,
    drawn_precisions,
)
from vision.training.recipe import Recipe, changed

logger = logging.getLogger(__name__)

FOLDS = 3
SHARES = (0.25, 0.5, 1.0)  # of the training roads, each a part of the next
MEANS = {"mean of left-out regions": "region left out", "mean of folds": "fold of roads"}
MEASURES = {"D40": ["D40"], evaluate.ANY: list(DAMAGE_CLASSES)}

Trainer = Callable[[Recipe, Path], Path]
"""Trains a recipe in a folder and returns the model file to measure."""


@dataclass(frozen=True, slots=True)
class Study:
    """One short training, and what it answers."""

    kind: str  # "region left out", "fold of roads", "share of roads" or "tried"
    name: str
    recipe: Recipe


def studies(recipe: Recipe, pictures: list[Picture], *, epochs: int) -> Iterator[Study]:
    """List the trainings of a cross-validation, the most telling first."""
    short = msgspec.structs.replace(
        recipe, schedule=msgspec.structs.replace(recipe.schedule, epochs=epochs)
    )
    usable = [p for p in pictures if manifest.role_of(p, recipe.data) in {"train", "development"}]
    for region in recipe.data.regions:
        held = sorted({p.group for p in usable if p.group.startswith(region)})
        yield Study("region left out", region, _holding(short, held))
    for number, held in enumerate(folds(usable, seed=recipe.schedule.seed), start=1):
        yield Study("fold of roads", f"{number} of {FOLDS}", _holding(short, held))
    roads = sorted({p.group for p in pictures if manifest.role_of(p, recipe.data) == "train"})
    shuffled = [
        roads[i] for i in np.random.default_rng(recipe.schedule.seed).permutation(len(roads))
    ]
    for share in SHARES:
        rest = sorted(shuffled[round(share * len(roads)) :])
        data = msgspec.structs.replace(
            recipe.data, left_out_groups=[*recipe.data.left_out_groups, *rest]
        )
        yield Study("share of roads", f"{share:g}", msgspec.structs.replace(short, data=data))
    for variant in recipe.variants:
        yield Study("tried", variant.name, changed(short, variant.changes))


def folds(pictures: list[Picture], *, seed: int) -> list[list[str]]:
    """Deal roads to folds, each road to the one with the fewest pictures so far.

    Roads come in random order, so that each fold has roads of every region.
    """
    sizes = Counter(picture.group for picture in pictures)
    roads = sorted(sizes)
    dealt: list[list[str]] = [[] for _ in range(FOLDS)]
    for index in np.random.default_rng(seed).permutation(len(roads)):
        smallest = min(dealt, key=lambda fold: sum(sizes[road] for road in fold))
        smallest.append(roads[index])
    return [sorted(fold) for fold in dealt]


def _holding(recipe: Recipe, held: list[str]) -> Recipe:
    """Hold these roads back for measuring, and train on all others."""
    data = msgspec.structs.replace(
        recipe.data, development_groups=held, development_splits_by_prefix={}
    )
    return msgspec.structs.replace(recipe, data=data)


def run(
    recipe: Recipe, pictures: list[Picture], *, epochs: int, out: Path, train: Trainer
) -> dict[str, Any]:
    """Do the trainings not done yet, measure each on its held-out roads, sum up.

    Each training's figures are kept in `out/<kind>/<name>/figures.json`, so the same call
    goes on where it was stopped.
    """
    done: dict[str, dict[str, Any]] = {}
    for study in studies(recipe, pictures, epochs=epochs):
        folder = out / study.kind.replace(" ", "-") / study.name
        kept = folder / "figures.json"
        if not kept.is_file():
            logger.info("training kind=%s name=%s", study.kind, study.name)
            figures = measure(train(study.recipe, folder), folder, pictures)
            kept.write_text(json.dumps(figures, indent=1))
        done.setdefault(study.kind, {})[study.name] = json.loads(kept.read_text())
        (out / "crossval.json").write_text(json.dumps(summary(done, epochs), indent=1))
    return summary(done, epochs)


def measure(model: Path, folder: Path, pictures: list[Picture]) -> dict[str, Any]:
    """Measure one training on the roads it held out, with draws of the bootstrap by road."""
    layout = folder / "dataset"
    cases = evaluate.look(
        model_file.load(model),
        images=layout / "images/development",
        labels=layout / "labels/development",
    )
    road_of = {p.path.name: p.group for p in pictures}
    roads = [road_of[case.name] for case in cases]
    trained = json.loads((layout / "dataset.json").read_text())["train"]
    figures: dict[str, Any] = {
        "pictures": len(cases),
        "roads": len(set(roads)),
        "trained_pictures": trained["pictures"],
        "trained_roads": trained["groups"],
    }
    for name, classes in MEASURES.items():
        scored = (
            evaluate.of_class(cases, name)
            if len(classes) == 1
            else evaluate.any_damage(cases, classes)
        )
        figures[name] = _figures(scored, roads)
    return figures


def _figures(scored: list[Scored], roads: list[str]) -> dict[str, Any]:
    point = best_f1(scored)
    return {
        "n": sum(picture.labels for picture in scored),
        "ap50": average_precision(scored),
        "best_f1": point.f1 if point else None,
        "draws": drawn_precisions(scored, roads, repeats=evaluate.REPEATS),
    }


def summary(done: dict[str, dict[str, Any]], epochs: int) -> dict[str, Any]:
    """Turn draws into 95 % intervals, and average the left-out regions and the folds."""
    told: dict[str, Any] = {"epochs": epochs}
    for kind, parts in done.items():
        told[kind] = {name: _told(figures) for name, figures in parts.items()}
    for name, kind in MEANS.items():
        parts = done.get(kind, {})
        if len(parts) > 1:
            told[name] = {
                measure: _mean([figures[measure] for figures in parts.values()])
                for measure in MEASURES
            }
    return told


def _told(figures: dict[str, Any]) -> dict[str, Any]:
    told = dict(figures)
    for name in MEASURES:
        row = {key: value for key, value in figures[name].items() if key != "draws"}
        told[name] = row | {"ap50_interval_95": interval(figures[name]["draws"])}
    return told


def _mean(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Average over regions or folds; the interval draws roads within each of them anew."""
    known = [row for row in rows if row["ap50"] is not None and row["draws"]]
    shortest = min((len(row["draws"]) for row in known), default=0)
    together = np.mean([row["draws"][:shortest] for row in known], axis=0) if known else []
    f1 = [row["best_f1"] or 0.0 for row in known]
    return {
        "parts": len(known),
        "ap50": float(np.mean([row["ap50"] for row in known])) if known else None,
        "best_f1": float(np.mean(f1)) if known else None,
        "ap50_interval_95": interval(list(together)),
    }


def interval(drawn: list[float]) -> list[float] | None:
    """Return the middle 95 % of draws; None without any."""
    return [float(x) for x in np.percentile(drawn, [2.5, 97.5])] if len(drawn) else None
