"""Small tree registers, written as real files in the shapes cities use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

MAGDEBURG_HEAD = (
    "Baumnummer,Gattung,Stammumfang,Baumhoehe,Kronendurchmesser,Pflanzjahr,Objekt,Art,lon,lat"
)
LIME = '1 - G1,"Tilia cordata, Winterlinde",120,14,8,1950,Am Markt,AMT 66,11.64,52.12'


def write_magdeburg(folder: Path, *rows: str, name: str = "trees.csv") -> Path:
    """A register in Magdeburg's columns."""
    path = folder / name
    path.write_text("\n".join([MAGDEBURG_HEAD, *rows]) + "\n", encoding="utf-8")
    return path


def write_halle_wfs(folder: Path, *trees: dict[str, Any]) -> Path:
    """What a WFS would answer for Halle's fields: GeoJSON in WGS 84."""
    plain = {
        "baum_nr": "7",
        "art_botan": "Acer platanoides",
        "art_deut": "Spitz-Ahorn",
        "pflanzjahr": 2022,
        "krone_m": 2.0,
        "hoehe_m": 4.0,
        "gefaellt": "nein",
    }
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [11.97 + 0.001 * index, 51.48]},
            "properties": plain | tree,
        }
        for index, tree in enumerate(trees)
    ]
    path = folder / "halle.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path
