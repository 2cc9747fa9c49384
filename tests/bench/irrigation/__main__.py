"""Time import, water balance and prediction; print one JSON object."""

from __future__ import annotations

import json
import resource
from typing import Any

from irrigation import released
from tests.bench.irrigation.timings import (
    DAYS,
    PREDICTED_ROWS,
    TREES,
    balance_cpu_s,
    import_cpu_s,
    predict_cpu_s,
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
    release = released.newest()
    if release is not None:
        predict_s = predict_cpu_s(release)
        rows_per_s = PREDICTED_ROWS / predict_s
        result["predict_row_by_row"] = {
            "rows": PREDICTED_ROWS,
            "cpu_s": round(predict_s, 2),
            "rows_per_s": round(rows_per_s),
        }
        result["balance_over_row_by_row_prediction"] = round(TREES * DAYS / balance_s / rows_per_s)
    if REGISTER.exists():
        taken_s = import_cpu_s(REGISTER)
        result["import"] = {"trees": 91_506, "cpu_s": round(taken_s, 1)}
    else:
        result["import"] = f"{REGISTER.name} is not here"
    result["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(result))


if __name__ == "__main__":
    main()
