"""How far a drive was worked through: kept in the spool, so a killed truck goes on where it was."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from edge.coverage import Sums
from edge.local_plane import Place
from edge.sighting_tracker import OpenSighting


@dataclass(slots=True)
class Progress:
    """Counts and open sightings after `frames_seen` frames; the next frame has that index."""

    model_sha256: str = ""
    frames_seen: int = 0
    frames_assessed: int = 0
    frames_dropped: dict[str, int] = field(default_factory=dict)
    detections_ignored: dict[str, int] = field(default_factory=dict)
    sightings: int = 0
    pictures: int = 0
    pictures_withheld: dict[str, int] = field(default_factory=dict)
    last_place: Place | None = None  # of the last frame that was looked at
    latest_at: datetime | None = None  # the latest capture time so far
    open_sightings: list[OpenSighting] = field(default_factory=list)
    coverage: Sums = field(default_factory=Sums)
    metres: dict[str, float] = field(default_factory=dict)  # of the finished drive, by what it was

    def drop(self, reason: str) -> None:
        """Count a frame that was not looked at."""
        self.frames_dropped = add(self.frames_dropped, reason)

    def withhold(self, reason: str, number: int) -> None:
        """Count pictures that were made and could not be kept."""
        self.pictures -= number
        self.pictures_withheld = add(self.pictures_withheld, reason, number)

    def forget_places(self) -> None:
        """Keep only counts: a finished drive says no longer where and when it was."""
        self.last_place, self.latest_at = None, None
        self.coverage = Sums()

    def pack(self) -> bytes:
        """Write it for the spool; open sightings carry their masked picture, never a frame."""
        return msgspec.msgpack.encode(self)


def unpack(data: bytes) -> Progress:
    """Read what `pack` wrote."""
    return msgspec.msgpack.decode(data, type=Progress)


def add(counts: dict[str, int], reason: str, number: int = 1) -> dict[str, int]:
    """Return the counts with one reason raised."""
    return dict(Counter(counts) + Counter({reason: number}))
