"""Check a Stadtwart audit log offline: one file, Python 3.11, the package `cryptography`.

    stadtwart-audit verify BUNDLE --policy policy.txt [--pinned CHECKPOINT]
    stadtwart-audit prove BUNDLE EVENT --out NAME       writes NAME.tlog-proof and NAME.json
    stadtwart-audit verify-proof PROOF ENTRY --policy policy.txt
    stadtwart-audit consistency OLD NEW --policy policy.txt
    stadtwart-audit witness --key KEY --policy policy.txt --state FOLDER

Exit codes: 0 sound, 1 tampered, 2 cannot tell.

This file shares no code with the program that writes the log, on purpose: a mistake in one is
found by the other. It is longer than a page so that an auditor carries one file. The formats are
public: RFC 9162 (tree and proofs) and c2sp.org: tlog-tiles, tlog-checkpoint, signed-note,
tlog-cosignature, tlog-proof, tlog-policy, tlog-witness. Read it in this order: tree, notes,
policy, bundle, what each command does, the witness, the command line.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import json
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SOUND, TAMPERED, CANNOT_TELL = 0, 1, 2


class Tampered(Exception):  # noqa: N818 -- the word the auditor reads
    """Something was changed, removed, reordered or signed by somebody else."""


class CannotTell(Exception):  # noqa: N818 -- the word the auditor reads
    """What is needed to say more is missing or unreadable."""


# --- The tree: RFC 9162, section 2.1 ------------------------------------------------------------

TILE = 256  # hashes in a full tile (C2SP tlog-tiles)


def leaf_of(body: bytes) -> bytes:
    """Hash an entry."""
    return sha256(b"\x00" + body).digest()


def node_of(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over neighbouring, equally large subtrees; only the last may be smaller."""
    if not hashes:
        return sha256(b"").digest()
    level = list(hashes)
    while len(level) > 1:
        odd = [level.pop()] if len(level) % 2 else []
        level = [
            sha256(b"\x01" + level[at] + level[at + 1]).digest() for at in range(0, len(level), 2)
        ]
        level += odd
    return level[0]


