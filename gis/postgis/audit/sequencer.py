"""The sequencer: what waits in the outbox gets its place in the log, hashed, signed, once.

take the lock -> open the log (its key, its right edge, what is published) -> again and again:
new year? waiting events -> entries, tiles, checkpoint in one transaction. Before each signature
the published checkpoint is read again, for a log that was signed into two directions proves
nothing any more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import psycopg

from gis.postgis import outbox
from gis.postgis.audit.errors import AuditError, TamperedError
from gis.postgis.audit.origins import base_of, default_base, free_origin, year_of
from gis.postgis.audit.place import Place, make_key, read_key
from gis.postgis.audit.publish import publish, published_note, require_continued
from gis.postgis.audit.store import Database, Store, StoredLog, open_row
from gis.postgis.queries import query
from governance.audit_event import Actor, AuditEvent, Subject, event
from governance.log.checkpoint import Checkpoint, open_checkpoint, sign
from governance.log.note import NoteError, SigningKey
from governance.log.tree import Frontier, grow

logger = logging.getLogger(__name__)

ROLE = "stadtwart_sequencer"
LOCK_KEY = 0x5357_4155_4449_54  # "SWAUDIT"
ACTOR = Actor("machine", "sequencer")


@dataclass(frozen=True, slots=True)
class OpenLog:
    """The log as the sequencer knows it, proven to continue `published`."""

    store: Store
    key: SigningKey
    frontier: Frontier
    note: str  # the checkpoint signed last
    published: str  # the published checkpoint it was last compared with

    @property
    def origin(self) -> str:
        """The log's name."""
        return self.store.log.origin


def connect(url: str) -> Database:
    """Connect with no more rights than adding to the log."""
    connection = psycopg.connect(url, autocommit=True, connect_timeout=5)
    connection.execute(f"SET ROLE {ROLE}".encode())
    return connection


def try_lock(connection: Database) -> bool:
    """Become the only sequencer until the connection ends; False when another one is."""
    row = connection.execute(query("audit_lock_try"), {"key": LOCK_KEY}).fetchone()
    return bool(row and row[0])


def open_log(connection: Database, place: Place, *, base: str | None, year: int) -> OpenLog:
    """Open the log where it stands, or begin the first one.

    Raises ForkError or TamperedError when database, key and published files disagree.
    """
    row = open_row(connection)
    if row is None:
        origin = free_origin(connection, place, base or default_base(connection), year)
        return _begin(connection, place, origin, previous=None, reason="first log")
    store = Store(connection, row)
    key = read_key(place, row.origin)
    if str(key.verifier) != row.vkey:
        raise TamperedError(f"the key file of {row.origin} does not belong to the log's public key")
    size, note = store.last_checkpoint() or (0, "")
    frontier = store.frontier(size)
    _require_signed(store, key, frontier, note)
    published = published_note(place.public_folder(row.origin))
    if published is None:
        raise AuditError(
            f"{place.public_folder(row.origin)} holds no checkpoint, so nobody can tell whether "
            f"{row.origin} continues what was published: put the published files back, or begin a "
            "new log with `stadtwart audit reopen --reason REASON`"
        )
    require_continued(store, published, size=size)
    return OpenLog(store, key, frontier, note, published)


def sequence_once(log: OpenLog, place: Place, *, at_most: int) -> OpenLog | None:
    """Move waiting events into the log in one transaction; None when nothing waits.

    Raises ForkError when the published checkpoint is not continued any more.
    """
    log = _still_continued(log, place)
    with log.store.connection.transaction():
        try:
            leaves = log.store.take(log.frontier.size, at_most=at_most)
        except psycopg.errors.NotNullViolation as error:
            raise TamperedError(
                "an event waits for the log and is gone from the outbox: `stadtwart audit fsck`"
            ) from error
        if not leaves:
            return None
        return _extend(log, leaves)


def reopen(
    connection: Database, place: Place, *, base: str | None, year: int, reason: str
) -> OpenLog:
    """Begin a new log; its first event holds the last known checkpoint of the old one.

    The old log is sealed by a closing entry where it is sound. Where it cannot be continued
    (restored database, lost key) it stays as it is, and the new log says so.
    """
    old = open_row(connection)
    if old is None:
        return open_log(connection, place, base=base, year=year)
    origin = free_origin(connection, place, base or base_of(old.origin), year)
    try:
        standing = open_log(connection, place, base=base, year=year)
    except AuditError as error:
        logger.warning("log not sealed origin=%s reason=%s", old.origin, error)
        return _begin(
            connection, place, origin, previous=_last_known(connection, place, old), reason=reason
        )
    return _hand_over(standing, place, origin, reason=reason)


