"""Inclusion and consistency proofs (RFC 9162, 2.1.3 and 2.1.4), made from tiles and verified."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from governance.log.tiles import Tile
from governance.log.tree import EMPTY_ROOT, TILE_WIDTH, ProofError, node_hash, root_of

ReadTile = Callable[[Tile], Sequence[bytes]]


class TiledTree:
    """A tree of `size` entries over tiles that `read` fetches, each at most once."""

    def __init__(self, size: int, read: ReadTile) -> None:
        self.size = size
        self._read = read
        self._known: dict[tuple[int, int], Sequence[bytes]] = {}

    def root(self, size: int | None = None) -> bytes:
        """Return the root over all entries, or over the first `size`."""
        size = self.size if size is None else size
        if not 0 <= size <= self.size:
            raise ValueError(f"the tree has {self.size} entries, not {size}")
        return self._subtree(0, size) if size else EMPTY_ROOT

    def inclusion_proof(self, index: int) -> list[bytes]:
        """Return the path from the entry's neighbour up to the root's child (2.1.3.1)."""
        if not 0 <= index < self.size:
            raise ValueError(f"the tree has {self.size} entries, none has index {index}")
        start, end, path = 0, self.size, []
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._subtree(middle, end))
                end = middle
            else:
                path.append(self._subtree(start, middle))
                start = middle
        return path[::-1]

    def consistency_proof(self, old_size: int) -> list[bytes]:
        """Return what proves that the first `old_size` entries are unchanged (2.1.4.1)."""
        if not 0 <= old_size <= self.size:
            raise ValueError(f"the tree has {self.size} entries, fewer than {old_size}")
        if old_size in (0, self.size):
            return []
        start, end, path = 0, self.size, []
        while old_size != end:
            middle = start + _split(end - start)
            if old_size <= middle:
                path.append(self._subtree(middle, end))
                end = middle
            else:
                path.append(self._subtree(start, middle))
                start = middle
        if start:
            path.append(self._subtree(start, end))
        return path[::-1]

    def _subtree(self, start: int, end: int) -> bytes:
        """Return the hash over entries `start` to `end`; `start` is a multiple of their split."""
        width = end - start
        if width & (width - 1):
            middle = start + _split(width)
            return node_hash(self._subtree(start, middle), self._subtree(middle, end))
        level, rest = divmod(width.bit_length() - 1, 8)
        first = start >> (8 * level)
        hashes = self._tile(level, first // TILE_WIDTH)
        offset = first % TILE_WIDTH
        return root_of(hashes[offset : offset + (1 << rest)])

    def _tile(self, level: int, index: int) -> Sequence[bytes]:
        if (level, index) not in self._known:
            width = min(TILE_WIDTH, (self.size >> (8 * level)) - index * TILE_WIDTH)
            self._known[level, index] = self._read(Tile(level, index, width))
        return self._known[level, index]


def verify_inclusion(
    leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that the leaf is entry `index` of the tree (2.1.3.2).

    Raises ProofError where it is not.
    """
    if not 0 <= index < size:
        raise ProofError(f"a tree of {size} entries has no entry {index}")
    node, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofError(f"the proof for entry {index} is too long")
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    if last or found != root:
        raise ProofError(f"entry {index} is not in the tree of {size} entries with this root")


def verify_consistency(
    *, old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the larger tree begins with the smaller one (2.1.4.2).

    Raises ProofError where it does not.
    """
    if old_size > size:
        raise ProofError(f"the tree shrank from {old_size} to {size} entries")
    if old_size == size:
        _require(not proof and old_root == root, old_size, size)
        return
    if old_size == 0:
        _require(not proof and old_root == EMPTY_ROOT, old_size, size)
        return
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    _require(bool(path), old_size, size)
    node, last = old_size - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old_found = found = path[0]
    for sibling in path[1:]:
        _require(last != 0, old_size, size)
        if node & 1 or node == last:
            old_found, found = node_hash(sibling, old_found), node_hash(sibling, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    _require(last == 0 and old_found == old_root and found == root, old_size, size)


def _require(fits: bool, old_size: int, size: int) -> None:
    if not fits:
        raise ProofError(f"the tree of {size} entries does not begin with the tree of {old_size}")


def _split(width: int) -> int:
    """Return the largest power of two below `width`."""
    return 1 << ((width - 1).bit_length() - 1)
