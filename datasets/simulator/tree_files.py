"""Write Musterstadt's trees and sensors down, as a town hall would export them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

from simulator.plan import ORIGIN_EASTING_M, ORIGIN_NORTHING_M
from simulator.street_trees import StreetTree, plant, sensor_trees
from simulator.utm import to_wgs84

COLUMNS = [
    "baum_nr",
    "art_botan",
    "art_deut",
    "pflanzjahr",
    "stammumfang_cm",
    "krone_m",
    "hoehe_m",
    "baumscheibe_m2",
    "bodenart",
    "strasse",
    "stadtteil",
    "gefaellt",
    "laenge",
    "breite",
]
MAPPING = """# Tree register of Musterstadt: invented, with the faults of a real one.
city = "Musterstadt"
source = "Musterstadt, Baumkataster (simulated)"
licence = "CC0-1.0"
bounds_deg = [11.85, 51.52, 11.95, 51.58]
separator = ";"

[columns]
number = ["baum_nr"]
species = ["art_botan"]
species_german = ["art_deut"]
planted_year = ["pflanzjahr"]
girth_cm = ["stammumfang_cm"]
crown_m = ["krone_m"]
height_m = ["hoehe_m"]
pit_m2 = ["baumscheibe_m2"]
soil = ["bodenart"]
street = ["strasse"]
area = ["stadtteil"]
felled = ["gefaellt"]

[position]
x = ["laenge"]
y = ["breite"]
crs = "EPSG:4326"

[words]
group = ["baumgruppe"]
gap = ["leerstelle"]
unknown = ["unbekannt"]

[soils]
sand = "sand"
"lehmiger sand" = "loamy_sand"
"sandiger lehm" = "sandy_loam"
lehm = "loam"
schluff = "silt"
ton = "clay"
pflanzsubstrat = "substrate"
"""


def write_trees(folder: Path, *, seed: int) -> None:
    """Write trees.csv, its mapping trees.toml, and sensors.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    trees = plant(seed=seed)
    (folder / "trees.toml").write_text(MAPPING, encoding="utf-8")
    _write(folder / "trees.csv", COLUMNS, [_row(tree) for tree in trees])
    sensors = [
        [f"ms-sensor-{place:02d}", f"70B3D5000000{place:04X}", tree.number, "40"]
        for place, tree in enumerate(sensor_trees(trees, seed=seed), start=1)
    ]
    _write(folder / "sensors.csv", ["sensor_id", "device_eui", "tree_number", "depth_cm"], sensors)


def _row(tree: StreetTree) -> list[str]:
    longitude, latitude = to_wgs84(
        np.array([tree.x_m + ORIGIN_EASTING_M]), np.array([tree.y_m + ORIGIN_NORTHING_M])
    )
    measures = (tree.planted_year, tree.girth_cm, tree.crown_m, tree.height_m, tree.pit_m2)
    return [
        tree.number,
        tree.species,
        tree.german,
        *("" if value is None else f"{value:g}" for value in measures),
        tree.soil,
        tree.street,
        tree.district,
        "ja" if tree.felled else "nein",
        f"{float(longitude[0]):.7f}",
        f"{float(latitude[0]):.7f}",
    ]


def _write(path: Path, head: list[str], rows: list[list[str]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerows([head, *rows])
    path.write_text(text.getvalue(), encoding="utf-8")
