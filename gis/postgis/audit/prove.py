"""One event with its proof, straight from the database: what a page or an operator hands out."""

from __future__ import annotations

from uuid import UUID

from gis.postgis.audit.errors import AuditError
from gis.postgis.audit.place import Place
from gis.postgis.audit.publish import published_note
from gis.postgis.audit.store import Database, Store, StoredLog
from gis.postgis.queries import query
from governance.log.checkpoint import read_checkpoint
from governance.log.proofs import TiledTree
from governance.log.tlog_proof import LoggedProof, write_proof


def prove(connection: Database, place: Place, event_id: UUID) -> tuple[str, bytes]:
    """Return the proof as text (C2SP tlog-proof) and the event's bytes.

    The published checkpoint is taken where it already holds the event, because witnesses have
    signed it; else the last one in the database.

    Raises AuditError for an event that is unknown or still waits for the log.
    """
    row = connection.execute(query("audit_entry_of"), {"event_id": event_id}).fetchone()
    if row is None:
        raise AuditError(f"event {event_id} is in no log: `stadtwart audit status` says what waits")
    log_id, origin, vkey, index, body = row
    store = Store(connection, StoredLog(log_id, origin, vkey))
    note = published_note(place.public_folder(origin))
    if note is None or read_checkpoint(note).size <= index:
        last = store.last_checkpoint()
        if last is None:
            raise AuditError(f"{origin} has no checkpoint: `stadtwart audit fsck`")
        note = last[1]
    path = TiledTree(read_checkpoint(note).size, store.read_tile).inclusion_proof(index)
    return write_proof(LoggedProof(index, path, note)), bytes(body)
