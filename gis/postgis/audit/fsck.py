"""Check the log inside the database: each entry, tile and checkpoint, and that no event is missing.

What this cannot show: a database and its signing key in the same wrong hands can be rewritten
as a whole. The auditor's pinned checkpoint and the witnesses show that.
"""

from __future__ import annotations

from collections.abc import Iterator

from gis.postgis.audit.errors import AuditError
from gis.postgis.audit.place import Place
from gis.postgis.audit.publish import published_note, require_continued
from gis.postgis.audit.store import Database, Store, every_row
from gis.postgis.queries import query
from governance.log.checkpoint import open_checkpoint
from governance.log.note import NoteError, VerifierKey, read_verifier_key
from governance.log.tree import Frontier, FullTile, grow, leaf_hash

CROSS = {  # state change that must have its event: name of the query
    "verdict": "audit_cross_verdict",
    "work order": "audit_cross_work_order",
    "batch": "audit_cross_batch",
    "plan decision": "audit_cross_plan_decision",
    "tour report": "audit_cross_tour_report",
}


def findings(connection: Database, place: Place) -> Iterator[str]:
    """Yield what is wrong, the first bad entry of each log first; nothing means sound."""
    yield from content_findings(connection)
    for row in every_row(connection):
        store = Store(connection, row)
        if note := published_note(place.public_folder(row.origin)):
            try:
                require_continued(store, note, size=store.entry_count())
            except AuditError as error:
                yield str(error)


def content_findings(connection: Database) -> Iterator[str]:
    """Yield what is wrong inside the database, whatever was published."""
    for row in every_row(connection):
        yield from _entry_findings(Store(connection, row))
    for (event_id,) in connection.execute(query("audit_lost")):
        yield f"event {event_id} is in the outbox and neither in a log nor waiting for one"


def cross_findings(connection: Database) -> Iterator[str]:
    """Yield state changes whose event is missing."""
    for what, name in CROSS.items():
        for (subject_id,) in connection.execute(query(name)):
            yield f"{what} {subject_id} has no event in the outbox"


def _entry_findings(store: Store) -> Iterator[str]:
    """Rebuild the tree from the bodies and compare everything that was stored about it."""
    origin, key = store.log.origin, read_verifier_key(store.log.vkey)
    awaited = dict(store.checkpoints())
    frontier, leaves = Frontier(), list[bytes]()
    for seq, entry in enumerate(store.every_entry()):
        if entry.seq != seq:
            yield f"{origin}: entry {seq} is missing, the next one is {entry.seq}"
            return
        if entry.body is None:
            yield f"{origin}: entry {seq} (event {entry.event_id}) is gone from the outbox"
            return
        if leaf_hash(entry.body) != entry.leaf_hash:
            yield f"{origin}: entry {seq} (event {entry.event_id}) is not what was logged"
            return
        leaves.append(entry.leaf_hash)
        if seq + 1 in awaited or len(leaves) == 1000:
            frontier, full = grow(frontier, leaves)
            leaves = []
            yield from _tile_findings(store, full)
            if note := awaited.pop(seq + 1, None):
                yield from _checkpoint_findings(note, frontier, key)
    if leaves:
        yield f"{origin}: its last {len(leaves)} entries are not signed"
    for size in awaited:
        yield f"{origin}: a checkpoint says {size} entries, the log ends before"


def _tile_findings(store: Store, full: list[FullTile]) -> Iterator[str]:
    for tile in full:
        rows = store.tile_row(tile.level, tile.index)
        if rows != (tile.hashes, tile.root):
            first = tile.index << (8 * (tile.level + 1))
            yield (
                f"{store.log.origin}: tile {tile.level}/{tile.index}, from entry {first} on, is "
                f"{'missing' if rows is None else 'not what its entries make'}"
            )


def _checkpoint_findings(note: str, frontier: Frontier, key: VerifierKey) -> Iterator[str]:
    try:
        signed = open_checkpoint(note, key)
    except NoteError as error:
        yield f"{key.name}: checkpoint of {frontier.size} entries: {error}"
        return
    if (signed.size, signed.root) != (frontier.size, frontier.root()):
        yield (
            f"{key.name}: the checkpoint of {frontier.size} entries has another root: an entry "
            "before it was swapped or replaced together with its hash"
        )
