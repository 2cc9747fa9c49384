"""A bundle of a million entries: how long the auditor's tool verifies it, and one proof takes."""

from __future__ import annotations

import base64
import random
import time
from pathlib import Path

import stadtwart_audit
from governance.log.checkpoint import Checkpoint, sign
from governance.log.note import SigningKey
from governance.log.tiles import Tile, encode_entries, encode_hashes
from governance.log.tree import TILE_WIDTH, Frontier, grow, leaf_hash

PROOFS = 300
KEY = SigningKey("bench.example/log/2027", bytes(32))


def measure_bundle(folder: Path, *, entries: int) -> dict[str, object]:
    """Write a bundle, verify it, and take proofs out of it, each from a cold start."""
    began = time.monotonic()
    size_bytes = _write(folder, entries)
    written_s = time.monotonic() - began
    (folder / "policy.txt").write_text(f"log {KEY.verifier}\nquorum none\n")
    policy = stadtwart_audit.read_policy(folder / "policy.txt")
    began, cpu = time.monotonic(), time.process_time()
    checked = stadtwart_audit.verify(folder, policy, (folder / "checkpoint").read_text())
    verified_s, verified_cpu_s = time.monotonic() - began, time.process_time() - cpu
    proofs_s = sorted(_proof_s(folder, entries, checked) for _ in range(PROOFS))
    return {
        "entries": entries,
        "bundle_mb": round(size_bytes / 1e6),
        "written_s": round(written_s, 1),
        "verified_s": round(verified_s, 2),
        "verified_cpu_s": round(verified_cpu_s, 2),
        "verified_per_s": round(entries / verified_s),
        "proof_p50_ms": round(proofs_s[PROOFS // 2] * 1000, 2),
        "proof_p99_ms": round(proofs_s[PROOFS * 99 // 100] * 1000, 2),
    }


def _proof_s(folder: Path, entries: int, checked: stadtwart_audit.Verified) -> float:
    """Make one proof, timed, and verify it, untimed."""
    index = random.randrange(entries)
    began = time.perf_counter()
    path = stadtwart_audit.Tree(folder, entries).inclusion(index)
    took_s = time.perf_counter() - began
    leaf = leaf_hash(_body(index))
    if stadtwart_audit.inclusion_root(leaf, index, entries, path) != checked.checkpoint.root:
        raise RuntimeError(f"the proof of entry {index} does not hold")
    return took_s


def _write(folder: Path, entries: int) -> int:
    """Write the bundle tile by tile, as a log that grew."""
    frontier, size_bytes = Frontier(), 0
    for index in range(-(-entries // TILE_WIDTH)):
        width = min(TILE_WIDTH, entries - index * TILE_WIDTH)
        bodies = [_body(index * TILE_WIDTH + at) for at in range(width)]
        frontier, full = grow(frontier, [leaf_hash(body) for body in bodies])
        for tile in full:
            size_bytes += _put(
                folder / Tile(tile.level, tile.index, 256).path, encode_hashes(tile.hashes)
            )
        bundle = Tile(0, index, width).entries_path
        size_bytes += _put(folder / bundle, encode_entries(bodies))
    for level, edge in enumerate(frontier.edges):
        if edge:
            partial = Tile(level, (entries >> (8 * level)) // TILE_WIDTH, len(edge))
            size_bytes += _put(folder / partial.path, encode_hashes(edge))
    note = sign(Checkpoint(KEY.name, entries, frontier.root()), KEY)
    return size_bytes + _put(folder / "checkpoint", note.encode())


def _body(number: int) -> bytes:
    """About 400 bytes, as a verdict's event has."""
    noise = base64.b64encode(number.to_bytes(8) * 24).decode()
    return f'{{"id":"00000000-0000-7000-8000-{number:012d}","data":"{noise}","v":1}}'.encode()


def _put(path: Path, content: bytes) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return len(content)
