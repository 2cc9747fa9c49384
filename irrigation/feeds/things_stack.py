"""The Things Stack's uplink webhook (v3): one LoRaWAN message as readings of a sensor. Pure.

Shape: https://www.thethingsindustries.com/docs/integrations/data-formats/ (the sender leaves empty
fields out). Values come from the device's payload formatter, or from its normalized payload.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from irrigation.feeds.reading import Reading

TENSION_NAMES = (  # what payload formatters of the usual suction sensors call their value
    "tension_kpa",
    "soil_water_tension_kpa",
    "water_tension_kpa",
    "watermark_kpa",
    "tension",
    "WATER_SOIL_TENSION",
)
MOISTURE_NAMES = ("moisture_vol", "soil_moisture", "water_SOIL", "vwc", "moisture")
PERCENT_ABOVE = 1.0  # soils hold at most 0.7: a larger number is a percentage


class ApplicationIds(msgspec.Struct, frozen=True):
    """Which application of the network the device belongs to."""

    application_id: str = ""


class DeviceIds(msgspec.Struct, frozen=True):
    """Who sent."""

    device_id: str
    dev_eui: Annotated[str, Meta(pattern=r"^[0-9A-Fa-f]{16}$")] | None = None
    application_ids: ApplicationIds = ApplicationIds()


class Uplink(msgspec.Struct, frozen=True):
    """What was sent; the decoded payload is whatever the formatter made of it."""

    decoded_payload: dict[str, Any] = {}
    normalized_payload: list[dict[str, Any]] | dict[str, Any] = []
    received_at: Annotated[datetime, Meta(tz=True)] | None = None
    f_port: int = 0
    f_cnt: int = 0


class UplinkMessage(msgspec.Struct, frozen=True):
    """The webhook's body; what is not needed is ignored, for the sender adds fields over time."""

    end_device_ids: DeviceIds
    uplink_message: Uplink
    received_at: Annotated[datetime, Meta(tz=True)]


@dataclass(frozen=True, slots=True)
class Known:
    """A sensor of ours that a device may be."""

    sensor_id: str
    device_eui: str | None
    depth_cm: float


def sensor_of(message: UplinkMessage, known: list[Known]) -> Known | None:
    """Find the sensor by its DevEUI, else by its device id."""
    ids = message.end_device_ids
    eui = (ids.dev_eui or "").upper()
    for one in known:
        if (eui and one.device_eui == eui) or one.sensor_id == ids.device_id:
            return one
    return None


def readings_of(message: UplinkMessage, sensor: Known) -> list[Reading]:
    """The values in a message; empty where it holds none that we know (a battery report)."""
    at = message.uplink_message.received_at or message.received_at
    found = []
    for values in _payloads(message.uplink_message):
        tension = _first(values, TENSION_NAMES)
        moisture = _first(values, MOISTURE_NAMES)
        depth = _first(values, ("depth_cm",)) or sensor.depth_cm
        if tension is None and moisture is None:
            continue
        if moisture is not None and moisture > PERCENT_ABOVE:
            moisture /= 100
        found.append(Reading(sensor.sensor_id, at, depth, tension, moisture))
    return found


def _payloads(uplink: Uplink) -> list[dict[str, Any]]:
    """The formatter's payload (with measurements by depth under "depths"), else the normalized."""
    decoded = uplink.decoded_payload
    layers = decoded.get("depths")
    if isinstance(layers, list):
        return [one for one in layers if isinstance(one, dict)]
    if _first(decoded, TENSION_NAMES + MOISTURE_NAMES) is not None:
        return [decoded]
    normal = uplink.normalized_payload
    parts = normal if isinstance(normal, list) else [normal]
    soils = [one.get("soil") for one in parts]
    return [
        {name: soil[name] for name in ("moisture",) if name in soil}
        | ({"depth_cm": soil["depth"]} if "depth" in soil else {})
        for soil in soils
        if isinstance(soil, dict)
    ]


def _first(values: dict[str, Any], names: tuple[str, ...]) -> float | None:
    for name in names:
        value = values.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    return None
