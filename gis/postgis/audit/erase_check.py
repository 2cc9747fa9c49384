"""Show that something erased is gone: from every table, published file and backup; the log holds.

The log keeps the hash of a picture and the reference of a person, on purpose: neither leads back
to what was erased. Everywhere else even these are looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import file_digest
from pathlib import Path
from typing import IO, Literal
from uuid import UUID

from psycopg.sql import SQL, Identifier

from gis.postgis.audit.errors import AuditError
from gis.postgis.audit.fsck import content_findings
from gis.postgis.audit.place import Place
from gis.postgis.audit.prove import prove
from gis.postgis.audit.store import Database
from gis.postgis.backup.folder import Backup, BackupError, backups
from gis.postgis.backup.make import KEY_TABLES, Cycle
from gis.postgis.backup.programs import reading
from gis.postgis.queries import query
from governance.log.checkpoint import read_checkpoint
from governance.log.proofs import verify_inclusion
from governance.log.tlog_proof import read_proof
from governance.log.tree import ProofError, leaf_hash

State = Literal["gone", "in backups", "found", "cannot tell"]
LOG_TABLES = frozenset({"audit_outbox", "audit_entry", "audit_tile", "audit_checkpoint"})
AT_ONCE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was erased: a picture by its hash, or a person by their id."""

    kind: Literal["picture", "person"]
    id: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What one place showed."""

    where: str
    state: State
    detail: str


def check(
    connection: Database,
    place: Place,
    wanted: Wanted,
    *,
    published: Iterable[Path],
    backup_folder: Path,
    cycle: Cycle,
    now: datetime,
) -> Iterator[Checked]:
    """Look everywhere; nothing is changed."""
    yield _in_tables(connection, wanted)
    yield _in_published(connection, wanted, [place.public, *published])
    yield from (_in_backup(one, wanted, cycle, now) for one in backups(backup_folder))
    yield _in_log(connection, place, wanted)


def check_receipt(connection: Database, place: Place, erasure_id: UUID, digest: str) -> Checked:
    """Check that the receipt in the requester's hand is the one in the log, with its proof."""
    wanted = {"erasure_id": str(erasure_id)}
    row = connection.execute(query("erasure_receipt"), wanted).fetchone()
    if row is None or row[1] != digest:
        return Checked("receipt", "found", "the log holds no erasure with this id and digest")
    try:
        index = _require_proven(connection, place, row[0])
    except (AuditError, ProofError) as error:
        return Checked("receipt", "cannot tell", str(error))
    return Checked("receipt", "gone", f"entry {index} of the log says so, proven")


def _in_tables(connection: Database, wanted: Wanted) -> Checked:
    """Search each row of each table, whatever its columns are called."""
    names = [row[0] for row in connection.execute(query("backup_tables"))]
    hits: dict[str, int] = {}
    for name in set(names) - LOG_TABLES:
        statement = SQL("SELECT count(*) FROM {} AS one WHERE strpos(one::text, %s) > 0")
        row = connection.execute(statement.format(Identifier(name)), [wanted.id]).fetchone()
        if row and row[0]:
            hits[name] = row[0]
    if hits:
        named = ", ".join(f"{rows} rows of {name}" for name, rows in sorted(hits.items()))
        return Checked("database", "found", named)
    return Checked("database", "gone", f"in none of {len(names)} tables")


def _in_published(connection: Database, wanted: Wanted, folders: Sequence[Path]) -> Checked:
    """Search published files: a picture by its bytes or its name, a person by their id."""
    hashes = {wanted.id}
    if wanted.kind == "picture":
        rows = connection.execute(query("erasure_kept_hashes"), {"needle": wanted.id})
        hashes |= {row[0] for row in rows}
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    for path in files:
        with path.open("rb") as file:
            is_it = any(one in path.name for one in hashes) or (
                file_digest(file, "sha256").hexdigest() in hashes
                if wanted.kind == "picture"
                else _holds(file, wanted.id.encode())
            )
        if is_it:
            return Checked("published files", "found", str(path))
    return Checked("published files", "gone", f"in none of {len(files)} files")


def _in_backup(backup: Backup, wanted: Wanted, cycle: Cycle, now: datetime) -> Checked:
    """Read a backup through; what it still holds must be within its cycle."""
    where = f"backup {backup.file.name}"
    tables = [name for name in backup.manifest.rows if name not in LOG_TABLES]
    held_days = 0
    try:
        backup.require_whole()
        if _dump_holds(backup.file, [t for t in tables if t not in KEY_TABLES], wanted.id):
            held_days = cycle.days
        elif (keys := backup.keys_file) and _dump_holds(keys, list(KEY_TABLES), wanted.id):
            held_days = cycle.key_days
    except BackupError as error:
        return Checked(where, "cannot tell", str(error))
    if not held_days:
        return Checked(where, "gone", "not in it")
    until = backup.manifest.made_at + timedelta(days=held_days)
    if until < now:
        overdue = f"still in it, its {held_days} days were over on {until.date()}"
        return Checked(where, "found", f"{overdue}: `stadtwart db backup` deletes it")
    return Checked(where, "in backups", f"until {until.date()}, when its {held_days} days are over")


def _in_log(connection: Database, place: Place, wanted: Wanted) -> Checked:
    """Check every entry of the log, and prove those about the erased thing."""
    if wanted.kind == "person":
        row = connection.execute(query("erasure_in_log"), {"needle": wanted.id}).fetchone()
        if row and row[0]:
            return Checked("log", "found", f"{row[0]} entries hold the id")
    if wrong := next(content_findings(connection), None):
        return Checked("log", "found", f"the log is not sound: {wrong}")
    about = {"subject_kind": wanted.kind, "subject_id": wanted.id}
    events = [row[0] for row in connection.execute(query("erasure_mentions"), about)]
    try:
        for event_id in events:
            _require_proven(connection, place, event_id)
    except (AuditError, ProofError) as error:
        return Checked("log", "cannot tell", str(error))
    return Checked("log", "gone", f"sound; {len(events)} entries about it, each still proven")


def _require_proven(connection: Database, place: Place, event_id: UUID) -> int:
    """Make an entry's proof and verify it; return its index.

    Raises AuditError for an event not logged yet, ProofError where the proof does not hold.
    """
    text, body = prove(connection, place, event_id)
    proof = read_proof(text)
    signed = read_checkpoint(proof.checkpoint)
    verify_inclusion(
        leaf_hash(body), index=proof.index, size=signed.size, proof=proof.path, root=signed.root
    )
    return proof.index


def _dump_holds(dump: Path, tables: list[str], needle: str) -> bool:
    with reading(dump, tables) as process:
        if process.stdout is None:
            raise BackupError("pg_restore gave no output")
        is_there = _holds(process.stdout, needle.encode())
        if not is_there and process.wait() != 0:
            raise BackupError(f"{dump} cannot be read: take another backup")
    return is_there


def _holds(stream: IO[bytes], needle: bytes) -> bool:
    """Say whether a stream holds some bytes, across the borders of what is read at once."""
    kept = b""
    while part := stream.read(AT_ONCE_BYTES):
        if needle in kept + part:
            return True
        kept = part[-len(needle) :]
    return False
