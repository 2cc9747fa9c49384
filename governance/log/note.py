"""Signed notes as C2SP signed-note defines them: keys, signature lines, and what they prove.

Two kinds of signature: a log's own (Ed25519 over the text) and a witness's cosignature (Ed25519
over the text and a time, C2SP tlog-cosignature).
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = 0x01  # a log's own signature
COSIGNATURE = 0x04  # a witness's signature with its time
MOST_SIGNATURES = 64  # the specification asks for at least 16
_LINE = re.compile(r"^— (?P<name>[^\s+]+) (?P<value>[A-Za-z0-9+/]+={0,2})$")
_PREFIX = "PRIVATE+KEY+"


class NoteError(Exception):
    """A note, a key or a signature is not what it claims to be."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name and the kind of signature it stands for."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that each signature begins with."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        """Write the key as a vkey: name, key id and key, joined by plus signs."""
        key = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{key}"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A log's private key; it is never printed, and lives in a file of mode 0600."""

    name: str
    seed: bytes

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return VerifierKey(self.name, ED25519, public.public_bytes_raw())

    def __repr__(self) -> str:
        return f"SigningKey({self.name!r})"

    def private_text(self) -> str:
        """Write the key as an skey, which whoever reads it can sign with."""
        key = base64.b64encode(bytes([ED25519]) + self.seed).decode()
        return f"{_PREFIX}{self.name}+{self.verifier.key_id.hex()}+{key}"

    def sign(self, text: str) -> str:
        """Return the signature line under a text."""
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        value = base64.b64encode(self.verifier.key_id + signature).decode()
        return f"— {self.name} {value}\n"


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note, not verified yet."""

    name: str
    key_id: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...]


def read_verifier_key(text: str) -> VerifierKey:
    """Read a vkey.

    Raises NoteError when it is malformed or its id does not belong to it.
    """
    parts = text.strip().split("+", 2)
    if len(parts) != 3 or not _is_name(parts[0]):
        raise NoteError(f"a public key is written name+id+key, not {text.strip()[:80]!r}")
    key = _decode(parts[2])
    if len(key) != 33 or key[0] not in (ED25519, COSIGNATURE):
        raise NoteError(f"the key of {parts[0]} is no Ed25519 key")
    found = VerifierKey(parts[0], key[0], key[1:])
    if found.key_id.hex() != parts[1]:
        raise NoteError(f"the key of {found.name} has id {found.key_id.hex()}, not {parts[1]}")
    return found


def read_signing_key(text: str) -> SigningKey:
    """Read an skey.

    Raises NoteError when it is malformed; the message never holds the key.
    """
    parts = text.strip().removeprefix(_PREFIX).split("+", 2)
    if not text.startswith(_PREFIX) or len(parts) != 3 or not _is_name(parts[0]):
        raise NoteError("a private key is written PRIVATE+KEY+name+id+key")
    key = _decode(parts[2])
    if len(key) != 33 or key[0] != ED25519:
        raise NoteError(f"the private key of {parts[0]} is no Ed25519 key")
    found = SigningKey(parts[0], key[1:])
    if found.verifier.key_id.hex() != parts[1]:
        raise NoteError(f"the private key of {found.name} does not belong to its id {parts[1]}")
    return found


def read_note(text: str) -> Note:
    """Split a note into its text and its signatures.

    Raises NoteError when it is malformed; nothing is verified yet.
    """
    if any(character < " " and character != "\n" for character in text):
        raise NoteError("a note holds no control characters")
    body, middle, lines = text.rpartition("\n\n")
    if not middle or not lines.endswith("\n"):
        raise NoteError("a note is a text, an empty line and signature lines")
    signatures = tuple(_signature(line) for line in lines[:-1].split("\n"))
    if len(signatures) > MOST_SIGNATURES:
        raise NoteError(f"a note has at most {MOST_SIGNATURES} signatures, not {len(signatures)}")
    return Note(body + "\n", signatures)


def is_signed(note: Note, key: VerifierKey) -> bool:
    """Say whether the key has signed the note; signatures of other keys are ignored.

    Raises NoteError when a signature claims to be this key's and is not.
    """
    own = [s for s in note.signatures if (s.name, s.key_id) == (key.name, key.key_id)]
    for signature in own:
        _verify(note.text, key, signature.value)
    return bool(own)


def _verify(text: str, key: VerifierKey, value: bytes) -> None:
    message = text
    if key.kind == COSIGNATURE:
        stamp, value = value[:8], value[8:]
        message = f"cosignature/v1\ntime {int.from_bytes(stamp)}\n{text}"
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(value, message.encode())
    except InvalidSignature:
        raise NoteError(f"the signature of {key.name} does not fit the text") from None


def _signature(line: str) -> Signature:
    found = _LINE.match(line)
    value = _decode(found["value"]) if found else b""
    if not found or len(value) <= 4:
        raise NoteError(f"not a signature line: {line[:80]!r}")
    return Signature(found["name"], value[:4], value[4:])


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("not base64") from None


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(c.isspace() for c in name)
