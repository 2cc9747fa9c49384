"""What a truck sends at once, and what the city answers."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.sighting import Sighting
from contracts.units import Count, DeviceId, Instant, Sha256

MAX_SIGHTINGS = 500


class Batch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Up to 500 sightings of one device; `batch_id` makes a repeated upload harmless."""

    version: Literal[1] = 1
    batch_id: UUID
    device_id: DeviceId
    sent_at: Instant
    sightings: Annotated[list[Sighting], Meta(min_length=1, max_length=MAX_SIGHTINGS)]


class Receipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The city has the batch: every sighting of it is stored, now or before."""

    version: Literal[1] = 1
    batch_id: UUID
    stored: Count  # new in this upload
    known: Count  # already there
    pictures_wanted: list[Sha256]  # announced in the batch and not yet stored
