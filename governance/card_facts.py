"""What a model card says, in one form for all models: read from cards of detector and watering."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

TASKS = {"road-damage": "object-detection", "soil": "tabular-regression"}
LIBRARIES = {"road-damage": "onnxruntime", "soil": "xgboost"}


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure of the card's evaluation."""

    split: str
    metric: str
    value: float
    low: float | None = None  # 95 % interval
    high: float | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """A data set that a model learned from or was measured on."""

    name: str
    use: str
    sha256: str | None


def task_of(card: Mapping[str, Any]) -> str:
    """Return the Hugging Face task of a model."""
    return TASKS.get(str(card["name"]), "other")


def figures_of(card: Mapping[str, Any]) -> list[Measured]:
    """Return the card's figures, whichever model it is of."""
    report = card["evaluation"]
    return list(_soil(report) if "nowcast" in report else _detector(report))


def datasets_of(card: Mapping[str, Any]) -> list[Learned]:
    """Return what the model learned from."""
    if trained := card.get("trained_on"):
        return [Learned(trained["file"], "training and evaluation", trained["sha256"])]
    sets = card["training"]["dataset"]
    return [Learned(f"road pictures, {use}", use, one["digest"]) for use, one in sets.items()]


def _detector(report: Mapping[str, Any]) -> Iterator[Measured]:
    for split, result in report.items():
        rows = {**result["classes"], "any damage": result["any_damage"]}
        for name, row in rows.items():
            if row.get("ap50") is not None:
                low, high = row.get("ap50_interval_95") or (None, None)
                yield Measured(split, f"AP50 {name}", row["ap50"], low, high, row["n"])
        alarms = result["false_positives_per_image"]
        yield Measured(split, "false alarms per picture", alarms, n=result["images"])


def _soil(report: Mapping[str, Any]) -> Iterator[Measured]:
    now = report["nowcast"]
    for name, row in now["rmse_rew"].items():
        low, high = row["interval_95_over_sites"]
        yield Measured("soil water today", f"RMSE (REW) {name}", row["rmse"], low, high)
    covered = now["interval_80"]["coverage"]
    yield Measured("soil water today", "80 % interval covers", covered, n=now["site_days"])
    for cell in report["forecast"]:
        skill = cell["gated_against_best_baseline"]
        low, high = skill["interval_95_over_sites"]
        split = f"{cell['days_ahead']} days ahead, {cell['weather']} weather"
        metric = f"skill over {cell['best_baseline']}"
        yield Measured(split, metric, skill["skill"], low, high, cell["site_days"])
