"""A whole city's register, read and judged."""

from __future__ import annotations

import datetime
import time

from irrigation import cadastre, cadastre_mapping
from tests.irrigation.shared_data import tree_file


def test_magdeburg_is_imported_in_less_than_thirty_seconds() -> None:
    path, mapping = tree_file("magdeburg_trees_2024.parquet"), cadastre_mapping.load("magdeburg")
    began = time.perf_counter()
    found = cadastre.load([path], mapping, on=datetime.date(2026, 6, 1))
    taken_s = time.perf_counter() - began
    print(f"import: {len(found.trees):,} trees in {taken_s:.1f} s")  # noqa: T201
    assert taken_s < 30
