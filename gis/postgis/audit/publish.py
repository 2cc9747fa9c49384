"""Publish a log as the static files of C2SP tlog-tiles, the checkpoint last.

Whoever fetches a checkpoint finds every tile it needs, after a power cut too: each file is
written aside, brought to disk and renamed. A file once published is never written again.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from gis.postgis.audit.errors import AuditError, ForkError, TamperedError
from gis.postgis.audit.store import Store
from governance.log.checkpoint import Checkpoint, open_checkpoint
from governance.log.note import NoteError, read_verifier_key
from governance.log.proofs import TiledTree
from governance.log.tiles import Tile, encode_entries, encode_hashes, tiles_of
from governance.log.tree import TILE_WIDTH

CHECKPOINT = "checkpoint"
PUBLIC_KEY = "log.vkey"


def published_note(folder: Path) -> str | None:
    """Return the published checkpoint as it stands in its file."""
    try:
        return (folder / CHECKPOINT).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def require_continued(store: Store, note: str, *, size: int) -> Checkpoint:
    """Check that the first `size` entries of the database continue a published checkpoint.

    Raises ForkError where they do not: the log is never signed into two directions.
    """
    try:
        known = open_checkpoint(note, read_verifier_key(store.log.vkey))
    except NoteError as error:
        raise TamperedError(f"the published checkpoint is not this log's: {error}") from error
    if known.size > size:
        raise ForkError(
            f"{known.size} entries of {known.origin} are published, the database holds {size}: it "
            "was restored from an older backup, or entries were cut off. Nothing is signed. "
            "Compare with the auditor, then begin a new log: `stadtwart audit reopen "
            "--reason REASON`"
        )
    if TiledTree(size, store.read_tile).root(known.size) != known.root:
        raise ForkError(
            f"the first {known.size} entries of {known.origin} in the database are not the "
            "published ones. Nothing is signed. Compare with the auditor (`stadtwart audit fsck` "
            "names the entry), then `stadtwart audit reopen --reason REASON`"
        )
    return known


def publish(store: Store, note: str, folder: Path) -> int:
    """Bring a folder up to a signed checkpoint; return the number of files written.

    Raises ForkError when the folder holds another log or another past, AuditError when a
    tile that must be there is not.
    """
    size = open_checkpoint(note, read_verifier_key(store.log.vkey)).size
    known = published_note(folder)
    older_size = require_continued(store, known, size=size).size if known else 0
    files = 0
    for tile in tiles_of(size, older_size=older_size):
        files += _write_tile(store, tile, folder)
    if not (folder / PUBLIC_KEY).exists():
        _write(folder / PUBLIC_KEY, f"{store.log.vkey}\n".encode())
    _write(folder / CHECKPOINT, note.encode())
    _drop_partial(folder, older_size, size)
    return files


def _write_tile(store: Store, tile: Tile, folder: Path) -> int:
    hashes = store.read_tile(tile)
    if len(hashes) != tile.width:
        raise AuditError(f"{tile.path} is missing in the database: `stadtwart audit fsck`")
    _write(folder / tile.path, encode_hashes(hashes))
    if tile.level:
        return 1
    first = tile.index * TILE_WIDTH
    entries = store.entries(first, first + tile.width)
    bodies = [entry.body for entry in entries if entry.body is not None]
    if len(bodies) != tile.width:
        raise TamperedError(
            f"of entries {first} to {first + tile.width - 1} only {len(bodies)} are left in the "
            "outbox: `stadtwart audit fsck` names them"
        )
    _write(folder / tile.entries_path, encode_entries(bodies))
    return 2


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(path.name + ".new")
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.rename(path)


def _drop_partial(folder: Path, older_size: int, size: int) -> None:
    """Remove partial tiles whose full tile is published now: C2SP allows it, disks need it."""
    level = 0
    while older := older_size >> (8 * level):
        tile = Tile(level, older // TILE_WIDTH, TILE_WIDTH)
        if older % TILE_WIDTH and (size >> (8 * level)) // TILE_WIDTH > tile.index:
            shutil.rmtree(folder / f"{tile.path}.p", ignore_errors=True)
            if level == 0:
                shutil.rmtree(folder / f"{tile.entries_path}.p", ignore_errors=True)
        level += 1
