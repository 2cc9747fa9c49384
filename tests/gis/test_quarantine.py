"""What cannot be true does not reach the map."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gis.quarantine import reason_to_hold

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seen_at", "is_in_city", "reason"),
    [
        (NOW, True, None),
        (NOW - timedelta(days=30), True, None),
        (NOW + timedelta(minutes=10), True, None),
        (NOW + timedelta(minutes=10, seconds=1), True, "seen in the future"),
        (datetime(1970, 1, 1, tzinfo=UTC), True, "clock not set"),
        (NOW, False, "outside the city"),
    ],
)
def test_a_sighting_is_held_back_for_a_reason(
    seen_at: datetime, is_in_city: bool, reason: str | None
) -> None:
    assert reason_to_hold(seen_at=seen_at, received_at=NOW, is_in_city=is_in_city) == reason
