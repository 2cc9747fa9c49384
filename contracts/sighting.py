"""A damage seen once by a truck."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

import msgspec

from contracts.picture import MaskReceipt
from contracts.units import (
    BearingDeg,
    Count,
    DamageClass,
    HeadingDeg,
    Instant,
    LatitudeDeg,
    LongitudeDeg,
    Metres,
    Severity,
    Sha256,
    Share,
    ShortText,
    SquareMetres,
)


class Sighting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A damage seen once, with place, time and the model that saw it.

    `sighting_id` is made on the truck, so a repeated upload is stored once.
    The place is that of the damage, not of the truck. The picture, if any, is
    already masked: a sighting names it by its mask receipt or has none.
    """

    version: Literal[1] = 1
    sighting_id: UUID
    seen_at: Instant
    longitude_deg: LongitudeDeg
    latitude_deg: LatitudeDeg
    position_error_m: Metres  # 68 % radius
    heading_deg: HeadingDeg | None = None  # driving direction
    damage_class: DamageClass
    confidence: Share
    frames: Count  # frames of this pass that show it
    area_m2: SquareMetres | None = None  # None: camera not calibrated
    area_error_m2: SquareMetres | None = None  # 68 %
    error_major_m: Metres | None = None  # half axes of the ellipse that holds it in 90 %
    error_minor_m: Metres | None = None
    error_bearing_deg: BearingDeg | None = None  # of the major axis
    in_wheel_track: bool | None = None  # of the truck that saw it; None: not measured
    severity: Severity | None = (
        None  # by `severity_method`; an order for looking, no condition class
    )
    severity_method: ShortText | None = None
    model_sha256: Sha256
    simulated: bool = False  # rendered pictures or made-up positions
    picture: MaskReceipt | None = None
