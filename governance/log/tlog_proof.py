"""Proofs that travel alone, as C2SP tlog-proof defines them: index, path and checkpoint."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

from governance.log.note import NoteError

FIRST_LINE = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class LoggedProof:
    """Where an entry lies, the path to the root, and the checkpoint with that root."""

    index: int
    path: Sequence[bytes]
    checkpoint: str


def write_proof(proof: LoggedProof) -> str:
    """Write a proof; verification needs this text, the entry and the log's public key."""
    lines = [FIRST_LINE, f"index {proof.index}"]
    lines += [base64.b64encode(one).decode() for one in proof.path]
    return "\n".join(lines) + "\n\n" + proof.checkpoint


def read_proof(text: str) -> LoggedProof:
    """Read a proof; nothing is verified yet.

    Raises NoteError when it is malformed.
    """
    head, middle, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not middle or lines[0] != FIRST_LINE:
        raise NoteError(f"a proof begins with the line {FIRST_LINE}")
    rest = lines[2:] if lines[1:2] and lines[1].startswith("extra ") else lines[1:]
    found = _INDEX.fullmatch(rest[0]) if rest else None
    if found is None:
        raise NoteError("a proof names the index of its entry")
    return LoggedProof(int(found[1]), [_hash(line) for line in rest[1:]], checkpoint)


def _hash(line: str) -> bytes:
    try:
        value = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if len(value) != 32:
        raise NoteError(f"not a hash in base64: {line[:60]!r}")
    return value
