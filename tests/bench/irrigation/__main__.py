"""Time import, water balance and prediction; print one JSON object."""

from __future__ import annotations

import json
import resource
from typing import Any

from irrigation import benchmark
from tests.bench.irrigation import with_database
from tests.bench.irrigation.timings import (
    DAYS,
    TREES,
    balance_cpu_s,
    import_cpu_s,
)
from tests.irrigation.shared_data import FOLDER

REGISTER = FOLDER / "magdeburg_trees_2024.parquet"


def main() -> None:
    """Measure what can be measured here; a missing file is named, not skipped in silence."""
    balance_s = balance_cpu_s()
    result: dict[str, Any] = {
        "cpu_seconds_of": "one core, best of three (import: one)",
        "balance": {
            "trees": TREES,
            "days": DAYS,
            "cpu_s": round(balance_s, 2),
            "tree_days_per_s": round(TREES * DAYS / balance_s),
        },
    }
    result["forecast_without_database"] = benchmark.measure()
    result["night_with_database"] = with_database.nights((50_000, 1_000_000))
    if REGISTER.exists():
        taken_s = import_cpu_s(REGISTER)
        result["import"] = {"trees": 91_506, "cpu_s": round(taken_s, 1)}
        result["import_with_database"] = with_database.imports(REGISTER)
    else:
        result["import"] = f"{REGISTER.name} is not here"
    result["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(result))


if __name__ == "__main__":
    main()
