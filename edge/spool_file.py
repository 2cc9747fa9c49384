"""The spool's SQLite file: one program at a time, safe against power cuts, bounded in size.

Every write is one transaction that is on the disk before it returns. When the disk is full, the
ballast gives the journal room and the file grows no more. When the file is full, the oldest
pictures go, then the oldest sightings. The next start lays the ballast again.
"""

from __future__ import annotations

import fcntl
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, TypeVar

import msgspec

from contracts.sighting import Sighting
from edge.errors import SpoolError, SpoolFullError

logger = logging.getLogger(__name__)

FORMAT = 1
PAGE_BYTES = 4096
JOURNAL_PAGES = 100  # written back from here on, so that the journal stays well below the ballast
BALLAST_BYTES = 2_000_000  # freed first: on a full disk SQLite cannot even delete
SHED_BYTES = 500_000  # freed at once, so that not every sighting has to shed again
SHED_SIGHTINGS = 20
SCHEMA_FILE = Path(__file__).with_name("spool.sql")

T = TypeVar("T")
Change = Callable[[sqlite3.Connection], T]


class SpoolFile:
    """An open spool."""

    def __init__(self, path: Path, *, limit_bytes: int) -> None:
        self.path = path
        self._ballast = path.with_name(path.name + ".ballast")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(path.with_name(path.name + ".lock"))
            try:
                self._db = _opened(path, limit_bytes)
            except BaseException:
                self._lock.close()
                raise
        except (OSError, sqlite3.DatabaseError) as error:
            raise SpoolError(
                f"spool {path} cannot be opened: {error}. Name a writable file with --spool; if it "
                "is damaged, move it aside and keep it."
            ) from error
        self._lay_ballast()

    def close(self) -> None:
        """Close the file and let others open it."""
        self._db.close()
        self._lock.close()

    def all(self, statement: str, *values: object) -> list[Any]:
        """Return the rows of a query."""
        try:
            return self._db.execute(statement, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise self._broken(error) from error

    def one(self, statement: str, *values: object) -> Any:
        """Return the first row of a query, or None."""
        rows = self.all(statement, *values)
        return rows[0] if rows else None

    def write(self, change: Change[T], *, may_drop_sightings: bool = True) -> T:
        """Carry out a change in one transaction, making room where there is none.

        Raises SpoolFullError when nothing is left that may be dropped, SpoolError when the
        file cannot be written; the spool is as before then.
        """
        while True:
            try:
                return self._transact(change)
            except sqlite3.OperationalError as error:
                if not self._shed(may_drop_sightings):
                    raise SpoolFullError(
                        f"spool {self.path} is full and nothing in it may go: free space on its "
                        "disk, raise EDGE_SPOOL_LIMIT_MB, or upload what waits."
                    ) from error

    def _transact(self, change: Change[T]) -> T:
        """Carry out a change; only a full file or disk raises sqlite3.OperationalError."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            result = change(self._db)
            self._db.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            self._roll_back()
            if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                raise
            raise self._broken(error) from error
        except BaseException:
            self._roll_back()
            raise
        return result

    def _roll_back(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def _broken(self, error: sqlite3.Error) -> SpoolError:
        return SpoolError(
            f"spool {self.path} cannot be read or written: {error}. Check its disk; what was "
            "stored stays, and a restart goes on from there."
        )

    def _shed(self, may_drop_sightings: bool) -> bool:
        """Drop what matters least; False when there is nothing."""
        if self._ballast.is_file():
            self._drop_ballast()
            return True
        try:
            if self._transact(_shed_pictures):
                logger.error("spool full: oldest pictures dropped spool=%s", self.path)
                return True
            if may_drop_sightings and self._transact(_shed_sightings):
                logger.error("spool full: oldest sightings dropped spool=%s", self.path)
                return True
        except sqlite3.OperationalError:
            logger.error("disk full: not even dropping is possible spool=%s", self.path)
        return False

    def _drop_ballast(self) -> None:
        """Leave the journal the ballast's room, and let the file grow no more.

        Otherwise the next pictures would eat that room, and then not even deleting works.
        """
        self._ballast.unlink()
        self.all("PRAGMA wal_checkpoint(TRUNCATE)")
        (pages,) = self.one("PRAGMA page_count")
        self.all(f"PRAGMA max_page_count = {pages}")
        logger.error("spool full: ballast dropped spool=%s pages=%d", self.path, pages)

    def _lay_ballast(self) -> None:
        """Put the ballast (back) where there is room for it."""
        if self._ballast.is_file():
            return
        try:
            self._ballast.write_bytes(bytes(BALLAST_BYTES))
        except OSError as error:
            self._ballast.unlink(missing_ok=True)
            logger.error("disk nearly full: no ballast spool=%s %s", self.path, error)


def _locked(path: Path) -> IO[bytes]:
    """Take the spool's lock; the system gives it back when the program dies."""
    lock = path.open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise SpoolError(
            f"another program uses the spool behind {path}: let it finish or name another --spool."
        ) from error
    return lock


def _opened(path: Path, limit_bytes: int) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, timeout=10)
    try:
        found = db.execute("PRAGMA user_version").fetchone()[0]
        if found not in (0, FORMAT):
            raise SpoolError(
                f"spool {path} has format {found}, this program writes {FORMAT}: update it, or "
                "name another --spool."
            )
        db.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")  # NORMAL loses committed rows on a power cut
        db.execute(f"PRAGMA wal_autocheckpoint = {JOURNAL_PAGES}")
        db.execute(f"PRAGMA max_page_count = {limit_bytes // PAGE_BYTES}")
        db.executescript(SCHEMA_FILE.read_text(encoding="utf-8"))
        db.execute(f"PRAGMA user_version = {FORMAT}")
    except BaseException:
        db.close()
        raise
    return db


def _shed_pictures(db: sqlite3.Connection) -> bool:
    """Delete the oldest pictures; sightings not yet sent stop announcing them."""
    going: list[str] = []
    freed_bytes = 0
    rows = db.execute("SELECT sha256, length(jpeg) FROM picture ORDER BY seq LIMIT 1000")
    for sha256, size_bytes in rows.fetchall():
        if freed_bytes < SHED_BYTES:
            going.append(sha256)
            freed_bytes += size_bytes
    for sha256 in going:
        db.execute("DELETE FROM picture WHERE sha256 = ?", (sha256,))
        _stop_announcing(db, sha256)
    db.execute("UPDATE dropped SET number = number + ? WHERE reason = 'picture'", (len(going),))
    return bool(going)


def _stop_announcing(db: sqlite3.Connection, sha256: str) -> None:
    rows = db.execute(
        "SELECT sighting_id, body FROM sighting WHERE picture_sha256 = ? AND batch_id IS NULL",
        (sha256,),
    ).fetchall()
    for sighting_id, body in rows:
        bare = msgspec.structs.replace(msgspec.json.decode(body, type=Sighting), picture=None)
        db.execute(
            "UPDATE sighting SET body = ?, picture_sha256 = NULL WHERE sighting_id = ?",
            (msgspec.json.encode(bare), sighting_id),
        )


def _shed_sightings(db: sqlite3.Connection) -> bool:
    going = db.execute(
        "SELECT seq FROM sighting WHERE batch_id IS NULL ORDER BY seq LIMIT ?", (SHED_SIGHTINGS,)
    ).fetchall()
    db.executemany("DELETE FROM sighting WHERE seq = ?", going)
    db.execute("UPDATE dropped SET number = number + ? WHERE reason = 'sighting'", (len(going),))
    return bool(going)
