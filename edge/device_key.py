"""The device's own key: made on the truck, never leaves it, signs the receipts of its pictures."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from contracts.enrolment import Enrolment, enrolment_bytes
from contracts.picture import MaskReceipt, signed_bytes
from edge.errors import SettingsError

SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """An Ed25519 key pair (RFC 8032): the same receipt always has the same signature."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> str:
        """The public half, hexadecimal: what the city knows the device by."""
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def enrolment(self, *, device_id: str, code: str) -> Enrolment:
        """Return the key's introduction to the city."""
        said = enrolment_bytes(device_id=device_id, code=code, public_key=self.public)
        return Enrolment(
            device_id=device_id,
            code=code,
            public_key=self.public,
            signature=self.private.sign(said).hex(),
        )

    def sign(self, receipt: MaskReceipt) -> MaskReceipt:
        """Return the receipt with key and signature."""
        named = msgspec.structs.replace(receipt, device_key=self.public, signature=None)
        return msgspec.structs.replace(
            named, signature=self.private.sign(signed_bytes(named)).hex()
        )


def key_from(seed: bytes) -> DeviceKey:
    """Return the key of a 32-byte seed."""
    return DeviceKey(Ed25519PrivateKey.from_private_bytes(seed))


def ensure_key(file: Path) -> DeviceKey:
    """Read the device's key, making the file with mode 0600 where it is missing.

    Raises SettingsError for a file that others can read or that is no key.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(file)
    except OSError as error:
        raise SettingsError(f"the device key {file} cannot be made: {error}.") from error
    with os.fdopen(handle, "wb") as opened:
        opened.write(os.urandom(SEED_BYTES).hex().encode() + b"\n")
    return _read(file)


def _read(file: Path) -> DeviceKey:
    if file.stat().st_mode & 0o077:
        raise SettingsError(f"{file} can be read by others: chmod 600 {file}")
    try:
        seed = bytes.fromhex(file.read_text(encoding="ascii").strip())
        return key_from(seed)
    except ValueError as error:
        raise SettingsError(
            f"{file} is no device key: delete it, and let an administrator forget the old one."
        ) from error
