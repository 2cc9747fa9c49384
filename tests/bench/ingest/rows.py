"""The rows of the measurement: potholes all over the small city, as batches and as COPY rows."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from uuid import uuid4

from contracts.batch import Batch
from contracts.sighting import Sighting
from tests.messages import MODEL
from tests.small_city import EAST, NORTH, SOUTH, WEST

BATCH = 100
COPY_COLUMNS = (
    "sighting_id, batch_id, seen_at, longitude_deg, latitude_deg, position_error_m, heading_deg, "
    "damage_class, confidence, frames, area_m2, area_error_m2, model_sha256, simulated"
)


def make_batches(number: int) -> list[Batch]:
    """Make batches of 100 sightings."""
    now = datetime.now(UTC)
    return [
        Batch(
            batch_id=uuid4(),
            device_id="truck-1",
            sent_at=now,
            sightings=[_sighting(now) for _ in range(BATCH)],
        )
        for _ in range(number)
    ]


def _sighting(now: datetime) -> Sighting:
    return Sighting(
        sighting_id=uuid4(),
        seen_at=now,
        longitude_deg=random.uniform(WEST, EAST),
        latitude_deg=random.uniform(SOUTH, NORTH),
        position_error_m=2.5,
        heading_deg=90.0,
        damage_class=random.choice(["D00", "D10", "D20", "D40"]),
        confidence=round(random.random(), 3),
        frames=3,
        area_m2=0.25,
        area_error_m2=0.1,
        model_sha256=MODEL,
        simulated=True,
    )


def copy_row(batch: Batch, sighting: Sighting) -> tuple[object, ...]:
    """Return the same sighting as COPY takes it."""
    return (
        sighting.sighting_id,
        batch.batch_id,
        sighting.seen_at,
        sighting.longitude_deg,
        sighting.latitude_deg,
        sighting.position_error_m,
        sighting.heading_deg,
        sighting.damage_class,
        sighting.confidence,
        sighting.frames,
        sighting.area_m2,
        sighting.area_error_m2,
        sighting.model_sha256,
        sighting.simulated,
    )
