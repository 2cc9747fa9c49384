"""The Merkle tree of RFC 6962 and RFC 9162 (2.1): hashes, a tree that grows, its root.

A growing tree keeps only its right edge: for each level of tiles the hashes that do not fill a
tile yet. Whatever is full leaves it for good, which is why the log can be stored insert-only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

HASH_BYTES = 32
TILE_WIDTH = 256  # C2SP tlog-tiles: a full tile spans eight levels of the tree
EMPTY_ROOT = sha256(b"").digest()


class ProofError(Exception):
    """A proof or a root does not fit: something was changed, removed or reordered."""


def leaf_hash(body: bytes) -> bytes:
    """Hash an entry; the leading zero keeps leaves apart from nodes."""
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighbouring subtrees into their parent."""
    return sha256(b"\x01" + left + right).digest()


def root_of(hashes: Iterable[bytes]) -> bytes:
    """Return the root over neighbouring hashes, leaves or roots of equally large subtrees.

    Level by level; an odd last hash moves up unchanged, which is RFC 9162's split at the
    largest power of two below the size, without its recursion.
    """
    level = list(hashes)
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        pairs = zip(islice(level, 0, None, 2), islice(level, 1, None, 2), strict=False)
        above = [node_hash(left, right) for left, right in pairs]
        level = [*above, level[-1]] if len(level) % 2 else above
    return level[0]


@dataclass(frozen=True, slots=True)
class FullTile:
    """A tile that will never change again: 256 hashes and the root over them."""

    level: int
    index: int
    hashes: tuple[bytes, ...]
    root: bytes


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree of `size` entries; `edges[level]` holds 0 to 255 hashes."""

    size: int = 0
    edges: tuple[tuple[bytes, ...], ...] = ()

    def root(self) -> bytes:
        """Return the root of the whole tree."""
        below: tuple[bytes, ...] = ()  # the incomplete subtree of the levels below
        for edge in self.edges:
            hashes = edge + below
            below = (root_of(hashes),) if hashes else ()
        return below[0] if below else EMPTY_ROOT


def grow(frontier: Frontier, leaf_hashes: Sequence[bytes]) -> tuple[Frontier, list[FullTile]]:
    """Append leaves; return the new edge and the tiles that became full, lowest level first."""
    edges = list(frontier.edges)
    full: list[FullTile] = []
    fresh: list[bytes] = list(leaf_hashes)
    level, seen = 0, frontier.size
    while fresh:
        if level == len(edges):
            edges.append(())
        hashes = [*edges[level], *fresh]
        index = seen // TILE_WIDTH
        cut = len(hashes) - len(hashes) % TILE_WIDTH
        fresh = []
        for start in range(0, cut, TILE_WIDTH):
            tile = tuple(hashes[start : start + TILE_WIDTH])
            full.append(FullTile(level, index + start // TILE_WIDTH, tile, root_of(tile)))
            fresh.append(full[-1].root)
        edges[level] = tuple(hashes[cut:])
        level, seen = level + 1, index
    return Frontier(frontier.size + len(leaf_hashes), tuple(edges)), full
