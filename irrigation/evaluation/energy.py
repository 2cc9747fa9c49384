"""What a thousand forecasts cost in energy, written into a released soil model's card."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from governance.energy import EnergyMeter
from irrigation.evaluation import card, evaluate, tasks
from irrigation.evaluation.crossval import Plan
from irrigation.evaluation.tasks import Ground
from irrigation.model.released import Release
from irrigation.model.stations import Panel


def measure(release: Release, panel: Panel, *, stated_w: float | None) -> dict[str, Any]:
    """Compute features and answers for every site-day; return the card's field `energy`.

    One forecast is one answer with its interval: today's soil, or one horizon under an outlook.
    `stated_w`: the machine's power in watts, used where the processor has no readable counter.
    """
    plan, answers = Plan(), 0
    with EnergyMeter(stated_w=stated_w) as meter:
        ground = Ground.of(panel, plan.outlooks)
        everybody = np.ones(len(panel.sites), dtype=bool)
        asked = {"nowcast": tasks.nowcast(panel, sensors=everybody)}
        for days in plan.horizons:
            for kind in plan.outlooks:
                name = f"forecast-{days}-{kind}"
                asked[name] = evaluate.forecast_task(ground, kind, days, plan)
        for name, task in asked.items():
            learned, _ = release.learned(name)
            table, base = task.features.stack()[task.usable], task.base[task.usable]
            learned.answer(table, base)
            learned.interval(table, base)
            answers += len(base)
            meter.tick()
    wh = meter.reading.per(answers)
    return {
        "wh_per_1000_forecasts": None if wh is None else round(wh, 6),
        "forecasts": answers,
        "seconds": round(meter.reading.seconds, 3),
        "method": meter.reading.method,
        "work": "balance, features, answer and interval; one thread",
    }


def write(release: Release, energy: dict[str, Any]) -> None:
    """Put the field into the model folder's card.json and card.md."""
    content = release.card | {"energy": energy}
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    (release.folder / "card.json").write_text(text)
    (release.folder / "card.md").write_text(card.render(content))
