"""Bounds that catch real mistakes: swapped axes, percent for shares, naive times."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

Share = Annotated[float, Meta(ge=0, le=1, description="share of one, never percent")]
Metres = Annotated[float, Meta(ge=0, le=100_000, description="metres")]
SquareMetres = Annotated[float, Meta(ge=0, le=10_000, description="square metres")]
LongitudeDeg = Annotated[float, Meta(ge=5.8, le=15.1, description="WGS 84, within Germany")]
LatitudeDeg = Annotated[float, Meta(ge=47.2, le=55.1, description="WGS 84, within Germany")]
HeadingDeg = Annotated[float, Meta(ge=0, lt=360, description="degrees clockwise from north")]
BearingDeg = Annotated[float, Meta(ge=0, lt=180, description="axis, degrees clockwise from north")]
Instant = Annotated[datetime, Meta(tz=True, description="time with zone, RFC 3339")]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
DeviceId = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")]
Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Pixels = Annotated[int, Meta(ge=0, le=20_000)]
ShortText = Annotated[str, Meta(min_length=1, max_length=60)]
Severity = Literal["low", "medium", "high"]
DamageClass = Literal["D00", "D10", "D20", "D40"]
