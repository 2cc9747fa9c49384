"""A whole city's register, read and judged."""

from __future__ import annotations

from tests.bench.irrigation.timings import import_cpu_s
from tests.irrigation.shared_data import tree_file


def test_magdeburg_is_imported_in_less_than_thirty_seconds() -> None:
    assert import_cpu_s(tree_file("magdeburg_trees_2024.parquet")) < 30
