"""Bundles on disk: sound ones written by the log's code, and what a forger makes of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from governance.log.checkpoint import Checkpoint, sign
from governance.log.note import SigningKey
from governance.log.tiles import Tile, encode_entries, encode_hashes, tiles_of
from governance.log.tree import TILE_WIDTH, leaf_hash
from tests.governance.log.memory import Memory

ORIGIN = "halle.example/ki-protokoll/2027"
KEY = SigningKey(ORIGIN, bytes(range(32)))


def event_body(number: int) -> bytes:
    """An event as the log stores it."""
    body = {
        "id": f"00000000-0000-7000-8000-{number:012d}",
        "time": "2027-03-01T08:00:00Z",
        "type": "verdict.given",
        "v": 1,
    }
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def event_bodies(count: int) -> list[bytes]:
    """A log's entries."""
    return [event_body(number) for number in range(count)]


def signed(entries: Sequence[bytes], key: SigningKey = KEY, origin: str = ORIGIN) -> str:
    """The checkpoint over the entries, signed."""
    checkpoint = Checkpoint(origin, len(entries), Memory(entries).frontier.root())
    return sign(checkpoint, key)


def write_bundle(folder: Path, entries: Sequence[bytes], note: str | None = None) -> Path:
    """Write entries, tiles and checkpoint as a log publishes them."""
    memory = Memory(entries)
    for tile in tiles_of(len(entries)):
        put(folder / tile.path, encode_hashes(memory.read(tile)))
        if tile.level == 0:
            part = entries[tile.index * TILE_WIDTH :][: tile.width]
            put(folder / tile.entries_path, encode_entries(part))
    put(folder / "checkpoint", (note or signed(entries)).encode())
    put(folder / "log.vkey", f"{KEY.verifier}\n".encode())
    return folder


def put(path: Path, content: bytes) -> None:
    """Write a file, whatever was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def write_policy(path: Path, *lines: str, quorum: str = "none", key: SigningKey = KEY) -> Path:
    """Write a policy that trusts the log, and more."""
    path.write_text("\n".join([f"log {key.verifier}", *lines, f"quorum {quorum}", ""]))
    return path


@dataclass
class Forger:
    """Somebody with a copy of the bundle, and sometimes with the log's key."""

    folder: Path
    entries: list[bytes]

    def entries_file(self, index: int) -> Path:
        """The file with the entries of a tile."""
        return self.folder / self._tile(index).entries_path

    def tile_file(self, index: int) -> Path:
        """The file with the leaf hashes."""
        return self.folder / self._tile(index).path

    def change(self, seq: int, body: bytes, *, leaf: bool = False) -> None:
        """Replace an entry's text, and its leaf hash too."""
        self.entries[seq] = body
        index = seq // TILE_WIDTH
        part = self.entries[index * TILE_WIDTH :][:TILE_WIDTH]
        put(self.entries_file(index), encode_entries(part))
        if leaf:
            put(self.tile_file(index), encode_hashes([leaf_hash(one) for one in part]))

    def _tile(self, index: int) -> Tile:
        return Tile(0, index, min(TILE_WIDTH, len(self.entries) - index * TILE_WIDTH))
