"""A reader written from the C2SP pages alone, sharing no line with ours: it accepts or it raises.

tlog-tiles, tlog-checkpoint and signed-note as their texts say, strict where they say MUST.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def read_bundle(folder: Path) -> list[bytes]:
    """Return the entries of a log laid out as static files; AssertionError for whatever is off."""
    size, root = _open_checkpoint(folder)
    entries: list[bytes] = []
    while len(entries) < size:
        n = len(entries) // 256
        entries += _entry_bundle(
            folder / "tile/entries" / _name(n, size, 0), min(256, size - n * 256)
        )
    hashes = [hashlib.sha256(b"\x00" + entry).digest() for entry in entries]
    assert _root(hashes) == root, "the entries do not make the signed root"
    level = 0
    while hashes:
        for n in range(-(-len(hashes) // 256)):
            raw = (folder / f"tile/{level}" / _name(n, size, level)).read_bytes()
            assert raw == b"".join(hashes[n * 256 : n * 256 + 256]), (level, n)
        full = [hashes[at : at + 256] for at in range(0, len(hashes) - 255, 256)]
        hashes, level = [_root(one) for one in full], level + 1
    return entries


def _open_checkpoint(folder: Path) -> tuple[int, bytes]:
    raw = (folder / "checkpoint").read_bytes()
    text, _, signatures = raw.rpartition(b"\n\n")
    text += b"\n"
    name, key_id, key = (folder / "log.vkey").read_text().strip().split("+", 2)
    public = base64.b64decode(key, validate=True)
    assert public[0] == 1, "Ed25519"
    digest = hashlib.sha256(name.encode() + b"\n" + public).digest()
    assert digest[:4].hex() == key_id
    origin, size, root = text.decode().split("\n")[:3]
    assert origin == name
    assert size == str(int(size)), "no leading zeroes"
    own = [line for line in signatures.decode().splitlines() if line.startswith(f"— {name} ")]
    assert len(own) == 1
    signature = base64.b64decode(own[0].split(" ")[2], validate=True)
    assert signature[:4] == digest[:4]
    Ed25519PublicKey.from_public_bytes(public[1:]).verify(signature[4:], text)
    return int(size), base64.b64decode(root, validate=True)


def _name(n: int, size: int, level: int) -> str:
    """The page's example: tile 1234067 is x001/x234/067, and a partial one of 5 ends in .p/5."""
    groups: list[str] = []
    rest = n
    while True:
        rest, last = divmod(rest, 1000)
        groups.insert(0, f"{last:03d}")
        if rest == 0:
            break
    path = "/".join([f"x{one}" for one in groups[:-1]] + [groups[-1]])
    width = min(256, size // 256**level - n * 256)
    return path if width == 256 else f"{path}.p/{width}"


def _entry_bundle(path: Path, width: int) -> list[bytes]:
    """Big-endian uint16 length-prefixed entries, nothing behind the last."""
    raw = path.read_bytes()
    entries = []
    for _ in range(width):
        length = raw[0] << 8 | raw[1]
        assert len(raw) >= 2 + length, "an entry is cut off"
        entries.append(raw[2 : 2 + length])
        raw = raw[2 + length :]
    assert raw == b"", "something behind the last entry"
    return entries


def _root(hashes: list[bytes]) -> bytes:
    """RFC 6962, MTH over leaf hashes, by its definition."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return hashlib.sha256(b"\x01" + _root(hashes[:k]) + _root(hashes[k:])).digest()
