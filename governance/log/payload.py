"""A text that may be erased, beside a log that may not: the log holds a commitment, never the text.

The commitment is SHA256(0x02 ‖ salt ‖ text). Salt and text lie encrypted outside the log; the salt
keeps short texts from being guessed. Without the key both are gone, and the log proves nothing
about what the text was, only that it was this one while it existed.
"""

from __future__ import annotations

from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SALT_BYTES = 32
KEY_BYTES = 32  # AES-256
NONCE_BYTES = 12


class PayloadError(Exception):
    """A sealed text was changed, or this is not its key."""


def commitment(salt: bytes, text: bytes) -> bytes:
    """Return what the log holds; the leading two keeps it apart from leaves and nodes.

    Raises ValueError for a salt of another length.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return sha256(b"\x02" + salt + text).digest()


def seal(text: bytes, *, salt: bytes, key: bytes, nonce: bytes) -> bytes:
    """Encrypt salt and text, bound to their commitment; a key and nonce are used once."""
    return nonce + AESGCM(key).encrypt(nonce, salt + text, commitment(salt, text))


def unseal(sealed: bytes, *, key: bytes, committed: bytes) -> tuple[bytes, bytes]:
    """Return salt and text.

    Raises PayloadError where they are not what was committed to.
    """
    try:
        both = AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], committed)
    except (InvalidTag, ValueError) as error:
        raise PayloadError("the sealed text was changed, or this is not its key") from error
    salt, text = both[:SALT_BYTES], both[SALT_BYTES:]
    if len(salt) != SALT_BYTES or commitment(salt, text) != committed:
        raise PayloadError("the sealed text is not the one the log commits to")
    return salt, text
