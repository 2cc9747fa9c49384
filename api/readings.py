"""Soil sensors report: as plain JSON, or as The Things Stack's uplink webhook."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Self

import msgspec
from fastapi import APIRouter, Depends, Request
from pydantic import AwareDatetime, Field, model_validator

from api import intake
from api.fields import NO_CONTROL, Sent
from api.intake import Receipt
from api.problems import answers
from api.service import TheService
from api.who import Allow, Caller
from irrigation.feeds import things_stack
from irrigation.feeds.reading import Reading
from irrigation.feeds.things_stack import UplinkMessage

router = APIRouter(tags=["readings"])
Sender = Annotated[Caller, Depends(Allow("sensor", "parks"))]
Device = Annotated[Caller, Depends(Allow("sensor"))]
UPLINK = msgspec.json.Decoder(UplinkMessage)
UPLINK_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["end_device_ids", "uplink_message", "received_at"],
                    "description": "The Things Stack v3, webhook 'uplink message'",
                }
            }
        },
    }
}
SensorId = Annotated[str, Field(min_length=1, max_length=100, pattern=NO_CONTROL)]


class NewReading(Sent):
    """One value: suction in kPa, or moisture as a share of volume; implausible ones are kept."""

    sensor_id: SensorId
    at: AwareDatetime
    depth_cm: Annotated[float, Field(gt=0, le=500, allow_inf_nan=False)]
    tension_kpa: Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)] | None = None
    moisture_vol: Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _holds_a_value(self) -> Self:
        if self.tension_kpa is None and self.moisture_vol is None:
            raise ValueError("a reading needs tension_kpa or moisture_vol")
        return self


class NewReadings(Sent):
    """One delivery."""

    readings: Annotated[list[NewReading], Field(min_length=1, max_length=5000)]


@router.post("/readings", responses=answers(401, 403, 413, 422, 503))
async def take_readings(given: NewReadings, service: TheService, caller: Sender) -> Receipt:
    """Store readings; the same sensor, time and depth counts once."""
    readings = [
        Reading(one.sensor_id, one.at, one.depth_cm, one.tension_kpa, one.moisture_vol)
        for one in given.readings
    ]
    return await intake.store_readings(
        service, caller, readings, source=intake.SOURCE, at=datetime.now(UTC)
    )


@router.post("/readings/ttn", openapi_extra=UPLINK_BODY, responses=answers(401, 403, 413, 422, 503))
async def take_uplink(request: Request, service: TheService, caller: Device) -> Receipt:
    """Take one uplink of The Things Stack; a device nobody knows is named, not stored."""
    message = UPLINK.decode(await request.body())
    sensor = things_stack.sensor_of(message, await intake.known_sensors(service))
    if sensor is None:
        name = message.end_device_ids.device_id
        return Receipt(stored=0, known=0, flagged=0, unknown=[name])
    readings = things_stack.readings_of(message, sensor)
    return await intake.store_readings(
        service, caller, readings, source="the-things-stack", at=datetime.now(UTC)
    )
