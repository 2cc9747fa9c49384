"""A town of three streets for the browser tests, as a city folder, and what a truck saw there."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from PIL import Image, ImageDraw

from contracts.batch import Batch
from contracts.picture import MaskReceipt
from contracts.sighting import Sighting
from contracts.units import DamageClass
from tests.messages import TRUCK_KEY

WEST, SOUTH, EAST, NORTH = 11.960, 51.480, 11.972, 51.487
MODEL = "ab" * 32
CITY = """[city]
name = "Prüfstadt"
slug = "pruefstadt"
state = "Sachsen-Anhalt"
simulated = true
metric_crs = "EPSG:25832"
time_zone = "Europe/Berlin"
licence = "CC0-1.0"
source = "Prüfstadt, erfunden für Tests (CC0)"
"""
STREETS = {  # name: two ends
    "Ahornstraße": ((11.961, 51.482), (11.971, 51.482)),
    "Lindenweg": ((11.961, 51.4845), (11.971, 51.4845)),
    "Marktgasse": ((11.966, 51.481), (11.966, 51.486)),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One damage a truck saw: where, what, how sure."""

    longitude_deg: float
    latitude_deg: float
    damage_class: DamageClass
    confidence: float


POTHOLE = Seen(11.9625, 51.482, "D40", 0.91)
NET_CRACK = Seen(11.9645, 51.482, "D20", 0.74)
LONG_CRACK = Seen(11.9632, 51.4845, "D00", 0.55)
CROSS_CRACK = Seen(11.969, 51.4845, "D10", 0.41)
FOUR = (POTHOLE, NET_CRACK, LONG_CRACK, CROSS_CRACK)


def write_town(folder: Path) -> Path:
    """Write the city folder."""
    middle = (WEST + EAST) / 2
    halves = [("west", "Weststadt", WEST, middle), ("ost", "Oststadt", middle, EAST)]
    districts = [
        _feature({"district_id": key, "name": name}, "Polygon", [_ring(left, right)])
        for key, name, left, right in halves
    ]
    streets = [
        _feature(
            {"segment_id": f"s{n}", "name": name, "road_class": "residential", "district_id": None},
            "LineString",
            [list(end) for end in ends],
        )
        for n, (name, ends) in enumerate(STREETS.items())
    ]
    (folder / "city.toml").write_text(CITY, encoding="utf-8")
    (folder / "districts.geojson").write_text(_collection(districts), encoding="utf-8")
    (folder / "streets.geojson").write_text(_collection(streets), encoding="utf-8")
    return folder


def batch_of(*seen: Seen, pictures: list[bytes] | None = None) -> Batch:
    """Pack what was seen as a truck would send it; `pictures` go with the first ones."""
    now = datetime.now(UTC)
    receipts = [_receipt(jpeg) for jpeg in pictures or []]
    sightings = [
        Sighting(
            sighting_id=uuid4(),
            seen_at=now - timedelta(minutes=10, seconds=n),
            longitude_deg=one.longitude_deg,
            latitude_deg=one.latitude_deg,
            position_error_m=3.1,
            error_major_m=8.4,
            error_minor_m=4.6,
            error_bearing_deg=60,
            in_wheel_track=True,
            severity="high" if one.damage_class == "D40" else "low",
            severity_method="stadtwart class-area-track 1",
            damage_class=one.damage_class,
            confidence=one.confidence,
            frames=3,
            area_m2=0.42,
            area_error_m2=0.1,
            model_sha256=MODEL,
            simulated=True,
            picture=receipts[n] if n < len(receipts) else None,
        )
        for n, one in enumerate(seen)
    ]
    return Batch(batch_id=uuid4(), device_id="truck-7", sent_at=now, sightings=sightings)


def photograph(number: int) -> bytes:
    """Draw a grey street with a dark hole; each number gives another picture."""
    picture = Image.new("RGB", (640, 400), (112 + number, 114, 118))
    ImageDraw.Draw(picture).ellipse((250, 180, 380, 270), fill=(38, 36, 36), outline=(80, 78, 76))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()


def _receipt(jpeg: bytes) -> MaskReceipt:
    bare = MaskReceipt(
        picture_sha256=hashlib.sha256(jpeg).hexdigest(),
        mask_model_sha256="cd" * 32,
        mask_threshold=0.2,
        masked=0,
        crop=[300, 200, 940, 600],
        damage=[250, 180, 380, 270],
    )
    return TRUCK_KEY.sign(bare)


def _ring(west: float, east: float) -> list[list[float]]:
    return [[west, SOUTH], [east, SOUTH], [east, NORTH], [west, NORTH], [west, SOUTH]]


def _feature(properties: dict[str, object], kind: str, coordinates: object) -> dict[str, object]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _collection(features: list[dict[str, object]]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})
