"""One log in the database, read as entries, tiles and checkpoints; nothing here decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection

from gis.postgis.queries import query
from governance.log.tiles import Tile, decode_hashes, encode_hashes
from governance.log.tree import TILE_WIDTH, Frontier, FullTile

Database = Connection[Any]


@dataclass(frozen=True, slots=True)
class StoredLog:
    """A log's row."""

    log_id: int
    origin: str
    vkey: str


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry with the body the outbox holds for it now; None when it is gone."""

    seq: int
    event_id: UUID
    body: bytes | None
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class Store:
    """A log's rows, over a connection that the caller keeps."""

    connection: Database
    log: StoredLog

    def last_checkpoint(self) -> tuple[int, str] | None:
        """Return the size and the note signed last."""
        rows = self._rows("audit_checkpoint_last")
        return rows[0] if rows else None

    def checkpoints(self) -> list[tuple[int, str]]:
        """Return every size and note, the smallest first."""
        return self._rows("audit_checkpoint_all")

    def entry_count(self) -> int:
        """Return the number of entries."""
        return int(self._rows("audit_entry_count")[0][0])

    def frontier(self, size: int) -> Frontier:
        """Return the right edge of the tree of the first `size` entries."""
        edges: list[tuple[bytes, ...]] = []
        level = 0
        while hashes := size >> (8 * level):
            width = hashes % TILE_WIDTH
            edge = Tile(level, hashes // TILE_WIDTH, width)
            edges.append(tuple(self.read_tile(edge)) if width else ())
            level += 1
        return Frontier(size, tuple(edges))

    def read_tile(self, tile: Tile) -> Sequence[bytes]:
        """Return a tile's hashes: stored where it is full, else from what lies below it."""
        if tile.width == TILE_WIDTH:
            rows = self._rows("audit_tile_full", level=tile.level, tile_index=tile.index)
            return decode_hashes(rows[0][0]) if rows else ()
        first = tile.index * TILE_WIDTH
        span = {"first": first, "beyond": first + tile.width}
        if tile.level == 0:
            return [leaf for (leaf,) in self._rows("audit_leaf_hashes", **span)]
        rows = self._rows("audit_tile_roots", level=tile.level - 1, **span)
        return [root for (root,) in rows]

    def tile_row(self, level: int, index: int) -> tuple[tuple[bytes, ...], bytes] | None:
        """Return a full tile's hashes and its root, as stored."""
        rows = self._rows("audit_tile_row", level=level, tile_index=index)
        return (decode_hashes(rows[0][0]), bytes(rows[0][1])) if rows else None

    def entries(self, first: int, beyond: int) -> list[StoredEntry]:
        """Return neighbouring entries."""
        rows = self._rows("audit_bodies", first=first, beyond=beyond)
        return [StoredEntry(*row) for row in rows]

    def every_entry(self, *, at_once: int = 10_000) -> Iterator[StoredEntry]:
        """Yield the whole log, entry by entry."""
        for first in range(0, self.entry_count(), at_once):
            yield from self.entries(first, first + at_once)

    def take(self, size: int, *, at_most: int) -> list[bytes]:
        """Move waiting events behind the first `size` entries; return their leaf hashes."""
        rows = self._rows("audit_take", size=size, at_most=at_most)
        return [leaf for _, leaf in sorted(rows)]

    def take_one(self, size: int, event_id: UUID) -> list[bytes]:
        """Move one waiting event behind the first `size` entries."""
        return [leaf for _, leaf in self._rows("audit_take_one", size=size, event_id=event_id)]

    def keep_tiles(self, tiles: Sequence[FullTile]) -> None:
        """Store tiles that have just become full."""
        values = {
            "log_id": self.log.log_id,
            "level": [tile.level for tile in tiles],
            "tile_index": [tile.index for tile in tiles],
            "hashes": [encode_hashes(tile.hashes) for tile in tiles],
            "root": [tile.root for tile in tiles],
        }
        self.connection.execute(query("audit_tile_store"), values)

    def keep_checkpoint(self, size: int, note: str) -> None:
        """Store a signed checkpoint."""
        values = {"log_id": self.log.log_id, "size": size, "note": note}
        self.connection.execute(query("audit_checkpoint_store"), values)

    def _rows(self, name: str, **values: Any) -> list[Any]:
        text: LiteralString = query(name)
        cursor = self.connection.cursor(binary=True)
        return cursor.execute(text, values | {"log_id": self.log.log_id}).fetchall()


def open_row(connection: Database) -> StoredLog | None:
    """Return the log that is open, None before the first."""
    row = connection.execute(query("audit_log_open")).fetchone()
    return StoredLog(*row) if row else None


def row_of(connection: Database, origin: str) -> StoredLog | None:
    """Return the log with this origin."""
    row = connection.execute(query("audit_log_named"), {"origin": origin}).fetchone()
    return StoredLog(*row) if row else None


def every_row(connection: Database) -> list[StoredLog]:
    """Return all logs, the oldest first."""
    return [StoredLog(*row) for row in connection.execute(query("audit_log_all"))]
