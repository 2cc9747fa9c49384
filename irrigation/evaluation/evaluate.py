"""Measure the soil forecast on stations: each figure beside the baselines, with an interval.

`run` is the whole story: the soil of today by site, the coming days by site and time, turning dry.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from irrigation.arrays import Numbers, Truths
from irrigation.evaluation import scores, tasks, turning_dry
from irrigation.evaluation.crossval import Plan, Split, splits
from irrigation.evaluation.gate import LEARNED, Verdict, learn
from irrigation.evaluation.scores import SquaredErrors
from irrigation.evaluation.targets import judge
from irrigation.evaluation.tasks import Ground, Task
from irrigation.model import outlook
from irrigation.model.boosted import COVERAGE, Learned, Recipe
from irrigation.model.stations import ROOT_ZONE_MM, Panel

HOW = (
    "cross-validation within the file: the now-cast by site, everything else by site and time (the "
    "tested site and the tested quarter of the year are both unseen)"
)
logger = logging.getLogger(__name__)
DEFINITIONS = {
    "REW": "water in 0-40 cm between the site's own 5th and 95th percentile of the year "
    "(hindsight), clipped to 0..1; sensors at 5, 10 and 20 cm speak for 7.5, 7.5 and 25 cm",
    "forecast": "change of the water in 0-40 cm at a site with a sensor; what the model knows of a "
    "soil is what its sensor has shown up to that day, nothing with hindsight",
    "nowcast": "REW of today at a site without sensor, from weather and the sensors of other sites",
    "skill": "1 - RMSE / RMSE of the best baseline",
    "interval": f"{COVERAGE:.0%} interval, conformal; calibrated at sites that are neither trained "
    "on nor tested",
    "gated": "what the product would say: per fold the candidate with the lowest error at the "
    "calibration sites",
    "climatology": "mean of the sites by season, of the same year: generous to the baseline",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What every candidate said about the tested site-days; NaN elsewhere."""

    answers: dict[str, Numbers]
    low: Numbers
    high: Numbers
    verdicts: list[Verdict]


def run(panel: Panel, plan: Plan) -> dict[str, Any]:
    """Measure everything by cross-validation within one file."""
    ground = Ground.of(panel, plan.outlooks)
    cells, dry_tasks = [], {}
    for days in plan.horizons:
        for kind in plan.outlooks:
            task = forecast_task(ground, kind, days, plan)
            said = ask(panel, task, plan, days=days)
            cells.append(cell(panel, task, said, days=days, kind=kind))
            logger.info("evaluate forecast days=%d weather=%s done", days, kind)
            if days == turning_dry.WITHIN_DAYS:
                dry_tasks[kind] = task
    report = (
        {"how": HOW}
        | head(panel, plan, ground)
        | {
            "nowcast": evaluate_nowcast(panel, plan),
            "forecast": cells,
        }
    )
    if dry_tasks:
        report["turning_dry_within_7_days"] = turning_dry.evaluate(
            ground, dry_tasks, turning_dry.cross_validated(panel, plan)
        )
    return report | {"targets": judge(report)}


def forecast_task(ground: Ground, kind: str, days: int, plan: Plan) -> Task:
    """One horizon under one outlook; climatology may ask every site, the tested one too."""
    everybody = np.ones(len(ground.panel.sites), dtype=bool)
    return tasks.forecast(ground, kind, days=days, ask=everybody, warm_up_days=plan.warm_up_days)


def head(panel: Panel, plan: Plan, ground: Ground) -> dict[str, Any]:
    """What was measured on and what the words mean."""
    known = {
        kind: {
            lead: round(outlook.rain_correlation(panel, made, lead), 3) for lead in (1, 3, 7, 14)
        }
        for kind, made in ground.outlooks.items()
        if kind == "imperfect"
    }
    return {
        "sites": len(panel.sites),
        "days": len(panel.days),
        "site_days_with_soil_moisture": int(np.isfinite(panel.water_mm).sum()),
        "definitions": DEFINITIONS,
        "imperfect_weather": {"noise": outlook.NOISE, "rain_correlation_by_lead": known},
        "plan": msgspec.to_builtins(plan),
    }


def ask(panel: Panel, task: Task, plan: Plan, *, days: int) -> Said:
    """Let every candidate answer for sites and times it has not seen."""
    found = blank(task)
    for split in splits(panel, plan, days_ahead=days, blocks=plan.time_blocks):
        _answer(found, task, split, plan.forecast)
    return found


def evaluate_nowcast(panel: Panel, plan: Plan) -> dict[str, Any]:
    """The soil of today by site: the sensors of the tested sites are never asked."""
    found = blank(tasks.nowcast(panel, sensors=np.ones(len(panel.sites), dtype=bool)))
    for split in splits(panel, plan, days_ahead=0, blocks=1):
        sensors: Truths = ~np.any(split.test, axis=1)
        task = tasks.nowcast(panel, sensors=sensors)
        _answer(found, task, split, plan.nowcast, clip=(0.0, 1.0))
    logger.info("evaluate nowcast done")
    return nowcast_cell(panel, found)


def nowcast_cell(panel: Panel, said: Said) -> dict[str, Any]:
    """The figures of the now-cast."""
    truth, use = panel.extractable, np.isfinite(said.answers[LEARNED])
    rows = _rows(said, truth, use, unit="rew", scale=np.ones((len(panel.sites), 1)))
    return {"site_days": int(use.sum())} | rows


