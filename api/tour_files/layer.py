"""A tour as GeoPackage: a layer of stops and a layer with the way, for any GIS."""

from __future__ import annotations

import tempfile
from pathlib import Path

import geopandas as gpd
from shapely.geometry import LineString, Point

from api.tour_files.parts import TourFile, stop_row

MEDIA_TYPE = "application/geopackage+sqlite3"


def write(file: TourFile) -> bytes:
    """Write both layers in WGS 84; each feature carries the label."""
    stops = gpd.GeoDataFrame(
        [stop_row(file, stop) for stop in file.tour.stops],
        geometry=[Point(stop.lon, stop.lat) for stop in file.tour.stops],
        crs="EPSG:4326",
    )
    way = gpd.GeoDataFrame(
        [
            {
                "tour_id": file.tour.tour_id,
                "fahrzeug": file.tour.vehicle,
                "tag": file.tour.for_day.isoformat(),
                "liter": file.tour.litres,
                "laenge_m": round(file.tour.length_m),
                "fahrzeiten": file.tour.driving_times,
                "ki_kennzeichnung": file.label,
            }
        ],
        geometry=[LineString(file.tour.line["coordinates"])],
        crs="EPSG:4326",
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tour.gpkg"
        stops.to_file(path, layer="halte", driver="GPKG", engine="pyogrio")
        way.to_file(path, layer="weg", driver="GPKG", engine="pyogrio", mode="a")
        return path.read_bytes()
