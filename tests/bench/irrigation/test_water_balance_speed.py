"""A million trees for two weeks, in a second on two cores."""

from __future__ import annotations

import time

import numpy as np

from irrigation.water_balance import Plots, run


def test_a_million_trees_for_two_weeks_take_less_than_a_second() -> None:
    """Best of three, float32. CPU seconds of one core: other work on the machine does not count."""
    count, days = 1_000_000, 14
    random = np.random.default_rng(7)

    def column(low: float, high: float) -> np.ndarray:
        return random.uniform(low, high, count).astype(np.float32)

    plots = Plots(
        capacity_mm=column(20, 150),
        pit_m2=column(1, 12),
        catchment_m2=column(1, 20),
        interception_share=column(0.1, 0.4),
        demand_factor=column(0.4, 1.1),
        easy_share=column(0.3, 0.6),
    )
    start = plots.capacity_mm * column(0, 1)
    rain = random.gamma(0.3, 6, days)
    best_cpu_s = np.inf
    for _ in range(3):
        began = time.process_time()
        account = run(plots, depletion_mm=start, rain_mm=rain, et0_mm=np.full(days, 4.0))
        best_cpu_s = min(best_cpu_s, time.process_time() - began)
    assert account.depletion_mm.shape == (days, count)
    print(f"water balance: 1,000,000 trees x 14 days in {best_cpu_s:.2f} CPU s")  # noqa: T201
    assert best_cpu_s < 1.0
