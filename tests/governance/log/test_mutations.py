"""Whatever happens to a file of the bundle, the auditor is never told SOUND about other entries."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

import stadtwart_audit
from tests.governance.log.bundles import event_bodies, signed, write_bundle, write_policy
from tests.governance.log.test_tampering import verify

SIZE, PINNED_SIZE = 520, 300
Mutation = Callable[[bytes, Random], bytes]


def flip(raw: bytes, dice: Random) -> bytes:
    at = dice.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ 1 << dice.randrange(8)]) + raw[at + 1 :]


def cut(raw: bytes, dice: Random) -> bytes:
    return raw[: dice.randrange(len(raw))]


def append(raw: bytes, dice: Random) -> bytes:
    return raw + dice.randbytes(dice.randrange(1, 40))


def repeat(raw: bytes, dice: Random) -> bytes:
    at = dice.randrange(len(raw))
    return raw[:at] + raw[at : at + 32] + raw[at:]


def zero(raw: bytes, dice: Random) -> bytes:
    at = dice.randrange(len(raw))
    return raw[:at] + bytes(len(raw) - at) + (b"" if any(raw[at:]) else b"\x00")


def unix_to_windows(raw: bytes, _dice: Random) -> bytes:
    changed = raw.replace(b"\n", b"\r\n")
    return changed if changed != raw else raw + b"\r\n"


MUTATIONS: list[Mutation] = [flip, cut, append, repeat, zero, unix_to_windows]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    entries = event_bodies(SIZE)
    write_policy(tmp_path / "policy.txt")
    (tmp_path / "pinned").write_text(signed(entries[:PINNED_SIZE]))
    return write_bundle(tmp_path / "bundle", entries)


def files(bundle: Path) -> list[Path]:
    return sorted(path for path in bundle.rglob("*") if path.is_file())


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.__name__)
def test_a_changed_file_is_found_wherever_it_lies_and_whatever_changed(
    mutation: Mutation, bundle: Path
) -> None:
    dice = Random(13)
    pinned = ["--pinned", str(bundle.parent / "pinned")]
    for path in files(bundle):
        before = path.read_bytes()
        for _ in range(12):
            after = mutation(before, dice)
            if after == before:
                continue
            path.write_bytes(after)
            assert verify(bundle, *pinned) == 1, f"{mutation.__name__} of {path}"
        path.write_bytes(before)
    assert verify(bundle, *pinned) == 0


def test_a_file_taken_away_or_replaced_by_a_folder_or_by_another_file_is_found(
    bundle: Path,
) -> None:
    paths = [path for path in files(bundle) if path.name not in ("checkpoint", "log.vkey")]
    for path in paths:
        before = path.read_bytes()
        path.unlink()
        assert verify(bundle) == 1, f"{path} is missing"
        path.mkdir()
        assert verify(bundle) == 1, f"{path} is a folder"
        path.rmdir()
        other = next(one for one in paths if one != path)
        shutil.copy(other, path)
        assert verify(bundle) == 1, f"{path} holds another tile"
        path.write_bytes(before)
    partial = bundle / "tile/0/002.p"
    shutil.rmtree(partial)
    partial.write_bytes(b"")
    assert verify(bundle) == 1, "a file where the folder of a partial tile was"


def test_a_pinned_checkpoint_or_policy_that_went_through_windows_is_still_read(
    bundle: Path, tmp_path: Path
) -> None:
    for name in ("policy.txt", "pinned"):
        text = (tmp_path / name).read_text()
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert verify(bundle, "--pinned", str(tmp_path / "pinned")) == 0


def test_what_lies_beside_the_signed_log_is_named_and_proves_nothing(
    bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(bundle) == 0
    assert "not part" not in capsys.readouterr().out
    smuggled = bundle / "tile/entries/003"
    smuggled.write_bytes(b"\x00\x05extra")
    assert verify(bundle) == 0
    assert "1 files are not part of the signed log: tile/entries/003" in capsys.readouterr().out
    assert stadtwart_audit.SOUND == 0
