"""How much of each street a truck could assess on a day: metres, no vehicle, no time, no order."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.units import Count, LatitudeDeg, LongitudeDeg, Metres

MAX_SEGMENTS = 5_000
ROUNDING_M = 0.11  # metres are sent with one decimal
SegmentId = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Cause = Literal[
    "dark",
    "glare",
    "blur",
    "rain",
    "lens",
    "vehicle ahead",
    "no picture",  # missing, broken or of another size
    "not looked",  # further away than the truck looks, between two pictures
]


class SegmentCoverage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One street segment on one day; metres driven twice count twice, but not in `covered_m`."""

    segment_id: SegmentId
    assessed_m: Metres  # driven while the road could be assessed
    covered_m: Metres  # of the segment's length, each metre once: at least so much was assessed
    unassessed_m: dict[Cause, Metres]  # driven without being able to assess, by cause

    def __post_init__(self) -> None:
        """Refuse more road seen than was driven."""
        if self.covered_m > self.assessed_m + ROUNDING_M:
            raise ValueError(f"covered {self.covered_m} m, but only {self.assessed_m} m assessed")


class Coverage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The sums of one drive and day.

    `coverage_id` is random, made on the truck, and leads neither to a vehicle nor to a sighting;
    it only makes a repeated upload harmless.
    """

    version: Literal[1] = 1
    coverage_id: UUID
    day: date  # by the city's clock
    simulated: bool = False  # rendered pictures or made-up positions
    segments: Annotated[list[SegmentCoverage], Meta(min_length=1, max_length=MAX_SEGMENTS)]

    def __post_init__(self) -> None:
        """Refuse a segment that is named twice."""
        if len({one.segment_id for one in self.segments}) < len(self.segments):
            raise ValueError("a street segment is named twice")


class CoverageReceipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The city has the sums, now or before."""

    version: Literal[1] = 1
    coverage_id: UUID
    stored: Count  # segments, in this upload
    unknown: Count  # segments that the city's street map does not have (any more)


class Street(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A street segment of the city's map."""

    segment_id: SegmentId
    points: Annotated[list[tuple[LongitudeDeg, LatitudeDeg]], Meta(min_length=2)]


class StreetMap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The city's streets, for the truck to know on which one it drives."""

    version: Literal[1] = 1
    time_zone: str  # whose days are counted
    streets: list[Street]
