"""Tiles and entry bundles as C2SP tlog-tiles names and encodes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from governance.log.tree import HASH_BYTES, TILE_WIDTH

LONGEST_ENTRY_BYTES = 2**16 - 1  # a bundle writes each length in two bytes


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """Where a tile lies; `width` counts its hashes, 256 when it is full."""

    level: int
    index: int
    width: int

    @property
    def path(self) -> str:
        """The tile's path below the log's prefix."""
        return f"tile/{self.level}/{_number(self.index)}{_partial(self.width)}"

    @property
    def entries_path(self) -> str:
        """The path of the entries under a tile of level 0."""
        return f"tile/entries/{_number(self.index)}{_partial(self.width)}"


def tiles_of(size: int, *, older_size: int = 0) -> Iterator[Tile]:
    """Yield each tile of a tree of `size` entries that a tree of `older_size` does not have."""
    level = 0
    while hashes := size >> (8 * level):
        first = (older_size >> (8 * level)) // TILE_WIDTH
        if older_size >> (8 * level) != hashes:
            for index in range(first, -(-hashes // TILE_WIDTH)):
                yield Tile(level, index, min(TILE_WIDTH, hashes - index * TILE_WIDTH))
        level += 1


def encode_hashes(hashes: Iterable[bytes]) -> bytes:
    """Write a tile's hashes one behind the other."""
    return b"".join(hashes)


def decode_hashes(text: bytes) -> tuple[bytes, ...]:
    """Read a tile's hashes.

    Raises ValueError for a length that no tile has.
    """
    if not text or len(text) % HASH_BYTES or len(text) > TILE_WIDTH * HASH_BYTES:
        raise ValueError(f"a tile holds 1 to 256 hashes of 32 bytes, not {len(text)} bytes")
    return tuple(text[at : at + HASH_BYTES] for at in range(0, len(text), HASH_BYTES))


def encode_entries(bodies: Iterable[bytes]) -> bytes:
    """Write entries as a bundle: each behind its length in two bytes, the large one first."""
    parts: list[bytes] = []
    for body in bodies:
        if len(body) > LONGEST_ENTRY_BYTES:
            raise ValueError(f"an entry holds at most 65,535 bytes, not {len(body)}")
        parts += (len(body).to_bytes(2), body)
    return b"".join(parts)


def decode_entries(text: bytes) -> list[bytes]:
    """Read a bundle's entries.

    Raises ValueError when the last entry is cut.
    """
    bodies: list[bytes] = []
    at = 0
    while at < len(text):
        start = at + 2
        at = start + int.from_bytes(text[at:start])
        if start > len(text) or at > len(text):
            raise ValueError(f"entry {len(bodies)} of the bundle is cut off")
        bodies.append(text[start:at])
    return bodies


def _number(index: int) -> str:
    """Write 1234067 as x001/x234/067, so that files and folders never collide."""
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])


def _partial(width: int) -> str:
    return "" if width == TILE_WIDTH else f".p/{width}"
