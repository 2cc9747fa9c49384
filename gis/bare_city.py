"""A city without streets, drawn around a drive: enough to see a foreign drive on the map."""

from __future__ import annotations

import json
import math
from pathlib import Path

MARGIN_M = 500.0
METRES_PER_DEGREE = 111_320.0


def write(folder: Path, *, name: str, bounds: list[float]) -> None:
    """Write a city folder whose one district is the box `bounds` (w, s, e, n) and 500 m around it.

    The metric CRS is the UTM zone (ETRS89) of the box's middle.
    """
    west, south, east, north = bounds
    height_deg = MARGIN_M / METRES_PER_DEGREE
    width_deg = height_deg / math.cos(math.radians((south + north) / 2))
    w, s, e, n = west - width_deg, south - height_deg, east + width_deg, north + height_deg
    zone = int(((west + east) / 2 + 180) // 6) + 1
    folder.mkdir(parents=True, exist_ok=True)
    district = {
        "type": "Feature",
        "properties": {"district_id": "drive", "name": name},
        "geometry": {"type": "Polygon", "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]]},
    }
    _collection(folder / "districts.geojson", [district])
    _collection(folder / "streets.geojson", [])
    (folder / "city.toml").write_text(
        f'[city]\nname = {json.dumps(name)}\nslug = "drive"\nstate = ""\nsimulated = false\n'
        f'metric_crs = "EPSG:258{zone}"\ntime_zone = "Europe/Berlin"\n'
        'licence = "CC0-1.0"\nsource = "a box around the replayed drive"\n'
    )


def _collection(path: Path, features: list[object]) -> None:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
