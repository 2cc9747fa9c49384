"""Sightings that cannot be true: they are stored for a person and never reach the map. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

CLOCK_TOLERANCE = timedelta(minutes=10)  # a truck's clock may be this far ahead of ours
CLOCK_UNSET_BEFORE = datetime(2020, 1, 1, tzinfo=UTC)  # computers without a battery start in 1970


def reason_to_hold(*, seen_at: datetime, received_at: datetime, is_in_city: bool) -> str | None:
    """Say why a sighting must be held back, None when it may be merged.

    A sighting may be old: trucks drive for days without a connection, and drives are replayed.
    """
    if seen_at > received_at + CLOCK_TOLERANCE:
        return "seen in the future"
    if seen_at < CLOCK_UNSET_BEFORE:
        return "clock not set"
    if not is_in_city:
        return "outside the city"
    return None