def new_year(log: OpenLog, place: Place, *, base: str | None, year: int) -> OpenLog:
    """Return the log of this year: the same one, or a new one after sealing the old."""
    if year_of(log.origin) >= year:
        return log
    wanted = base or base_of(log.origin)
    origin = free_origin(log.store.connection, place, wanted, year)
    return _hand_over(_still_continued(log, place), place, origin, reason="new year")


def _hand_over(old: OpenLog, place: Place, origin: str, *, reason: str) -> OpenLog:
    """Seal a sound log and begin the next; each names the other."""

    def seal(next_key: SigningKey) -> str:
        data = {"next_origin": origin, "next_vkey": str(next_key.verifier), "reason": reason}
        sealed = event("log.sealed", actor=ACTOR, subject=Subject("log", old.origin), data={**data})
        return _append_own(old, sealed).note

    fresh = _begin(old.store.connection, place, origin, previous=seal, reason=reason)
    note = (old.store.last_checkpoint() or (0, old.note))[1]
    publish(old.store, note, place.public_folder(old.origin))
    return fresh


def _begin(
    connection: Database,
    place: Place,
    origin: str,
    *,
    previous: str | Callable[[SigningKey], str] | None,
    reason: str,
) -> OpenLog:
    """Begin a log: key, empty published checkpoint, row and first entry, in this order.

    What is left behind by a crash in between makes the origin used, never used twice.
    """
    key = make_key(place, origin)
    empty = sign(Checkpoint(origin, 0, Frontier().root()), key)
    with connection.transaction():
        known = previous(key) if callable(previous) else previous
        vkey = str(key.verifier)
        row = connection.execute(query("audit_log_begin"), {"origin": origin, "vkey": vkey})
        store = Store(connection, StoredLog(_one(row.fetchone()), origin, vkey))
        publish(store, empty, place.public_folder(origin))
        log = OpenLog(store, key, Frontier(), empty, empty)
        data = {"previous_checkpoint": known, "reason": reason, "vkey": vkey}
        opened = event("log.opened", actor=ACTOR, subject=Subject("log", origin), data={**data})
        log = _append_own(log, opened)
    logger.info("log opened origin=%s reason=%s", origin, reason)
    return log


def _append_own(log: OpenLog, happened: AuditEvent) -> OpenLog:
    """Append the log's own word; the caller's transaction holds it."""
    connection = log.store.connection
    connection.execute(query("audit_record"), outbox.parameters(happened))
    return _extend(log, log.store.take_one(log.frontier.size, happened.id))


def _extend(log: OpenLog, leaves: Sequence[bytes]) -> OpenLog:
    """Store tiles and the signed checkpoint over the new leaves."""
    frontier, full = grow(log.frontier, leaves)
    note = sign(Checkpoint(log.origin, frontier.size, frontier.root()), log.key)
    if full:
        log.store.keep_tiles(full)
    log.store.keep_checkpoint(frontier.size, note)
    return OpenLog(log.store, log.key, frontier, note, log.published)


def _still_continued(log: OpenLog, place: Place) -> OpenLog:
    """Compare with the published checkpoint, where it is another one than last time."""
    found = published_note(place.public_folder(log.origin))
    if found == log.published:
        return log
    if found is None:
        raise AuditError(f"the published checkpoint of {log.origin} is gone: put it back")
    require_continued(log.store, found, size=log.frontier.size)
    return OpenLog(log.store, log.key, log.frontier, log.note, found)


def _require_signed(store: Store, key: SigningKey, frontier: Frontier, note: str) -> None:
    """Check that the entries in the database are what was signed last."""
    entries = store.entry_count()
    if not note or entries != frontier.size:
        raise TamperedError(
            f"{store.log.origin} has {entries} entries, {frontier.size} of them signed: "
            "`stadtwart audit fsck`"
        )
    try:
        signed = open_checkpoint(note, key.verifier)
    except NoteError as error:
        raise TamperedError(f"the last checkpoint in the database: {error}") from error
    if signed.root != frontier.root():
        raise TamperedError(
            f"the entries of {store.log.origin} are not the signed ones: `stadtwart audit fsck` "
            "names the first"
        )


def _last_known(connection: Database, place: Place, old: StoredLog) -> str | None:
    """Return the largest checkpoint of a log that cannot be continued."""
    stored = Store(connection, old).last_checkpoint()
    known = [
        note
        for note in (published_note(place.public_folder(old.origin)), stored and stored[1])
        if note
    ]
    return max(known, key=_size_of, default=None)


def _size_of(note: str) -> int:
    lines = note.split("\n")
    return int(lines[1]) if len(lines) > 1 and lines[1].isdigit() else -1


def _one(row: tuple[int] | None) -> int:
    if row is None:
        raise AuditError("the database stored no log")
    return row[0]
