"""The sign of life at the end of a drive: counts that add up, no place and no time of a frame."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version
from uuid import NAMESPACE_URL, uuid5

from contracts.heartbeat import Heartbeat
from edge.progress import Progress
from edge.spool import Content


def heartbeat_of(
    drive_id: str, progress: Progress, content: Content, *, device_id: str, now: datetime
) -> Heartbeat:
    """Write the heartbeat of a finished drive; its id follows from the drive."""
    return Heartbeat(
        heartbeat_id=uuid5(NAMESPACE_URL, f"stadtwart heartbeat {drive_id}"),
        device_id=device_id,
        sent_at=now,
        software_version=version("stadtwart"),
        model_sha256=progress.model_sha256,
        frames_seen=progress.frames_seen,
        frames_assessed=progress.frames_assessed,
        frames_dropped=progress.frames_dropped,
        sightings=progress.sightings,
        pictures_withheld=progress.pictures_withheld,
        spool_waiting=content.waiting,
        spool_parked=content.parked,
    )
