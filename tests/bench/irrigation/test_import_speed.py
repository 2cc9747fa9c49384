"""A whole city's register, read and judged."""

from __future__ import annotations

import datetime
import time

from irrigation import cadastre, cadastre_mapping
from tests.irrigation.shared_data import tree_file


def test_magdeburg_is_imported_in_less_than_thirty_seconds() -> None:
    path, mapping = tree_file("magdeburg_trees_2024.parquet"), cadastre_mapping.load("magdeburg")
    began = time.process_time()
    found = cadastre.load([path], mapping, on=datetime.date(2026, 6, 1))
    taken_cpu_s = time.process_time() - began
    print(f"import: {len(found.trees):,} trees in {taken_cpu_s:.1f} CPU s")  # noqa: T201
    assert taken_cpu_s < 30
