"""Checkpoints as C2SP tlog-checkpoint defines them: origin, size and root, signed."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from governance.log.note import NoteError, SigningKey, VerifierKey, is_signed, read_note
from governance.log.tree import HASH_BYTES

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log at one moment: nothing before `size` can change without another root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def sign(checkpoint: Checkpoint, key: SigningKey) -> str:
    """Return the checkpoint as a signed note.

    Raises NoteError for a key of another log.
    """
    if key.name != checkpoint.origin:
        raise NoteError(f"the key of {key.name} does not sign for {checkpoint.origin}")
    return f"{checkpoint.text()}\n{key.sign(checkpoint.text())}"


def read_checkpoint(text: str) -> Checkpoint:
    """Read the checkpoint in a signed note; its signatures are not verified.

    Raises NoteError when it is malformed.
    """
    lines = read_note(text).text.split("\n")[:-1]
    if len(lines) < 3 or not all(lines) or not _SIZE.fullmatch(lines[1]):
        raise NoteError("a checkpoint is an origin, a size and a root, each on its line")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except (binascii.Error, ValueError):
        root = b""
    if len(root) != HASH_BYTES:
        raise NoteError(f"the root {lines[2][:60]!r} is no SHA-256 hash in base64")
    return Checkpoint(lines[0], int(lines[1]), root)


def open_checkpoint(text: str, key: VerifierKey) -> Checkpoint:
    """Read a checkpoint and verify that the key has signed it.

    Raises NoteError when it is malformed, not signed by the key, or of another origin.
    """
    checkpoint = read_checkpoint(text)
    if checkpoint.origin != key.name:
        raise NoteError(f"the checkpoint is of {checkpoint.origin}, not of {key.name}")
    if not is_signed(read_note(text), key):
        raise NoteError(f"the checkpoint is not signed by {key.name}")
    return checkpoint
