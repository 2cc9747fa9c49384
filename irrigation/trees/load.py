"""`stadtwart irrigation load`: a city's trees and sensors into its database, again and again."""

from __future__ import annotations

import csv
import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from gis.postgis.queries import query
from irrigation.errors import CadastreError
from irrigation.trees import cadastre, cadastre_mapping, register, tree_profile
from irrigation.trees.cadastre_mapping import Mapping
from irrigation.trees.register import Imported
from irrigation.trees.tree_profile import TreeProfile


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be loaded."""

    files: list[Path]
    mapping: Mapping
    profile: TreeProfile
    sensors: Path | None
    simulated: bool


def of_folder(folder: Path, *, simulated: bool) -> Wanted:
    """A city folder: trees.csv (or .gpkg, .geojson, .shp) read by trees.toml, sensors.csv."""
    files = [path for path in sorted(folder.glob("trees.*")) if path.suffix != ".toml"]
    if not files or not (folder / "trees.toml").is_file():
        raise CadastreError(
            f"{folder} has no trees: put the register there as trees.csv (or .gpkg, .geojson) and "
            "its mapping as trees.toml"
        )
    sensors = folder / "sensors.csv"
    return Wanted(
        files=files[:1],
        mapping=cadastre_mapping.load(str(folder / "trees.toml")),
        profile=tree_profile.read(folder),
        sensors=sensors if sensors.is_file() else None,
        simulated=simulated,
    )


def load(url: str, wanted: Wanted, *, on: datetime.date) -> Imported:
    """Store profile, trees and sensors in one transaction; the owner does this, not the app."""
    found = cadastre.load(wanted.files, wanted.mapping, on=on)
    with psycopg.connect(url) as connection:
        body = msgspec.json.encode(wanted.profile).decode()
        connection.execute(query("tree_profile_store"), {"body": body})
        done = register.store(connection, found, wanted.mapping, wanted.profile.tree_ground, on=on)
        if wanted.sensors is not None:
            _store_sensors(connection, wanted.sensors, simulated=wanted.simulated)
    return done


def _store_sensors(connection: psycopg.Connection, file: Path, *, simulated: bool) -> None:
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    needed = {"sensor_id", "tree_number", "depth_cm"}
    if not rows or not needed <= set(rows[0]):
        raise CadastreError(
            f"{file} needs the columns sensor_id;tree_number;depth_cm (and may have device_eui, "
            "wilting_vol, capacity_vol), separated by semicolons"
        )
    values: dict[str, Any] = {
        "sensor_id": [row["sensor_id"] for row in rows],
        "device_eui": [(row.get("device_eui") or "").upper() or None for row in rows],
        "tree_number": [row["tree_number"] for row in rows],
        "depth_cm": [_number(file, row["depth_cm"]) for row in rows],
        "wilting_vol": [_number(file, row.get("wilting_vol")) for row in rows],
        "capacity_vol": [_number(file, row.get("capacity_vol")) for row in rows],
        "simulated": simulated,
    }
    stored = {row[0] for row in connection.execute(query("sensor_store"), values).fetchall()}
    lost = [row for row in rows if row["sensor_id"] not in stored]
    if lost:
        raise CadastreError(
            f"{file}: sensor {lost[0]['sensor_id']} names tree {lost[0]['tree_number']!r}, which "
            "the register has not, or has more than once"
        )


def _number(file: Path, text: str | None) -> float | None:
    if not text:
        return None
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise CadastreError(f"{file}: {text!r} is no number") from None
