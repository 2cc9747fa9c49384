"""Import and nightly run with a private PostGIS: what a city waits for, by the clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from gis.postgis.load_city import load_city
from irrigation.night import nightly
from irrigation.simulated import simulate
from irrigation.trees import cadastre_mapping, load
from irrigation.trees.load import Wanted
from irrigation.trees.tree_profile import TreeProfile
from tests.irrigation.a_city import DAY, MUSTERSTADT
from tests.postgres import fresh_database, make_template, private_cluster

MULTIPLY = """
INSERT INTO trees (tree_key, number, status, genus, species, species_german, planted_year, girth_cm,
    crown_m, height_m, street, area, district_id, geom, source, first_seen_on, last_seen_on)
SELECT tree_key || '/' || copy, number, status, genus, species, species_german,
    planted_year - copy % 5, girth_cm + copy % 17, crown_m, height_m, street, area, district_id,
    geom, source, first_seen_on, last_seen_on
FROM trees, generate_series(1, {copies}) AS copy WHERE status = 'standing'
"""
INPUTS = """
INSERT INTO tree_inputs
SELECT copy.tree_id, one.site_age_years, one.age_source, one.pit_m2 + copy.tree_id % 9 * 0.5,
    one.pit_is_default, one.soil, one.soil_is_default, one.capacity_mm,
    one.pit_m2 + copy.tree_id % 9 * 0.5, one.interception_share, one.demand_factor, one.easy_share
FROM trees AS copy
JOIN trees ON copy.tree_key LIKE trees.tree_key || '/%' AND split_part(copy.tree_key, '/', 4) <> ''
    AND trees.tree_key = split_part(copy.tree_key, '/', 1) || '/'
        || split_part(copy.tree_key, '/', 2) || '/' || split_part(copy.tree_key, '/', 3)
JOIN tree_inputs AS one ON one.tree_id = trees.tree_id
"""


def imports(register: Path) -> dict[str, Any]:
    """The register twice: all new, then unchanged with its difference report."""
    wanted = Wanted(
        [register], cadastre_mapping.load("magdeburg"), TreeProfile(), None, simulated=False
    )
    found = {}
    with private_cluster(durable=True) as cluster:
        make_template(cluster)
        with fresh_database(cluster) as url:
            for name in ("first_s", "again_s"):
                began = time.perf_counter()
                done = load.load(url, wanted, on=DAY)
                found[name] = round(time.perf_counter() - began, 1)
    return {"trees": done.rows, **found}


def nights(sizes: tuple[int, ...]) -> list[dict[str, Any]]:
    """One nightly run for each size, from reading the trees to the archive and its event."""
    found = []
    with private_cluster(durable=True) as cluster:
        make_template(cluster)
        for trees in sizes:
            with fresh_database(cluster) as url:
                _plant(url, trees)
                began = time.perf_counter()
                done = nightly.run(url, for_day=DAY, now=datetime(2026, 7, 14, 5, tzinfo=UTC))
                taken_s = time.perf_counter() - began
                found.append({"trees": done.trees, "states": done.states, "s": round(taken_s, 1)})
    return found


def _plant(url: str, trees: int) -> None:
    """Musterstadt many times over: other years, girths and pits on the same spots."""
    load_city(url, MUSTERSTADT)
    load.load(url, load.of_folder(MUSTERSTADT, simulated=True), on=DAY)
    simulate.fill(url, until=DAY)
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM tree_inputs").fetchone()
        copies = -(-trees // 574) - 1 if row else 0
        connection.execute(MULTIPLY.format(copies=copies).encode())
        connection.execute(INPUTS.encode())
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")
