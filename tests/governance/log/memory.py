"""A log in memory: the smallest thing that obeys the interface of tiles."""

from __future__ import annotations

from collections.abc import Sequence

from governance.log.proofs import TiledTree
from governance.log.tiles import Tile
from governance.log.tree import TILE_WIDTH, Frontier, grow, leaf_hash


class Memory:
    """Entries, their full tiles and the edge of their tree."""

    def __init__(self, entries: Sequence[bytes]) -> None:
        self.entries: list[bytes] = []
        self.frontier = Frontier()
        self._hashes: dict[int, list[bytes]] = {}
        self.append(entries)

    def append(self, entries: Sequence[bytes]) -> None:
        """Grow the log."""
        self.entries += entries
        self.frontier, full = grow(self.frontier, [leaf_hash(body) for body in entries])
        for tile in full:
            level = self._hashes.setdefault(tile.level, [])
            assert len(level) == tile.index * TILE_WIDTH, "tiles come in order"
            level += tile.hashes

    def read(self, tile: Tile) -> Sequence[bytes]:
        """Return a tile's hashes, of a full one or of the edge."""
        edge = self.frontier.edges[tile.level]
        hashes = [*self._hashes.get(tile.level, []), *edge]
        found = hashes[tile.index * TILE_WIDTH :][: tile.width]
        assert len(found) == tile.width
        return found

    def tree(self, size: int) -> TiledTree:
        """The tree of the first `size` entries."""
        return TiledTree(size, self.read)
