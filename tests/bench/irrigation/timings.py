"""What is timed, once: used by the benchmark's report and by the tests that hold its limits.

CPU seconds of one core, so that other work on the machine does not count.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from irrigation.balance.water_balance import Plots, run
from irrigation.model import released
from irrigation.trees import cadastre, cadastre_mapping

TREES, DAYS = 1_000_000, 14
PREDICTED_ROWS = 100_000


def best_cpu_s(work: Callable[[], object], *, rounds: int) -> float:
    """The best of some rounds."""
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def balance_cpu_s() -> float:
    """The water balance of a million different trees for two weeks, float32."""
    random = np.random.default_rng(7)

    def column(low: float, high: float) -> np.ndarray:
        return random.uniform(low, high, TREES).astype(np.float32)

    plots = Plots(
        capacity_mm=column(20, 150),
        pit_m2=column(1, 12),
        catchment_m2=column(1, 20),
        interception_share=column(0.1, 0.4),
        demand_factor=column(0.4, 1.1),
        easy_share=column(0.3, 0.6),
    )
    start, rain = plots.capacity_mm * column(0, 1), random.gamma(0.3, 6, DAYS)
    et0 = np.full(DAYS, 4.0)
    return best_cpu_s(
        lambda: run(plots, depletion_mm=start, rain_mm=rain, et0_mm=et0),
        rounds=3,
    )


def import_cpu_s(path: Path) -> float:
    """A whole register, read and judged."""
    mapping, day = cadastre_mapping.load("magdeburg"), datetime.date(2026, 6, 1)
    return best_cpu_s(lambda: cadastre.load([path], mapping, on=day), rounds=1)


def predict_cpu_s(release: released.Release) -> float:
    """Row by row through the released 7-day model: what each tree and day would cost."""
    learned, _ = release.learned("forecast-7-imperfect")
    random = np.random.default_rng(7)
    table = random.normal(0, 10, (PREDICTED_ROWS, len(learned.names)))
    return best_cpu_s(lambda: learned.answer(table, np.zeros(PREDICTED_ROWS)), rounds=3)
