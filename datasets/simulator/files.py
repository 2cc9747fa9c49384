"""Write Musterstadt down: GeoJSON, GPX, CSV and TOML as the city folder and the drive want them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np

from simulator.camera import Camera
from simulator.drive import Drive, Fix
from simulator.plan import DISTRICTS, ORIGIN_EASTING_M, ORIGIN_NORTHING_M, Line
from simulator.town import segments
from simulator.utm import to_wgs84

CITY = """[city]
name = "Musterstadt"
slug = "musterstadt"
state = "Sachsen-Anhalt"
simulated = true
metric_crs = "EPSG:25832"
time_zone = "Europe/Berlin"
licence = "CC0-1.0"
source = "Made by datasets/make_musterstadt.py: an invented town in free country"

[watering]
source = "made up, after what Halle's press office says of its tanks"

[[watering.vehicles]]
vehicle_id = "tank-1"
name = "Gießwagen 1 (1.400 L)"
tank_l = 1400
depot = { longitude_deg = 11.9029836, latitude_deg = 51.544114 }

[[watering.vehicles]]
vehicle_id = "tank-2"
name = "Gießwagen 2 (1.400 L)"
tank_l = 1400
depot = { longitude_deg = 11.9029836, latitude_deg = 51.544114 }

[[watering.vehicles]]
vehicle_id = "tank-3"
name = "Tankwagen (12.000 L)"
tank_l = 12000
depot = { longitude_deg = 11.9029836, latitude_deg = 51.544114 }

[[watering.refill_points]]
refill_id = "depot"
name = "Hydrant am Betriebshof"
at = { longitude_deg = 11.9029836, latitude_deg = 51.544114 }

[[watering.refill_points]]
refill_id = "goethe"
name = "Hydrant Goethestraße"
at = { longitude_deg = 11.9039239, latitude_deg = 51.5543442 }

[[watering.refill_points]]
refill_id = "speicher"
name = "Hydrant Speicherstraße"
at = { longitude_deg = 11.9106297, latitude_deg = 51.5486464 }
"""

LICENCE = """Musterstadt is invented. Its streets, districts, drive, pictures and truth were made by
datasets/make_musterstadt.py without any picture, map or recording from elsewhere.

To the extent possible under law, the Stadtwart authors have waived all copyright and related
or neighbouring rights to the files in this folder: CC0 1.0 Universal,
https://creativecommons.org/publicdomain/zero/1.0/

SPDX-License-Identifier: CC0-1.0
"""


def write_city(folder: Path) -> None:
    """Write the town: what it is called, its streets and its districts."""
    folder.mkdir(parents=True, exist_ok=True)
    profile = Path(__file__).with_name("profile.toml").read_text(encoding="utf-8")
    (folder / "city.toml").write_text(CITY + profile, encoding="utf-8")
    (folder / "LICENSE").write_text(LICENCE, encoding="utf-8")
    streets = [
        _feature(
            {"type": "LineString", "coordinates": _degrees(piece.line)},
            segment_id=piece.segment_id,
            name=piece.name,
            road_class=piece.road_class,
            district_id=piece.district_id,
        )
        for piece in segments()
    ]
    districts = [
        _feature(
            {"type": "Polygon", "coordinates": [_degrees(_counter_clockwise(ring))]},
            district_id=district_id,
            name=name,
        )
        for district_id, (name, ring) in DISTRICTS.items()
    ]
    _write_collection(folder / "streets.geojson", streets)
    _write_collection(folder / "districts.geojson", districts)


def write_truth(folder: Path, drive: Drive) -> None:
    """Write what the drive cannot know: every damage and every true pose."""
    damages = [
        _feature(
            {"type": "Point", "coordinates": _degrees([(damage.x_m, damage.y_m)])[0]},
            damage_id=f"truth-{number:03d}",
            damage_class=damage.damage_class,
            area_m2=round(damage.area_m2, 3),
            width_m=round(damage.width_m, 2),
            length_m=round(damage.length_m, 2),
            grid_heading_deg=round(damage.heading_deg, 1),
        )
        for number, damage in enumerate(drive.scene.damages, start=1)
    ]
    _write_collection(folder / "truth.geojson", damages)
    lines = ["frame,easting_m,northing_m,longitude_deg,latitude_deg,grid_heading_deg,nod_deg"]
    for shot in drive.shots:
        pose = shot.pose
        longitude, latitude = _degrees([(pose.x_m, pose.y_m)])[0]
        easting, northing = ORIGIN_EASTING_M + pose.x_m, ORIGIN_NORTHING_M + pose.y_m
        lines.append(
            f"{shot.name},{easting:.3f},{northing:.3f},{longitude:.7f},{latitude:.7f},"
            f"{pose.heading_deg:.3f},{pose.pitch_deg:.4f}"
        )
    _write_lines(folder / "truth_poses.csv", lines)


def write_drive(folder: Path, drive: Drive) -> None:
    """Write what the truck recorded, without the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "drive.toml").write_text("simulated = true\n", encoding="utf-8")
    (folder / "camera.toml").write_text(_camera(drive.camera), encoding="utf-8")
    lines = ["frame,captured_at"]
    for shot in drive.shots:
        at = shot.captured_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        lines.append(f"{shot.name},{at}")
    _write_lines(folder / "frames.csv", lines)
    (folder / "track.gpx").write_text(_gpx(drive.fixes), encoding="utf-8")


def _camera(camera: Camera) -> str:
    return f"""[camera]
width_px = {camera.width_px}
height_px = {camera.height_px}
focal_px = {camera.focal_px}
centre_x_px = {camera.centre_x_px}
centre_y_px = {camera.centre_y_px}
height_m = {camera.height_m}
pitch_deg = {camera.pitch_deg}
forward_m = {camera.forward_m}
source = "the simulator that rendered the frames; its truck nods by 0.2 degrees (deviation)"
"""


def _gpx(fixes: list[Fix]) -> str:
    points = []
    for fix in fixes:
        longitude, latitude = _degrees([(fix.x_m, fix.y_m)])[0]
        at = fix.at.isoformat(timespec="seconds").replace("+00:00", "Z")
        points.append(
            f'   <trkpt lat="{latitude:.7f}" lon="{longitude:.7f}"><time>{at}</time></trkpt>'
        )
    title = escape("Musterstadt, simulated drive")
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<gpx version="1.1" creator="datasets/make_musterstadt.py" '
            'xmlns="http://www.topografix.com/GPX/1/1">',
            f" <metadata><name>{title}</name></metadata>",
            f" <trk><name>{title}</name>\n  <trkseg>",
            *points,
            "  </trkseg>\n </trk>\n</gpx>\n",
        ]
    )


def _degrees(line: Line) -> list[list[float]]:
    points = np.array(line, float)
    degrees = to_wgs84(points[:, 0] + ORIGIN_EASTING_M, points[:, 1] + ORIGIN_NORTHING_M)
    return [[round(float(a), 7), round(float(b), 7)] for a, b in zip(*degrees, strict=True)]


def _counter_clockwise(ring: Line) -> Line:
    """Close a ring and turn it the way RFC 7946 wants outer rings."""
    points = np.array(ring, float)
    x, y = points.T
    area = float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())
    turned = ring if area > 0 else ring[::-1]
    return [*turned, turned[0]]


def _feature(geometry: dict[str, Any], **properties: str | float) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _write_collection(path: Path, features: list[dict[str, Any]]) -> None:
    """Write one feature a line, so that a change can be read in a diff."""
    rows = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    text = '{"type": "FeatureCollection", "features": [\n' + rows + "\n]}\n"
    path.write_text(text, encoding="utf-8")


def _write_lines(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
