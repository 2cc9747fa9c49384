"""The part of the spool that is being sent: batches written down before they leave, pictures, sums.

A picture is held until the city has its sighting, then it waits.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import msgspec

from contracts.batch import Batch, Receipt
from contracts.sighting import Sighting
from edge.spool_file import SpoolFile


@dataclass(frozen=True, slots=True)
class Letter:
    """A batch as it is sent, always with the same bytes."""

    batch_id: UUID
    body: bytes
    sightings: int


@dataclass(frozen=True, slots=True)
class Outbox:
    """What goes out, from the spool's file."""

    file: SpoolFile
    device_id: str

    def next_letter(self, *, size: int, now: datetime) -> Letter | None:
        """Return the oldest unanswered batch, or make one of what waits."""
        letter = self._oldest_letter()
        if letter is None and self.file.one(
            "SELECT 1 FROM sighting WHERE state = 'waiting' AND batch_id IS NULL LIMIT 1"
        ):
            self.file.write(lambda db: self._make_letter(db, size, now))
            letter = self._oldest_letter()
        return letter

    def _oldest_letter(self) -> Letter | None:
        row = self.file.one(
            "SELECT batch_id, body, (SELECT count(*) FROM sighting "
            "WHERE sighting.batch_id = batch.batch_id) FROM batch ORDER BY seq LIMIT 1"
        )
        return Letter(UUID(row[0]), bytes(row[1]), int(row[2])) if row else None

    def _make_letter(self, db: sqlite3.Connection, size: int, now: datetime) -> None:
        rows = db.execute(
            "SELECT sighting_id, body FROM sighting "
            "WHERE state = 'waiting' AND batch_id IS NULL ORDER BY seq LIMIT ?",
            (size,),
        ).fetchall()
        self._write_letter(db, rows, now)

    def _write_letter(
        self, db: sqlite3.Connection, rows: list[tuple[str, bytes]], now: datetime
    ) -> None:
        if not rows:  # room was made by dropping the very sightings
            return
        batch_id = uuid4()
        sightings = [msgspec.json.decode(body, type=Sighting) for _, body in rows]
        batch = Batch(batch_id=batch_id, device_id=self.device_id, sent_at=now, sightings=sightings)
        db.execute(
            "INSERT INTO batch (batch_id, body) VALUES (?, ?)",
            (str(batch_id), msgspec.json.encode(batch)),
        )
        db.executemany(
            "UPDATE sighting SET batch_id = ? WHERE sighting_id = ?",
            [(str(batch_id), sighting_id) for sighting_id, _ in rows],
        )

    def settle_letter(self, receipt: Receipt) -> None:
        """Let go of a batch the city has; the pictures it wants may follow."""
        self.file.write(lambda db: _settle_letter(db, receipt))

    def split_letter(self, letter: Letter, *, now: datetime) -> None:
        """Make two batches of a refused one, so that the bad sighting ends up alone."""

        def halve(db: sqlite3.Connection) -> None:
            rows = db.execute(
                "SELECT sighting_id, body FROM sighting WHERE batch_id = ? ORDER BY seq",
                (str(letter.batch_id),),
            ).fetchall()
            db.execute("DELETE FROM batch WHERE batch_id = ?", (str(letter.batch_id),))
            middle = len(rows) // 2
            self._write_letter(db, rows[:middle], now)
            self._write_letter(db, rows[middle:], now)

        self.file.write(halve)

    def park_letter(self, letter: Letter, reason: str) -> None:
        """Keep a refused sighting for a person."""

        def park(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM batch WHERE batch_id = ?", (str(letter.batch_id),))
            db.execute(
                "UPDATE sighting SET state = 'parked', reason = ?, batch_id = NULL "
                "WHERE batch_id = ?",
                (reason, str(letter.batch_id)),
            )

        self.file.write(park)

    def next_picture(self) -> tuple[str, bytes] | None:
        """Return the oldest picture the city wants: its sha256 and its bytes."""
        row = self.file.one(
            "SELECT sha256, jpeg FROM picture WHERE state = 'waiting' ORDER BY seq LIMIT 1"
        )
        return (str(row[0]), bytes(row[1])) if row else None

    def settle_picture(self, sha256: str) -> None:
        """Let go of a picture the city has."""
        self.file.write(lambda db: db.execute("DELETE FROM picture WHERE sha256 = ?", (sha256,)))

    def park_picture(self, sha256: str, reason: str) -> None:
        """Keep a refused picture for a person."""
        self.file.write(
            lambda db: db.execute(
                "UPDATE picture SET state = 'parked', reason = ? WHERE sha256 = ?",
                (reason, sha256),
            )
        )

    def next_coverage(self) -> tuple[str, bytes] | None:
        """Return the oldest sums of coverage: their id and their bytes."""
        row = self.file.one(
            "SELECT coverage_id, body FROM coverage WHERE state = 'waiting' ORDER BY seq LIMIT 1"
        )
        return (str(row[0]), bytes(row[1])) if row else None

    def settle_coverage(self, coverage_id: str) -> None:
        """Let go of sums the city has."""
        self.file.write(
            lambda db: db.execute("DELETE FROM coverage WHERE coverage_id = ?", (coverage_id,))
        )

    def park_coverage(self, coverage_id: str, reason: str) -> None:
        """Keep refused sums for a person."""
        self.file.write(
            lambda db: db.execute(
                "UPDATE coverage SET state = 'parked', reason = ? WHERE coverage_id = ?",
                (reason, coverage_id),
            )
        )


def _settle_letter(db: sqlite3.Connection, receipt: Receipt) -> None:
    batch_id = str(receipt.batch_id)
    announced = db.execute(
        "SELECT DISTINCT picture_sha256 FROM sighting "
        "WHERE batch_id = ? AND picture_sha256 IS NOT NULL",
        (batch_id,),
    ).fetchall()
    db.execute("DELETE FROM sighting WHERE batch_id = ?", (batch_id,))
    db.execute("DELETE FROM batch WHERE batch_id = ?", (batch_id,))
    wanted = set(receipt.pictures_wanted)
    for (sha256,) in announced:
        if sha256 in wanted:
            db.execute("UPDATE picture SET state = 'waiting' WHERE sha256 = ?", (sha256,))
        else:
            db.execute("DELETE FROM picture WHERE sha256 = ?", (sha256,))