def blank(task: Task) -> Said:
    """Nothing said yet."""
    nothing = {name: np.full(task.truth.shape, np.nan) for name in (*task.baselines, LEARNED)}
    nothing["gated"] = np.full(task.truth.shape, np.nan)
    low, high = np.full(task.truth.shape, np.nan), np.full(task.truth.shape, np.nan)
    return Said(answers=nothing, low=low, high=high, verdicts=[])


def _answer(
    said: Said,
    task: Task,
    split: Split,
    recipe: Recipe,
    clip: tuple[float, float] = (-np.inf, np.inf),
) -> None:
    """Fill in the answers for one split's tested site-days."""
    test = split.test & task.usable
    if not test.any():
        return
    learned, verdict = learn(
        task.features,
        task.truth,
        task.base,
        task.baselines,
        split=split,
        usable=task.usable,
        recipe=recipe,
    )
    fill(said, task, test, learned, verdict, clip=clip)


def fill(
    said: Said,
    task: Task,
    test: Truths,
    learned: Learned,
    verdict: Verdict,
    *,
    clip: tuple[float, float] = (-np.inf, np.inf),
) -> None:
    """Write down what everybody says about the tested site-days."""
    table, base = task.features.stack()[test], task.base[test]
    said.answers[LEARNED][test] = np.clip(learned.answer(table, base), *clip)
    for name, answer in task.baselines.items():
        said.answers[name][test] = answer[test]
    chosen = said.answers[verdict.chosen][test]
    said.answers["gated"][test] = chosen
    if verdict.chosen == LEARNED:
        bounds = learned.interval(table, base)
    else:
        bounds = chosen[:, None] + np.array([-verdict.reach, verdict.reach])
    said.low[test], said.high[test] = np.clip(bounds, *clip).T
    said.verdicts.append(verdict)


def cell(panel: Panel, task: Task, said: Said, *, days: int, kind: str) -> dict[str, Any]:
    """The figures of one horizon and outlook."""
    use = task.usable & np.isfinite(said.answers[LEARNED])
    storage = panel.capacity_mm[:, None]
    return (
        {"days_ahead": days, "weather": kind, "site_days": int(use.sum())}
        | _rows(said, task.truth, use, unit="vwc", scale=np.full_like(storage, ROOT_ZONE_MM))
        | {"rmse_rew": _rows(said, task.truth, use, unit="rew", scale=storage)["rmse_rew"]}
    )


def _rows(said: Said, truth: Numbers, use: Truths, *, unit: str, scale: Numbers) -> dict[str, Any]:
    """RMSE of every candidate, skill of the learned and the gated one, coverage, verdicts."""
    errors = {
        name: SquaredErrors.of((answer - truth) / scale, use)
        for name, answer in said.answers.items()
    }
    draw = scores.draws(len(truth))
    baselines = [name for name in errors if name not in (LEARNED, "gated")]
    best = min(baselines, key=lambda name: errors[name].rmse())
    inside = (truth >= said.low) & (truth <= said.high) & use
    by_site = inside.sum(axis=1)[use.any(axis=1)] / use.sum(axis=1)[use.any(axis=1)]
    return {
        f"rmse_{unit}": {
            name: {
                "rmse": round(one.rmse(), 4),
                "interval_95_over_sites": scores.between(one.rmse(draw)),
            }
            for name, one in errors.items()
        },
        "best_baseline": best,
        "learned_against_best_baseline": scores.skill(errors[LEARNED], errors[best]),
        "gated_against_best_baseline": scores.skill(errors["gated"], errors[best]),
        "gate_chose": dict(Counter(verdict.chosen for verdict in said.verdicts)),
        "winner_over_all_folds": min([*baselines, LEARNED], key=lambda name: errors[name].rmse()),
        "interval_80": {
            "coverage": round(float(inside.sum() / use.sum()), 4),
            "interval_95_over_sites": scores.between(
                (draw @ inside.sum(axis=1)) / np.maximum(draw @ use.sum(axis=1), 1)
            ),
            "coverage_by_site_5_to_95_percent": [
                round(float(value), 3) for value in np.quantile(by_site, [0.05, 0.95])
            ],
            "mean_width": round(float(((said.high - said.low) / scale)[use].mean()), 4),
        },
    }


def table(report: dict[str, Any]) -> Iterable[str]:
    """The report for a terminal."""
    now = report["nowcast"]
    yield f"{report['sites']} sites, {report['site_days_with_soil_moisture']} site-days"
    yield "REW now-cast, RMSE: " + ", ".join(
        f"{name} {row['rmse']:.3f}" for name, row in now["rmse_rew"].items()
    )
    for item in report["forecast"]:
        skill = item["gated_against_best_baseline"]
        yield (
            f"{item['days_ahead']:>2} d, {item['weather']:<9} weather, RMSE (VWC): "
            + ", ".join(f"{name} {row['rmse']:.4f}" for name, row in item["rmse_vwc"].items())
            + f"; skill {skill['skill']:.2f} {skill['interval_95_over_sites']} over "
            f"{item['best_baseline']}; 80 % interval covers {item['interval_80']['coverage']:.1%}; "
            f"gate {item['gate_chose']}"
        )
    for name, row in report.get("turning_dry_within_7_days", {}).items():
        if isinstance(row, dict) and row["average_precision"] is not None:
            yield f"turning dry, {name}: {row['average_precision']:.3f}"
    for target in report["targets"]:
        yield f"{'met   ' if target['met'] else 'MISSED'} {target['name']}: {target['value']}"
