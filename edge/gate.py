"""Which frames are looked at: trusted time, trusted place, far enough from the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from edge.boundary import Boundary
from edge.position import Pose, Refusal, Trust, locate
from edge.progress import Progress
from edge.sampling import TOO_CLOSE, is_worth_a_look
from edge.settings import Settings
from edge.sources import NO_CAPTURE_TIME, Frame
from edge.track import Track

CLOCK_AHEAD = "clock ahead"  # of the truck's own clock: one of the two is wrong
CLOCK_UNSET = "clock unset"  # a recorder without battery begins in 1970 or 2000
CLOCK_BACK = "clock went back"  # the camera's clock jumped within the drive
OLDEST = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shown:
    """When and where a frame was taken."""

    frame: str
    at: datetime
    pose: Pose


def place_of(
    frame: Frame,
    progress: Progress,
    *,
    track: Track,
    boundary: Boundary | None,
    settings: Settings,
    now: datetime,
) -> Shown | str:
    """Return when and where a frame was taken, or the reason not to look at it."""
    at = frame.captured_at
    if at is None:
        return NO_CAPTURE_TIME
    if at > now + timedelta(seconds=settings.clock_ahead_limit_s):
        return CLOCK_AHEAD
    if at < OLDEST:
        return CLOCK_UNSET
    if progress.latest_at is not None and at < progress.latest_at:
        return CLOCK_BACK
    progress.latest_at = at
    trust = Trust(gap_s=settings.fix_gap_s, speed_kmh=settings.speed_limit_kmh)
    pose = locate(track, at, trust=trust, boundary=boundary)
    if isinstance(pose, Refusal):
        return pose.value
    distance_m = settings.sample_distance_m
    if not is_worth_a_look(pose.place, progress.last_place, sample_distance_m=distance_m):
        return TOO_CLOSE
    return Shown(frame.name, at, pose)
