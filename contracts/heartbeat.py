"""A sign of life: what a truck did since the last one."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.units import Count, DeviceId, Instant, Sha256

Reason = Annotated[str, Meta(pattern=r"^[a-z][a-z ]{1,39}$")]


class Heartbeat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Counts of one run; `frames_seen` equals `frames_assessed` plus all of `frames_dropped`.

    No position and no time of a frame: counts cannot become a movement profile.
    """

    version: Literal[1] = 1
    heartbeat_id: UUID
    device_id: DeviceId
    sent_at: Instant
    software_version: str
    model_sha256: Sha256
    frames_seen: Count
    frames_assessed: Count
    frames_dropped: dict[Reason, Count]
    sightings: Count
    pictures_withheld: dict[Reason, Count]  # sightings sent without picture, by reason
    spool_waiting: Count
    spool_parked: Count

    def __post_init__(self) -> None:
        """Refuse counts that do not add up."""
        accounted = self.frames_assessed + sum(self.frames_dropped.values())
        if accounted != self.frames_seen:
            raise ValueError(f"{self.frames_seen} frames seen but {accounted} accounted for")