def inclusion_root(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that an inclusion path leads to (2.1.3.2)."""
    if not 0 <= index < size:
        raise Tampered(f"a log of {size} entries has no entry {index}")
    first, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise Tampered(f"the proof for entry {index} is too long")
        if first % 2 or first == last:
            found = node_of(sibling, found)
            while first % 2 == 0 and first:
                first, last = first // 2, last // 2
        else:
            found = node_of(found, sibling)
        first, last = first // 2, last // 2
    if last:
        raise Tampered(f"the proof for entry {index} is too short")
    return found


def is_consistent(old: Checkpoint, new: Checkpoint, proof: Sequence[bytes]) -> bool:
    """Say whether the proof shows that the new tree begins with the old one (2.1.4.2)."""
    if old.size > new.size:
        return False
    if old.size == new.size:
        return not proof and old.root == new.root
    if old.size == 0:
        return not proof and old.root == root_of([])
    path = [old.root, *proof] if old.size & (old.size - 1) == 0 else list(proof)
    if not path:
        return False
    first, last = old.size - 1, new.size - 1
    while first % 2:
        first, last = first // 2, last // 2
    old_found = new_found = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if first % 2 or first == last:
            old_found, new_found = node_of(sibling, old_found), node_of(sibling, new_found)
            while first % 2 == 0 and first:
                first, last = first // 2, last // 2
        else:
            new_found = node_of(new_found, sibling)
        first, last = first // 2, last // 2
    return last == 0 and old_found == old.root and new_found == new.root


# --- Notes: C2SP signed-note, tlog-checkpoint, tlog-cosignature ---------------------------------

LOG_KEY, WITNESS_KEY = 0x01, 0x04


@dataclass(frozen=True)
class Key:
    """A public key with its name; `kind` tells a log's signature from a witness's."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of each of its signatures."""
        return sha256(f"{self.name}\n".encode() + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        text = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{text}"


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself: its name, how many entries it has, and the root over them."""

    origin: str
    size: int
    root: bytes
    text: str  # the signed lines
    signatures: tuple[tuple[str, bytes], ...]  # name, key id and signature


def read_key(text: str) -> Key:
    """Read a public key as a policy writes it: name+id+key."""
    name, _, rest = text.strip().partition("+")
    key_id, _, value = rest.partition("+")
    raw = unbase64(value)
    if not name or re.search(r"\s", name) or len(raw) != 33 or raw[0] not in (LOG_KEY, WITNESS_KEY):
        raise CannotTell(f"not a public key: {text.strip()[:100]!r}")
    key = Key(name, raw[0], raw[1:])
    if key.key_id.hex() != key_id:
        raise CannotTell(f"the public key of {name} does not belong to its id {key_id}")
    return key


def read_checkpoint(note: str) -> Checkpoint:
    """Read a checkpoint; its signatures are not verified yet."""
    if not all(line.isprintable() for line in note.split("\n")):
        raise Tampered("the checkpoint holds control characters")
    text, middle, lines = note.rpartition("\n\n")
    head = text.split("\n")
    root = unbase64(head[2]) if len(head) > 2 else b""
    is_number = len(head) > 2 and re.fullmatch(r"0|[1-9][0-9]{0,18}", head[1])
    if not middle or not all(head) or not is_number or len(root) != 32:
        raise Tampered("the checkpoint is not what a checkpoint looks like")
    if not lines.endswith("\n") or len(lines) > 65_536:
        raise Tampered("the signatures of the checkpoint are cut off")
    found = [
        re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})", one) for one in lines[:-1].split("\n")
    ]
    if not all(found):
        raise Tampered("the checkpoint holds a line that is no signature")
    signatures = tuple((one[1], unbase64(one[2])) for one in found if one)
    return Checkpoint(head[0], int(head[1]), root, f"{text}\n", signatures)


def is_signed_by(checkpoint: Checkpoint, key: Key) -> bool:
    """Say whether a key signed the checkpoint; raise Tampered where its signature does not fit."""
    is_signed = False
    for name, value in checkpoint.signatures:
        if name != key.name or value[:4] != key.key_id:
            continue
        message, signature = checkpoint.text.encode(), value[4:]
        if key.kind == WITNESS_KEY:
            seconds, signature = int.from_bytes(signature[:8]), signature[8:]
            message = f"cosignature/v1\ntime {seconds}\n".encode() + message
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
        except InvalidSignature:
            raise Tampered(f"the signature of {key.name} does not fit the checkpoint") from None
        is_signed = True
    return is_signed


def unbase64(text: str) -> bytes:
    """Decode base64; nothing where it is none, or where another text means the same."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return raw if base64.b64encode(raw).decode() == text else b""


# --- The policy: C2SP tlog-policy ---------------------------------------------------------------


@dataclass
class Policy:
    """Whom the auditor believes: logs, witnesses, and how many witnesses it takes."""

    logs: list[Key] = field(default_factory=list)
    witnesses: dict[str, Key] = field(default_factory=dict)
    groups: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    quorum: str | None = None

    def is_met(self, name: str, cosigned: set[str]) -> bool:
        """Say whether a witness or a group stands behind the checkpoint."""
        if name in self.groups:
            needed, members = self.groups[name]
            return sum(self.is_met(member, cosigned) for member in members) >= needed
        return name in cosigned


def read_policy(path: Path) -> Policy:
    """Read a policy file; CannotTell where it is not clear in every line."""
    policy = Policy()
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        words = [] if line.lstrip().startswith("#") else line.split()
        try:
            if words:
                _read_line(policy, words)
        except (ValueError, IndexError, CannotTell) as error:
            raise CannotTell(f"{path}, line {number}: {error}") from error
    if policy.quorum is None:
        raise CannotTell(
            f"{path} needs a line `quorum`: `quorum none` where there are no witnesses"
        )
    return policy


def _read_line(policy: Policy, words: list[str]) -> None:
    kind, *rest = words
    names = {*policy.witnesses, *policy.groups}
    if kind == "log" and 1 <= len(rest) <= 2:
        key = read_key(rest[0])
        _require(
            key.kind == LOG_KEY and key.public not in [k.public for k in policy.logs], "log key"
        )
        policy.logs.append(key)
    elif kind == "witness" and 2 <= len(rest) <= 3:
        key = read_key(rest[1])
        known = [one.public for one in policy.witnesses.values()]
        _require(rest[0] not in {*names, "none"}, f"the name {rest[0]} is taken")
        _require(key.kind == WITNESS_KEY and key.public not in known, "witness key")
        policy.witnesses[rest[0]] = key
    elif kind == "group" and len(rest) >= 3:
        members = rest[2:]
        used = [member for _, group in policy.groups.values() for member in group]
        _require(rest[0] not in {*names, "none"}, f"the name {rest[0]} is taken")
        _require(set(members) <= names - set(used) and len(set(members)) == len(members), "members")
        needed = {"all": len(members), "any": 1}.get(rest[1]) or int(rest[1])
        _require(1 <= needed <= len(members), f"{needed} of {len(members)} witnesses")
        policy.groups[rest[0]] = (needed, members)
    elif kind == "quorum" and len(rest) == 1 and policy.quorum is None:
        _require(rest[0] in names or rest[0] == "none", f"nobody is named {rest[0]}")
        policy.quorum = rest[0]
    else:
        raise ValueError(f"not understood: {' '.join(words)[:80]}")


def _require(is_fine: bool, what: str) -> None:
    if not is_fine:
        raise ValueError(f"not allowed: {what}")


def open_note(note: str, policy: Policy) -> tuple[Checkpoint, Key]:
    """Read a checkpoint and verify that a log of the policy signed it."""
    checkpoint = read_checkpoint(note)
    if not policy.logs:
        raise CannotTell("the policy names no log: add the line `log` with the log's public key")
    named = [key for key in policy.logs if key.name == checkpoint.origin]
    if not named:
        known = ", ".join(key.name for key in policy.logs)
        raise Tampered(f"wrong origin: the bundle is of {checkpoint.origin}, the policy of {known}")
    for key in named:
        if is_signed_by(checkpoint, key):
            return checkpoint, key
    raise Tampered(f"the checkpoint of {checkpoint.origin} is not signed by the key of the policy")


def cosigners(checkpoint: Checkpoint, policy: Policy) -> set[str]:
    """Return the witnesses of the policy that cosigned."""
    return {name for name, key in policy.witnesses.items() if is_signed_by(checkpoint, key)}


# --- The bundle: C2SP tlog-tiles ----------------------------------------------------------------


def tile_path(level: int | str, index: int, width: int) -> str:
    """Return where a tile lies; level "entries" for the entries themselves."""
    digits = str(index)
    digits = digits.zfill(len(digits) + -len(digits) % 3)
    parts = re.findall("...", digits)
    name = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return f"tile/{level}/{name}" + ("" if width == TILE else f".p/{width}")


def width_of(level: int, index: int, size: int) -> int:
    """Return how many hashes a tile has in a tree of `size` entries."""
    hashes: int = size >> (8 * level)
    return min(TILE, hashes - index * TILE)


def read_tile(folder: Path, level: int, index: int, size: int) -> list[bytes]:
    """Read a tile's hashes; of a partial tile also from the full one that replaced it."""
    width = width_of(level, index, size)
    raw, is_exact = _read_either(folder, level, index, width)
    first = index * TILE ** (level + 1)
    if raw is None:
        path = tile_path(level, index, width)
        raise Tampered(f"entry {first}: missing tile {path}, needed from this entry on")
    if len(raw) < width * 32:
        raise Tampered(f"entry {first + len(raw) // 32 * TILE**level}: its tile ends before it")
    if is_exact and len(raw) > width * 32:
        path = tile_path(level, index, width)
        raise Tampered(f"entry {first + width * TILE**level}: more in {path} than was signed")
    return [raw[at : at + 32] for at in range(0, width * 32, 32)]


def read_entries(folder: Path, index: int, size: int) -> list[bytes]:
    """Read a bundle of entries."""
    width = width_of(0, index, size)
    raw, is_exact = _read_either(folder, "entries", index, width)
    first = index * TILE
    if raw is None:
        path = tile_path("entries", index, width)
        raise Tampered(f"entry {first}: missing entries {path}, needed from this entry on")
    bodies: list[bytes] = []
    at = 0
    while len(bodies) < width:
        start = at + 2
        at = start + int.from_bytes(raw[at:start])
        if at > len(raw) or start > len(raw):
            raise Tampered(f"entry {first + len(bodies)}: missing, its bundle ends before it")
        bodies.append(raw[start:at])
    if is_exact and at < len(raw):
        path = tile_path("entries", index, width)
        raise Tampered(f"entry {first + width}: more in {path} than was signed")
    return bodies


def _read_either(
    folder: Path, level: int | str, index: int, width: int
) -> tuple[bytes | None, bool]:
    """Read a tile, else the full one that replaced it; say whether it is the very one."""
    for one in (width, TILE):
        path = folder / tile_path(level, index, one)
        try:
            return path.read_bytes(), one == width
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            continue
        except OSError as error:
            raise CannotTell(f"{path} cannot be read: {error}") from error
    return None, False


def read_text(path: Path) -> str:
    """Read a small text file of the auditor's own, also where an editor put its marks into it."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CannotTell(f"{path} cannot be read: {error}") from error


def read_exactly(path: Path) -> str:
    """Read a text file of the bundle, byte for byte: there a changed line end is a change."""
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError:
        raise Tampered(f"{path.name} is not the text that was published") from None
    except OSError as error:
        raise CannotTell(f"{path} cannot be read: {error}") from error


# --- verify -------------------------------------------------------------------------------------


@dataclass
class Verified:
    """What verification found."""

    checkpoint: Checkpoint
    first_entry: bytes | None
    last_entry: bytes | None
    cosigners: set[str]
    is_witnessed: bool
    pinned: Checkpoint | None
    beside: list[str]  # files that nothing signed speaks of


def verify(
    folder: Path, policy: Policy, pinned_note: str | None = None, *, older: Path | None = None
) -> Verified:
    """Check a bundle from its signatures down to each entry; `older`: the bundle then pinned.

    Signature and origin -> the pinned checkpoint -> every entry against its leaf hash, every
    leaf tile against the tile above, up to the signed root -> the past against the pinned root
    -> the witnesses.
    """
    if not folder.is_dir():
        raise CannotTell(f"{folder} is no folder")
    if not (folder / "checkpoint").exists():
        raise CannotTell(f"{folder} holds no checkpoint: nothing says what the log should be")
    checkpoint, key = open_note(read_exactly(folder / "checkpoint"), policy)
    _check_enclosed_key(folder, key)
    pinned = _read_pinned(pinned_note, policy, checkpoint)
    tree = _check_entries(folder, checkpoint.size, pinned.size if pinned else 0)
    is_as_pinned = pinned is None or tree.pinned_root == pinned.root
    known_size = pinned.size if pinned and is_as_pinned else 0
    _check_levels(folder, checkpoint, tree, known_size)
    if pinned and not is_as_pinned:
        first = "0 or later" if older is None else first_rewritten(older, folder, pinned)
        raise Tampered(
            f"entry {first}: the log was rewritten and signed again, the first {pinned.size} "
            "entries are not the pinned ones. Keep both checkpoints as proof"
        )
    cosigned = cosigners(checkpoint, policy)
    quorum = policy.quorum or "none"
    if quorum != "none" and not policy.is_met(quorum, cosigned):
        names = ", ".join(sorted(cosigned)) or "nobody"
        raise CannotTell(f"not witnessed as the policy asks: cosigned by {names}")
    beside = files_beside(folder, checkpoint.size)
    return Verified(checkpoint, tree.first, tree.last, cosigned, quorum != "none", pinned, beside)


@dataclass
class _Tree:
    """The leaf level, folded: roots of full tiles, hashes of the last partial one."""

    tile_roots: list[bytes]
    tail: list[bytes]
    pinned_root: bytes
    first: bytes | None
    last: bytes | None


def _check_entries(folder: Path, size: int, pinned_size: int) -> _Tree:
    """Hash every entry and compare it with its place in the leaf tiles."""
    roots: list[bytes] = []
    tail: list[bytes] = []
    pinned_root = root_of([])
    first: bytes | None = None
    bodies: list[bytes] = []
    for index in range(-(-size // TILE)):
        bodies = read_entries(folder, index, size)
        leaves = [sha256(b"\x00" + body).digest() for body in bodies]
        listed = read_tile(folder, 0, index, size)
        if leaves != listed:
            bad = first_difference(leaves, listed)
            raise Tampered(f"entry {index * TILE + bad}: its text is not what was logged there")
        first = bodies[0] if index == 0 else first
        if index * TILE < pinned_size <= index * TILE + len(leaves):
            part = leaves[: pinned_size - index * TILE]
            pinned_root = root_of([*roots, root_of(part)])
        if len(leaves) == TILE:
            roots.append(root_of(leaves))
        else:
            tail = leaves
    return _Tree(roots, tail, pinned_root, first, bodies[-1] if bodies else None)


def _check_levels(folder: Path, checkpoint: Checkpoint, tree: _Tree, known_size: int) -> None:
    """Compare the tiles above with what lies below them, and the top with the signed root."""
    hashes, level = tree.tile_roots, 1
    while hashes:
        above: list[bytes] = []
        for index in range(-(-len(hashes) // TILE)):
            made = hashes[index * TILE : (index + 1) * TILE]
            listed = read_tile(folder, level, index, checkpoint.size)
            if made != listed:
                bad = first_difference(made, listed)
                first = (index * TILE + bad) * TILE**level
                raise Tampered(
                    f"entry {first}: from here to entry {first + TILE**level - 1} something is not "
                    f"what {tile_path(level, index, len(made))} says"
                )
            if len(made) == TILE:
                above.append(root_of(made))
        hashes, level = above, level + 1
    root = root_of([*tree.tile_roots, *([root_of(tree.tail)] if tree.tail else [])])
    if root != checkpoint.root:
        raise Tampered(
            f"entry {known_size} or later: something up to entry {checkpoint.size - 1} was "
            "replaced together with its hashes, the entries do not make the signed root"
        )


def first_rewritten(older: Path, folder: Path, pinned: Checkpoint) -> int:
    """Return the first entry that is not the one of the older bundle, once that one is checked."""
    try:
        _check_levels(older, pinned, _check_entries(older, pinned.size, 0), 0)
    except Tampered as error:
        raise CannotTell(f"the older bundle {older} was changed itself: {error}") from error
    for index in range(-(-pinned.size // TILE)):
        before = read_entries(older, index, pinned.size)
        now = read_entries(folder, index, pinned.size)
        for at, (one, other) in enumerate(zip(before, now, strict=True)):
            if one != other:
                return index * TILE + at
    raise CannotTell(f"the older bundle {older} has the same entries under another root")


def files_beside(folder: Path, size: int) -> list[str]:
    """Return the files of a bundle that were not checked, because the signed log has none such."""
    signed = {"checkpoint", "log.vkey"}
    level = 0
    while hashes := size >> (8 * level):
        for index in range(-(-hashes // TILE)):
            width = min(TILE, hashes - index * TILE)
            signed.add(tile_path(level, index, width))
            if level == 0:
                signed.add(tile_path("entries", index, width))
        level += 1
    found = (path for path in folder.rglob("*") if not path.is_dir())
    return sorted({path.relative_to(folder).as_posix() for path in found} - signed)


def first_difference(made: list[bytes], listed: list[bytes]) -> int:
    """Return the place of the first hash that is not the listed one."""
    return next(at for at, one in enumerate(made) if one != listed[at])


def _check_enclosed_key(folder: Path, key: Key) -> None:
    path = folder / "log.vkey"
    if path.exists() and read_exactly(path).rstrip("\n") != str(key):
        raise Tampered("the enclosed key log.vkey is not the key of the policy")


def _read_pinned(note: str | None, policy: Policy, checkpoint: Checkpoint) -> Checkpoint | None:
    """Read the checkpoint kept from an earlier visit; refuse a bundle that is older."""
    if note is None:
        return None
    try:
        pinned, _ = open_note(note, policy)
    except Tampered as error:
        raise CannotTell(f"the pinned checkpoint: {error}") from error
    if pinned.origin != checkpoint.origin:
        raise CannotTell(
            f"the pinned checkpoint is of {pinned.origin}, the bundle of {checkpoint.origin}: "
            "verify each log with its own"
        )
    if pinned.size > checkpoint.size:
        raise Tampered(
            f"entry {checkpoint.size}: missing. The bundle ends with {checkpoint.size} entries, "
            f"{pinned.size} were pinned: an old bundle, or the end was cut off"
        )
    if pinned.size == checkpoint.size and pinned.root != checkpoint.root:
        raise Tampered(_fork(pinned, checkpoint))
    return pinned


def _fork(one: Checkpoint, other: Checkpoint) -> str:
    return (
        f"fork: {one.origin} signed two roots for {one.size} entries. Keep both as proof:\n"
        f"{one.text}{_lines(one)}\n{other.text}{_lines(other)}"
    )


def _lines(checkpoint: Checkpoint) -> str:
    return "".join(
        f"— {name} {base64.b64encode(value).decode()}\n" for name, value in checkpoint.signatures
    )


# --- prove, verify-proof, consistency -----------------------------------------------------------

PROOF_HEAD = "c2sp.org/tlog-proof@v1"


class Tree:
    """A bundle's tree, read tile by tile as proofs need it."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder, self.size = folder, size
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def subtree(self, start: int, end: int) -> bytes:
        """Return the hash over entries `start` to `end`, a piece that the tree is split into."""
        width = end - start
        if width & (width - 1):
            middle = start + split(width)
            return node_of(self.subtree(start, middle), self.subtree(middle, end))
        level, rest = divmod(width.bit_length() - 1, 8)
        index, offset = divmod(start // TILE**level, TILE)
        if (level, index) not in self._tiles:
            self._tiles[level, index] = read_tile(self.folder, level, index, self.size)
        return root_of(self._tiles[level, index][offset : offset + 2**rest])

    def inclusion(self, index: int) -> list[bytes]:
        """Return the path from an entry up to the root."""
        start, end = 0, self.size
        path: list[bytes] = []
        while end - start > 1:
            middle = start + split(end - start)
            if index < middle:
                path, end = [self.subtree(middle, end), *path], middle
            else:
                path, start = [self.subtree(start, middle), *path], middle
        return path

    def consistency(self, old_size: int) -> list[bytes]:
        """Return the proof that the tree begins with its first `old_size` entries."""
        if old_size in (0, self.size):
            return []
        start, end = 0, self.size
        path: list[bytes] = []
        while end != old_size:
            middle = start + split(end - start)
            if old_size <= middle:
                path, end = [self.subtree(middle, end), *path], middle
            else:
                path, start = [self.subtree(start, middle), *path], middle
        return [self.subtree(start, end), *path] if start else path


def split(width: int) -> int:
    """Return the largest power of two below a width."""
    return 1 << ((width - 1).bit_length() - 1)


def find_entry(folder: Path, size: int, wanted: str) -> int:
    """Return the index of an event, given its id or already its index."""
    if wanted.isdigit():
        if int(wanted) >= size:
            raise CannotTell(f"the bundle has {size} entries, none has index {wanted}")
        return int(wanted)
    needle = json.dumps(wanted).encode()
    for index in range(-(-size // TILE)):
        for at, body in enumerate(read_entries(folder, index, size)):
            if needle in body and _event_id(body) == wanted:
                return index * TILE + at
    raise CannotTell(f"no entry of the bundle is the event {wanted}")


def _event_id(body: bytes) -> str | None:
    try:
        event = json.loads(body)
    except ValueError:
        return None
    return str(event.get("id")) if isinstance(event, dict) else None


def prove(folder: Path, wanted: str) -> tuple[str, bytes]:
    """Return a proof that travels without the bundle, and the entry it proves."""
    note = read_exactly(folder / "checkpoint")
    size = read_checkpoint(note).size
    index = find_entry(folder, size, wanted)
    body = read_entries(folder, index // TILE, size)[index % TILE]
    path = [base64.b64encode(one).decode() for one in Tree(folder, size).inclusion(index)]
    return "\n".join([PROOF_HEAD, f"index {index}", *path, "", note]), body


def verify_proof(proof: str, body: bytes, policy: Policy) -> tuple[int, Checkpoint]:
    """Check that an entry is in a log of the policy; return its index and the checkpoint."""
    head, middle, note = proof.partition("\n\n")
    lines = head.split("\n")
    if len(lines) > 1 and lines[1].startswith("extra "):
        del lines[1]
    number = re.fullmatch(r"index (0|[1-9][0-9]{0,18})", lines[1]) if len(lines) > 1 else None
    path = [unbase64(line) for line in lines[2:]]
    if not middle or lines[0] != PROOF_HEAD or not number or any(len(one) != 32 for one in path):
        raise CannotTell("this is no proof of the form c2sp.org/tlog-proof")
    checkpoint, _ = open_note(note, policy)
    index = int(number[1])
    if inclusion_root(leaf_of(body), index, checkpoint.size, path) != checkpoint.root:
        raise Tampered(f"entry {index}: the text is not what was logged there")
    quorum = policy.quorum or "none"
    if quorum != "none" and not policy.is_met(quorum, cosigners(checkpoint, policy)):
        raise CannotTell("the checkpoint of the proof is not witnessed as the policy asks")
    return index, checkpoint


def check_consistency(old: Path, folder: Path, policy: Policy) -> tuple[Checkpoint, Checkpoint]:
    """Check that a bundle continues an older checkpoint or bundle."""
    earlier, _ = open_note(read_text(old / "checkpoint" if old.is_dir() else old), policy)
    later, _ = open_note(read_exactly(folder / "checkpoint"), policy)
    if earlier.origin != later.origin:
        raise CannotTell(f"two logs: {earlier.origin} and {later.origin}")
    if earlier.size > later.size:
        raise Tampered(
            f"entry {later.size}: missing. {earlier.size} entries were signed, "
            f"the newer bundle has {later.size}"
        )
    if earlier.size == later.size and earlier.root != later.root:
        raise Tampered(_fork(earlier, later))
    if not is_consistent(earlier, later, Tree(folder, later.size).consistency(earlier.size)):
        raise Tampered(
            f"rewritten past: the first {earlier.size} entries are not the ones signed before"
        )
    return earlier, later


# --- The witness: C2SP tlog-witness -------------------------------------------------------------

LONGEST_REQUEST_BYTES = 65_536
MOST_PROOF_LINES = 63
Answer = tuple[int, str, str]  # status, content type, body
PLAIN = "text/plain; charset=utf-8"


class Witness:
    """Cosigns a log's checkpoint only when it continues the last one cosigned."""

    def __init__(self, name: str, private: Ed25519PrivateKey, policy: Policy, state: Path) -> None:
        public = private.public_key().public_bytes_raw()
        self.key = Key(name, WITNESS_KEY, public)
        self._private, self._policy, self._state = private, policy, state
        self._lock = threading.Lock()
        state.mkdir(parents=True, exist_ok=True)

    def add_checkpoint(self, body: str, *, now_s: int) -> Answer:
        """Answer a request as the specification says: 200, 400, 403, 404, 409 or 422."""
        try:
            old_size, proof, note = _read_request(body)
            checkpoint = read_checkpoint(note)
        except (CannotTell, Tampered) as error:
            return 400, PLAIN, f"{error}\n"
        keys = [key for key in self._policy.logs if key.name == checkpoint.origin]
        if not keys:
            return 404, PLAIN, f"unknown log {checkpoint.origin}\n"
        try:
            if not any([is_signed_by(checkpoint, key) for key in keys]):
                return 403, PLAIN, "not signed by a key of this log\n"
        except Tampered as error:
            return 403, PLAIN, f"{error}\n"
        if old_size > checkpoint.size:
            return 400, PLAIN, "the old size is larger than the new one\n"
        with self._lock:  # comparing and keeping are one step
            return self._continue(checkpoint, old_size, proof, note, now_s)

    def _continue(
        self, checkpoint: Checkpoint, old_size: int, proof: list[bytes], note: str, now_s: int
    ) -> Answer:
        known = self.known(checkpoint.origin)
        size = known.size if known else 0
        conflict = (409, "text/x.tlog.size", f"{size}\n")
        if old_size != size:
            return conflict
        if known is None:
            known = Checkpoint(checkpoint.origin, 0, root_of([]), "", ())
        if checkpoint.size == size and checkpoint.root != known.root:
            return conflict
        if not is_consistent(known, checkpoint, proof):
            return 422, PLAIN, f"the proof does not show that {size} entries are continued\n"
        self._keep(checkpoint.origin, note)
        return 200, PLAIN, self.cosign(checkpoint, now_s)

    def cosign(self, checkpoint: Checkpoint, now_s: int) -> str:
        """Return the signature line."""
        message = f"cosignature/v1\ntime {now_s}\n".encode() + checkpoint.text.encode()
        value = self.key.key_id + now_s.to_bytes(8) + self._private.sign(message)
        return f"— {self.key.name} {base64.b64encode(value).decode()}\n"

    def known(self, origin: str) -> Checkpoint | None:
        """Return the checkpoint cosigned last; a damaged record stops the witness."""
        path = self._path(origin)
        return read_checkpoint(path.read_text(encoding="utf-8")) if path.exists() else None

    def _keep(self, origin: str, note: str) -> None:
        aside = self._path(origin).with_suffix(".new")
        with aside.open("w", encoding="utf-8") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self._path(origin))

    def _path(self, origin: str) -> Path:
        return self._state / f"{quote(origin, safe='')}.checkpoint"


def _read_request(body: str) -> tuple[int, list[bytes], str]:
    head, middle, note = body.partition("\n\n")
    first, *lines = head.split("\n")
    number = re.fullmatch(r"old (0|[1-9][0-9]{0,18})", first)
    proof = [unbase64(line) for line in lines]
    if not middle or not number or len(proof) > MOST_PROOF_LINES:
        raise CannotTell("a request is `old SIZE`, up to 63 hashes, an empty line, a checkpoint")
    if any(len(one) != 32 for one in proof):
        raise CannotTell("a line of the proof is no hash")
    return int(number[1]), proof, note


def witness_server(witness: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """Make the HTTP service; `serve_forever` runs it."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10  # a client that says nothing is let go

        def do_POST(self) -> None:
            """Answer add-checkpoint."""
            size = self.headers.get("Content-Length", "")
            if self.path.rpartition("/")[2] != "add-checkpoint":
                return self._answer(404, PLAIN, "only add-checkpoint\n")
            if not size.isdigit() or int(size) > LONGEST_REQUEST_BYTES:
                return self._answer(413, PLAIN, "at most 64 KiB, with its length\n")
            try:
                body = self.rfile.read(int(size)).decode()
            except UnicodeDecodeError:
                return self._answer(400, PLAIN, "not UTF-8\n")
            return self._answer(*witness.add_checkpoint(body, now_s=int(time.time())))

        def _answer(self, status: int, kind: str, text: str) -> None:
            raw = text.encode()
            self.close_connection = self.close_connection or status >= 400
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *values: object) -> None:
            print(f"INFO witness {format % values}", file=sys.stderr)

    return ThreadingHTTPServer((host, port), Handler)


def make_witness_key(path: Path, name: str) -> Key:
    """Make a witness's private key, readable by its owner alone."""
    seed = os.urandom(32)
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    key = Key(name, WITNESS_KEY, public)
    read_key(str(key))  # refuses a name that no policy could hold
    text = base64.b64encode(bytes([WITNESS_KEY]) + seed).decode()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"PRIVATE+KEY+{name}+{key.key_id.hex()}+{text}\n")
    return key


def read_witness_key(path: Path) -> tuple[str, Ed25519PrivateKey]:
    """Read a witness's private key."""
    parts = read_text(path).strip().removeprefix("PRIVATE+KEY+").split("+", 2)
    raw = unbase64(parts[2]) if len(parts) == 3 else b""
    if len(raw) != 33 or raw[0] != WITNESS_KEY:
        raise CannotTell(f"{path} is no witness key: make one with --make-key NAME")
    return parts[0], Ed25519PrivateKey.from_private_bytes(raw[1:])


# --- The command line ---------------------------------------------------------------------------


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit code is the verdict."""
    arguments = _parser().parse_args(argv)
    try:
        arguments.run(arguments)
    except Tampered as found:
        print(_colour(f"TAMPERED: {found}", "31"))
        return TAMPERED
    except (CannotTell, OSError) as missing:
        print(_colour(f"CANNOT TELL: {missing}", "33"))
        return CANNOT_TELL
    return SOUND


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stadtwart-audit",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)

    def command(
        name: str, run: Callable[[argparse.Namespace], None], text: str, *paths: str
    ) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=text)
        for path in paths:
            one.add_argument(path, type=Path)
        one.set_defaults(run=run)
        return one

    one = command("verify", _verify, "check a whole bundle", "bundle")
    one.add_argument("--policy", type=Path, required=True, help="whose keys you trust")
    one.add_argument(
        "--pinned", type=Path, help="a checkpoint, or the whole bundle, of an earlier visit"
    )
    one.add_argument("--keep", type=Path, help="keep this bundle's checkpoint, for the next visit")
    one = command("prove", _prove, "take one event out, with its proof", "bundle")
    one.add_argument("event", help="the event's id, or its index")
    one.add_argument("--out", required=True, help="name of the two files, without ending")
    one = command("verify-proof", _verify_proof, "check one event", "proof", "entry")
    one.add_argument("--policy", type=Path, required=True)
    one = command("consistency", _consistency, "check that NEW continues OLD", "old", "new")
    one.add_argument("--policy", type=Path, required=True)
    one = command("witness", _witness, "serve as a witness for another office's log")
    one.add_argument("--key", type=Path, required=True, help="private key of this witness")
    one.add_argument("--make-key", metavar="NAME", help="make that key, print the policy line, end")
    one.add_argument("--policy", type=Path, help="the logs to witness")
    one.add_argument("--state", type=Path, help="folder for the checkpoints seen last")
    one.add_argument("--host", default="127.0.0.1")
    one.add_argument("--port", type=int, default=8100)
    return parser


def _verify(arguments: argparse.Namespace) -> None:
    pinned: Path | None = arguments.pinned
    older = pinned if pinned and pinned.is_dir() else None
    note = read_text(older / "checkpoint" if older else pinned) if pinned else None
    found = verify(arguments.bundle, read_policy(arguments.policy), note, older=older)
    checkpoint = found.checkpoint
    print(_colour("SOUND", "32"))
    print(f"log      {checkpoint.origin}")
    print(f"entries  {checkpoint.size}{''.join(_span(found))}")
    print(f"root     {checkpoint.root.hex()}")
    if found.pinned:
        print(f"pinned   continues the {found.pinned.size} entries you pinned")
    else:
        print("pinned   nothing: a log cut or rewritten and signed again would not show")
    if found.is_witnessed:
        print(f"witness  {', '.join(sorted(found.cosigners))}")
    else:
        print(_colour("UNWITNESSED: nobody but the log itself vouches for this state", "31"))
    if found.beside:
        named = ", ".join(ascii(one)[1:-1][:100] for one in found.beside[:3])  # no control codes
        print(f"beside   {len(found.beside)} files are not part of the signed log: {named}")
    if arguments.keep:
        arguments.keep.write_bytes(read_exactly(arguments.bundle / "checkpoint").encode())


def _span(found: Verified) -> Iterator[str]:
    """Say when the first and the last entry were written, as they say themselves."""
    for word, body in ((", from", found.first_entry), (" to", found.last_entry)):
        try:
            event = json.loads(body or b"")
        except ValueError:
            return
        told = str(event.get("time")) if isinstance(event, dict) else ""
        if re.fullmatch(r"[0-9T:.Z+-]{10,40}", told):  # nothing else reaches the terminal
            yield f"{word} {told}"


def _prove(arguments: argparse.Namespace) -> None:
    proof, body = prove(arguments.bundle, arguments.event)
    Path(f"{arguments.out}.tlog-proof").write_text(proof, encoding="utf-8", newline="\n")
    Path(f"{arguments.out}.json").write_bytes(body)
    print(f"{arguments.out}.tlog-proof proves {arguments.out}.json")


def _verify_proof(arguments: argparse.Namespace) -> None:
    body = arguments.entry.read_bytes()
    index, checkpoint = verify_proof(
        read_text(arguments.proof), body, read_policy(arguments.policy)
    )
    print(f"{_colour('SOUND', '32')}\n{arguments.entry} is entry {index} of {checkpoint.origin}")


def _consistency(arguments: argparse.Namespace) -> None:
    old, new = check_consistency(arguments.old, arguments.new, read_policy(arguments.policy))
    print(f"{_colour('SOUND', '32')}\n{new.origin}: {new.size} entries continue the {old.size}")


def _witness(arguments: argparse.Namespace) -> None:
    if arguments.make_key:
        key = make_witness_key(arguments.key, arguments.make_key)
        print(f"witness {key.name.replace('/', '-')} {key}")
        return
    if not arguments.policy or not arguments.state:
        raise CannotTell("a witness needs --policy (the logs it knows) and --state (its memory)")
    name, private = read_witness_key(arguments.key)
    witness = Witness(name, private, read_policy(arguments.policy), arguments.state)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service manager ends it so
    with witness_server(witness, arguments.host, arguments.port) as server:
        print(f"witness {witness.key} on http://{arguments.host}:{server.server_port}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("witness ended", file=sys.stderr)


def _colour(text: str, code: str) -> str:
    is_wanted = sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR"))
    return f"\x1b[1;{code}m{text}\x1b[0m" if is_wanted else text


if __name__ == "__main__":
    sys.exit(main())
