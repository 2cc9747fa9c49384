"""Read a register's file as it is: text and numbers by column, and WGS 84 positions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import pyogrio.errors
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from irrigation.arrays import Numbers
from irrigation.errors import CadastreError
from irrigation.trees.cadastre_mapping import Mapping

TABLES = {".csv", ".txt", ".parquet"}
MOST_OUTSIDE = 0.05  # more trees than this share outside the city: the CRS is wrong, not the trees


@dataclass(frozen=True, slots=True)
class Register:
    """The rows of a file, in its own words, with a position each."""

    rows: pd.DataFrame
    longitude_deg: Numbers
    latitude_deg: Numbers


def read(path: Path, mapping: Mapping) -> Register:
    """Read CSV, Parquet, or what GDAL knows: GeoPackage, Shapefile, GeoJSON (also from a WFS).

    Raises CadastreError for a missing file, a missing column, and for positions outside the city.
    """
    if not path.exists():
        raise CadastreError(f"{path} does not exist")
    rows, east, north, crs = (
        _table(path, mapping) if path.suffix.lower() in TABLES else _geometry(path, mapping)
    )
    longitude, latitude = _to_wgs84(path, crs, east, north)
    _check_place(path, mapping, crs, (longitude, latitude))
    return Register(rows=rows, longitude_deg=longitude, latitude_deg=latitude)


def column(path: Path, rows: pd.DataFrame, names: list[str], meaning: str) -> pd.Series:
    """The first of the columns that exists; raises with the names that do."""
    for name in names:
        if name in rows.columns:
            return rows[name]
    raise CadastreError(
        f"{path} has no column {' or '.join(map(repr, names))} for {meaning}. "
        f"It has: {', '.join(map(str, rows.columns))}. Choose another mapping or correct this one."
    )


def _table(path: Path, mapping: Mapping) -> tuple[pd.DataFrame, Numbers, Numbers, str]:
    where = mapping.position
    if not (where.x and where.y):
        raise CadastreError(
            f"{path} is a table without geometry, and the mapping of {mapping.city} names no "
            "coordinate columns. Add x and y under [position], or export with geometry."
        )
    try:
        if path.suffix.lower() == ".parquet":
            rows = pd.read_parquet(path)
        else:
            rows = pd.read_csv(
                path, sep=mapping.separator, encoding=mapping.encoding, low_memory=False
            )
    except (ValueError, OSError) as error:  # pandas' and pyarrow's errors are ValueErrors
        raise CadastreError(
            f"{path} cannot be read as the mapping of {mapping.city} says "
            f"(separator {mapping.separator!r}, encoding {mapping.encoding}): {error}"
        ) from None
    east = pd.to_numeric(column(path, rows, where.x, "the x coordinate"), errors="coerce")
    north = pd.to_numeric(column(path, rows, where.y, "the y coordinate"), errors="coerce")
    return rows, east.to_numpy(np.float64), north.to_numpy(np.float64), where.crs


def _geometry(path: Path, mapping: Mapping) -> tuple[pd.DataFrame, Numbers, Numbers, str]:
    try:
        meta, _, geometry, fields = pyogrio.raw.read(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise CadastreError(
            f"{path} is neither a table nor a map file that GDAL can read: {error}"
        ) from None
    if geometry is None:
        raise CadastreError(f"{path} has no geometry; export the register with positions")
    table: dict[str, Any] = dict(zip(meta["fields"], fields, strict=True))
    points = shapely.centroid(shapely.from_wkb(geometry))  # a stand drawn as an area: its middle
    crs = meta["crs"] or mapping.position.crs
    return pd.DataFrame(table), shapely.get_x(points), shapely.get_y(points), crs


def _to_wgs84(path: Path, crs: str, east: Numbers, north: Numbers) -> tuple[Numbers, Numbers]:
    try:
        change = Transformer.from_crs(CRS.from_user_input(crs), 4326, always_xy=True)
    except CRSError:
        raise CadastreError(
            f"{path}: the coordinate system {crs!r} is not known; write it like EPSG:25832"
        ) from None
    longitude, latitude = change.transform(east, north)
    return np.asarray(longitude, np.float64), np.asarray(latitude, np.float64)


def inside(mapping: Mapping, longitude: Numbers, latitude: Numbers) -> np.ndarray[Any, Any]:
    """Which positions lie within the city's bounds; a missing one does not."""
    west, south, east, north = mapping.bounds_deg
    return (longitude >= west) & (longitude <= east) & (latitude >= south) & (latitude <= north)


def _check_place(path: Path, mapping: Mapping, crs: str, where: tuple[Numbers, Numbers]) -> None:
    placed = np.isfinite(where[0]) & np.isfinite(where[1])
    if not placed.any():
        raise CadastreError(f"{path}: no row has a position in {crs}. Is the CRS right?")
    share = 1 - inside(mapping, *where)[placed].mean()
    if share > MOST_OUTSIDE:
        middle = f"{np.median(where[0][placed]):.4f}, {np.median(where[1][placed]):.4f}"
        raise CadastreError(
            f"{path}: {share:.0%} of the positions lie outside {mapping.city} (median longitude, "
            f"latitude {middle}, read as {crs}). The coordinate system, the order of the axes or "
            "the mapping is wrong."
        )
