"""A truck signs what it says about a masked picture, with a key that never leaves it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from api.device_keys import is_signed
from contracts.picture import MaskReceipt
from edge.device_key import ensure_key
from edge.errors import SettingsError
from tests.messages import mask_receipt


def receipt() -> MaskReceipt:
    return msgspec.convert(mask_receipt(b"picture"), MaskReceipt)


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "new" / "device.key"
    first = ensure_key(file)
    assert ensure_key(file).public == first.public
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "device.key"
    ensure_key(file)
    file.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        ensure_key(file)


def test_a_broken_key_is_named_and_never_replaced_in_silence(tmp_path: Path) -> None:
    file = tmp_path / "device.key"
    ensure_key(file)
    file.write_text("nonsense\n")
    with pytest.raises(SettingsError, match="no device key"):
        ensure_key(file)


def test_a_signed_receipt_holds_and_every_change_of_it_shows() -> None:
    whole = receipt()
    assert is_signed(whole)
    for change in (
        {"mask_threshold": 0.9},
        {"masked": 1},
        {"boxes": [[1, 2, 3, 4]]},
        {"picture_sha256": "0" * 64},
        {"device_key": "0" * 64},
        {"signature": None},
        {"signature": "0" * 128},
    ):
        assert not is_signed(msgspec.structs.replace(whole, **change)), change
