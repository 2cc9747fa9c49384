"""What the truck still owes the city: sightings with pictures, coverage, drives with heartbeat.

    waiting   not yet with the city
    parked    refused by the city: kept for a person, sent again only after `spool retry`

A sighting leaves only when the city has it. The progress of a drive is written in the same
transaction as the sightings it made, so a killed truck neither loses nor doubles one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import msgspec

from contracts.coverage import Coverage
from contracts.sighting import Sighting
from edge.errors import SpoolFullError
from edge.progress import Progress, unpack
from edge.spool_file import SpoolFile

SPOOL_FULL = "spool full"


@dataclass(frozen=True, slots=True)
class Closed:
    """A finished sighting on its way into the spool."""

    sighting: Sighting
    jpeg: bytes  # empty: without picture


@dataclass(frozen=True, slots=True)
class Content:
    """How much lies in the spool."""

    waiting: int  # sightings
    pictures: int  # not yet with the city
    coverage: int  # sums of drives, not yet with the city
    parked: int  # sightings, pictures, coverage and heartbeats
    dropped: dict[str, int]  # for want of room, since the spool was made


@dataclass(frozen=True, slots=True)
class Parked:
    """Something the city refused."""

    kind: str  # "sighting", "picture", "coverage" or "heartbeat"
    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Owed:
    """A finished drive whose heartbeat the city does not have yet."""

    drive_id: str
    progress: Progress
    body: bytes | None  # written down already


class Spool:
    """The truck's debts, in one file."""

    def __init__(self, path: Path, *, limit_bytes: int) -> None:
        self.file = SpoolFile(path, limit_bytes=limit_bytes)

    def close(self) -> None:
        """Close the file and let others open it."""
        self.file.close()

    def progress_of(self, drive_id: str) -> tuple[Progress, bool]:
        """Return how far a drive was worked through, and whether to its end."""
        row = self.file.one(
            "SELECT progress, heartbeat_state IS NOT NULL FROM drive WHERE drive_id = ?", drive_id
        )
        return (unpack(row[0]), bool(row[1])) if row else (Progress(), False)

    def save(
        self,
        drive_id: str,
        progress: Progress,
        closed: list[Closed],
        *,
        is_finished: bool = False,
        covered: Sequence[Coverage] = (),
    ) -> None:
        """Keep sightings, what was covered and the progress that made them, in one transaction.

        Without room for pictures the sightings are kept without; `progress` is told.

        Raises SpoolFullError when not even that fits; the spool is as before then.
        """
        with_picture = sum(1 for one in closed if one.jpeg)
        try:
            self.file.write(
                lambda db: _save(db, drive_id, progress, closed, is_finished, covered),
                may_drop_sightings=with_picture == 0,
            )
        except SpoolFullError:
            if with_picture == 0:
                raise
            progress.withhold(SPOOL_FULL, with_picture)
            bare = [_without_picture(one) for one in closed]
            self.file.write(lambda db: _save(db, drive_id, progress, bare, is_finished, covered))

    def owed_heartbeats(self) -> list[Owed]:
        """Return the finished drives whose heartbeat the city does not have."""
        rows = self.file.all(
            "SELECT drive_id, progress, heartbeat FROM drive WHERE heartbeat_state = 'owed'"
        )
        return [Owed(drive_id, unpack(progress), body) for drive_id, progress, body in rows]

    def write_heartbeat(self, drive_id: str, body: bytes) -> None:
        """Write a heartbeat down before it is sent first, so that a repetition is the same."""
        self.file.write(
            lambda db: db.execute(
                "UPDATE drive SET heartbeat = ? WHERE drive_id = ?", (body, drive_id)
            )
        )

    def settle_heartbeat(self, drive_id: str, *, is_parked: bool) -> None:
        """Note that the city has the heartbeat, or refused it."""
        state = "parked" if is_parked else "sent"
        self.file.write(
            lambda db: db.execute(
                "UPDATE drive SET heartbeat_state = ? WHERE drive_id = ?", (state, drive_id)
            )
        )

    def content(self) -> Content:
        """Count what lies in the spool."""
        states = dict(self.file.all("SELECT state, count(*) FROM sighting GROUP BY state"))
        return Content(
            waiting=states.get("waiting", 0),
            pictures=self.file.one("SELECT count(*) FROM picture")[0],
            coverage=self.file.one("SELECT count(*) FROM coverage")[0],
            parked=len(self.parked()),
            dropped=dict(self.file.all("SELECT reason, number FROM dropped ORDER BY reason")),
        )

    def parked(self) -> list[Parked]:
        """Return everything the city refused, oldest first."""
        rows = self.file.all(
            "SELECT 'sighting', sighting_id, reason FROM sighting WHERE state = 'parked' "
            "UNION ALL SELECT 'picture', sha256, reason FROM picture WHERE state = 'parked' "
            "UNION ALL SELECT 'coverage', coverage_id, reason FROM coverage "
            "WHERE state = 'parked' "
            "UNION ALL SELECT 'heartbeat', drive_id, 'refused' FROM drive "
            "WHERE heartbeat_state = 'parked'"
        )
        return [Parked(*row) for row in rows]

    def retry(self) -> int:
        """Let everything parked wait again; return how much that was."""
        number = len(self.parked())
        self.file.write(_unpark)
        return number


def _save(
    db: sqlite3.Connection,
    drive_id: str,
    progress: Progress,
    closed: list[Closed],
    is_finished: bool,
    covered: Sequence[Coverage],
) -> None:
    for one in closed:
        _insert(db, one)
    db.executemany(
        "INSERT INTO coverage (coverage_id, body) VALUES (?, ?)",
        [(str(one.coverage_id), msgspec.json.encode(one)) for one in covered],
    )
    db.execute(
        "INSERT INTO drive (drive_id, progress, heartbeat_state) VALUES (?, ?, ?) "
        "ON CONFLICT (drive_id) DO UPDATE "
        "SET progress = excluded.progress, heartbeat_state = excluded.heartbeat_state",
        (drive_id, progress.pack(), "owed" if is_finished else None),
    )


def _insert(db: sqlite3.Connection, one: Closed) -> None:
    receipt = one.sighting.picture
    sha256 = receipt.picture_sha256 if receipt else None
    db.execute(
        "INSERT INTO sighting (sighting_id, body, picture_sha256) VALUES (?, ?, ?)",
        (str(one.sighting.sighting_id), msgspec.json.encode(one.sighting), sha256),
    )
    if sha256:  # two damages may share one picture
        db.execute(
            "INSERT INTO picture (sha256, jpeg) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING",
            (sha256, one.jpeg),
        )


def _without_picture(one: Closed) -> Closed:
    return Closed(msgspec.structs.replace(one.sighting, picture=None), b"")


def _unpark(db: sqlite3.Connection) -> None:
    db.execute("UPDATE sighting SET state = 'waiting', reason = NULL WHERE state = 'parked'")
    db.execute("UPDATE picture SET state = 'waiting', reason = NULL WHERE state = 'parked'")
    db.execute("UPDATE coverage SET state = 'waiting', reason = NULL WHERE state = 'parked'")
    db.execute("UPDATE drive SET heartbeat_state = 'owed' WHERE heartbeat_state = 'parked'")


def sighting_ids(spool: Spool) -> list[UUID]:
    """Return the ids that lie in the spool, oldest first."""
    return [UUID(row[0]) for row in spool.file.all("SELECT sighting_id FROM sighting ORDER BY seq")]
