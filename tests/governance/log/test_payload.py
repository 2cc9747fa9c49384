"""A sealed text: opened by its key alone, bound to what the log says of it."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.log.payload import PayloadError, commitment, seal, unseal

SALT, KEY, NONCE = bytes(32), b"k" * 32, b"n" * 12


@given(text=st.binary(max_size=300))
def test_a_sealed_text_comes_back_with_its_salt(text: bytes) -> None:
    sealed = seal(text, salt=SALT, key=KEY, nonce=NONCE)
    committed = commitment(SALT, text)
    assert unseal(sealed, key=KEY, committed=committed) == (SALT, text)
    assert committed == sha256(b"\x02" + SALT + text).digest()


@pytest.mark.parametrize("at", [0, 12, 20, -1])
def test_a_changed_byte_another_key_or_another_commitment_opens_nothing(at: int) -> None:
    sealed = bytearray(seal(b"note", salt=SALT, key=KEY, nonce=NONCE))
    committed = commitment(SALT, b"note")
    for key, about in ((b"x" * 32, committed), (KEY, commitment(SALT, b"another"))):
        with pytest.raises(PayloadError):
            unseal(bytes(sealed), key=key, committed=about)
    sealed[at] ^= 1
    with pytest.raises(PayloadError):
        unseal(bytes(sealed), key=KEY, committed=committed)
    with pytest.raises(PayloadError):
        unseal(b"", key=KEY, committed=committed)


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes, not 3"):
        commitment(b"abc", b"note")
