"""The city's boundary, from a GeoJSON file; frames outside it are not looked at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from edge.errors import SettingsError
from edge.local_plane import Place


@dataclass(frozen=True, slots=True)
class Boundary:
    """One or more polygons in WGS 84."""

    area: BaseGeometry

    def contains(self, place: Place) -> bool:
        """Tell whether a place lies inside."""
        return bool(shapely.contains_xy(self.area, place.longitude_deg, place.latitude_deg))


def read_boundary(path: Path) -> Boundary:
    """Read every polygon of a GeoJSON file.

    Raises SettingsError when there is none.
    """
    try:
        parts = _polygons(json.loads(path.read_text(encoding="utf-8")))
        area = shapely.union_all(parts)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ShapelyError) as error:
        raise SettingsError(
            f"EDGE_BOUNDARY_FILE={path} is no GeoJSON of polygons: {error}"
        ) from error
    if area.is_empty:
        raise SettingsError(f"EDGE_BOUNDARY_FILE={path} holds no polygon: export the districts.")
    shapely.prepare(area)
    return Boundary(area)


def _polygons(document: dict[str, Any]) -> list[BaseGeometry]:
    if document["type"] == "FeatureCollection":
        geometries = [feature["geometry"] for feature in document["features"]]
    else:
        geometries = [document.get("geometry", document)]
    shapes = [shape(geometry) for geometry in geometries if geometry]
    return [one for one in shapes if one.geom_type in ("Polygon", "MultiPolygon")]
