"""The auditor's five minutes: twelve kinds of tampering, each found, the first bad entry named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import stadtwart_audit
from governance.log.note import SigningKey
from governance.log.tiles import Tile
from tests.governance.log.bundles import (
    KEY,
    ORIGIN,
    Forger,
    event_bodies,
    put,
    signed,
    write_bundle,
    write_policy,
)

SIZE = 600  # two full tiles, a partial one, a level above
PINNED_SIZE = 520
OTHER_KEY = SigningKey(ORIGIN, bytes(32))


def body(forger: Forger) -> None:
    forger.change(417, b'{"type":"never.happened"}')


def leaf(forger: Forger) -> None:
    forger.change(300, b'{"type":"never.happened"}', leaf=True)


def order(forger: Forger) -> None:
    forger.entries[10], forger.entries[11] = forger.entries[11], forger.entries[10]
    forger.change(10, forger.entries[10])


def tail(forger: Forger) -> None:
    shorter = forger.entries[:590]
    forger.entries_file(2).unlink()
    forger.tile_file(2).unlink()
    forger.entries = shorter
    forger.change(589, shorter[589], leaf=True)


def tail_signed_again(forger: Forger) -> None:
    write_bundle(forger.folder, forger.entries[:500], signed(forger.entries[:500]))


def checkpoint(forger: Forger) -> None:
    path = forger.folder / "checkpoint"
    path.write_text(path.read_text().replace("\n600\n", "\n599\n"))


def tile(forger: Forger) -> None:
    path = forger.folder / Tile(1, 0, 2).path
    raw = bytearray(path.read_bytes())
    raw[40] ^= 1
    put(path, bytes(raw))


def key(forger: Forger) -> None:
    put(forger.folder / "checkpoint", signed(forger.entries, OTHER_KEY).encode())
    put(forger.folder / "log.vkey", f"{OTHER_KEY.verifier}\n".encode())


def enclosed_key(forger: Forger) -> None:
    put(forger.folder / "log.vkey", f"{OTHER_KEY.verifier}\n".encode())


def fork(forger: Forger) -> None:
    changed = [*forger.entries[:100], b'{"type":"never.happened"}', *forger.entries[101:]]
    write_bundle(forger.folder, changed)


def replayed(forger: Forger) -> None:
    write_bundle(forger.folder, forger.entries[: PINNED_SIZE - 1])


def edited_outbox(forger: Forger) -> None:
    """What `stadtwart audit export` writes after somebody edited the outbox; see tests/faults."""
    forger.change(0, b'{"type":"log.opened"}')


def missing_tile(forger: Forger) -> None:
    (forger.folder / Tile(0, 1, 256).path).unlink()


def missing_entries(forger: Forger) -> None:
    (forger.folder / Tile(0, 1, 256).entries_path).unlink()


def smuggled_entry(forger: Forger) -> None:
    path = forger.entries_file(2)
    put(path, path.read_bytes() + b"\x00\x05extra")


def smuggled_hash(forger: Forger) -> None:
    path = forger.tile_file(2)
    put(path, path.read_bytes() + bytes(32))


def wrong_origin(forger: Forger) -> None:
    other = SigningKey("husum.example/ki-protokoll/2027", KEY.seed)
    put(forger.folder / "checkpoint", signed(forger.entries, other, other.name).encode())


KINDS: list[tuple[Callable[[Forger], None], str]] = [
    (body, "entry 417: its text is not what was logged there"),
    (leaf, "entry 256: from here to entry 511 something is not what"),
    (order, "entry 10: its text is not what was logged there"),
    (tail, "entry 512: missing entries tile/entries/002.p/88"),
    (tail_signed_again, "entry 500: missing. The bundle ends with 500 entries, 520 were pinned"),
    (checkpoint, "the signature of halle.example/ki-protokoll/2027 does not fit the checkpoint"),
    (tile, "entry 256: from here to entry 511 something is not what"),
    (key, "is not signed by the key of the policy"),
    (enclosed_key, "log.vkey is not the key of the policy"),
    (fork, "entry 0 or later: the log was rewritten and signed again"),
    (replayed, "entry 519: missing. The bundle ends with 519 entries, 520 were pinned"),
    (edited_outbox, "entry 0: its text is not what was logged there"),
    (missing_tile, "entry 256: missing tile tile/0/001"),
    (missing_entries, "entry 256: missing entries tile/entries/001"),
    (smuggled_entry, "entry 600: more in tile/entries/002.p/88 than was signed"),
    (smuggled_hash, "entry 600: more in tile/0/002.p/88 than was signed"),
    (wrong_origin, "wrong origin: the bundle is of husum.example/ki-protokoll/2027"),
]


@pytest.fixture
def forger(tmp_path: Path) -> Forger:
    entries = event_bodies(SIZE)
    write_policy(tmp_path / "policy.txt")
    (tmp_path / "pinned").write_text(signed(entries[:PINNED_SIZE]))
    return Forger(write_bundle(tmp_path / "bundle", entries), entries)


def verify(folder: Path, *more: str) -> int:
    root = folder.parent
    return stadtwart_audit.main(
        ["verify", str(folder), "--policy", str(root / "policy.txt"), *more]
    )


def pinned(forger: Forger) -> list[str]:
    return ["--pinned", str(forger.folder.parent / "pinned")]


def test_an_untouched_bundle_is_sound_and_unwitnessed_in_red(
    forger: Forger, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert verify(forger.folder, *pinned(forger)) == 0
    shown = capsys.readouterr().out
    assert "SOUND" in shown
    assert "entries  600, from 2027-03-01T08:00:00Z" in shown
    assert "continues the 520 entries you pinned" in shown
    assert "\x1b[1;31mUNWITNESSED" in shown


@pytest.mark.parametrize(("tamper", "named"), KINDS, ids=[kind.__name__ for kind, _ in KINDS])
def test_tampering_is_found_and_named(
    tamper: Callable[[Forger], None],
    named: str,
    forger: Forger,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tamper(forger)
    assert verify(forger.folder, *pinned(forger)) == 1
    assert named in capsys.readouterr().out


def test_a_rewritten_log_signed_again_shows_only_with_a_pinned_checkpoint(
    forger: Forger, capsys: pytest.CaptureFixture[str]
) -> None:
    fork(forger)
    assert verify(forger.folder) == 0
    assert "nothing: a log cut or rewritten and signed again would not show" in (
        capsys.readouterr().out
    )
    assert verify(forger.folder, *pinned(forger)) == 1


def test_with_the_bundle_of_the_last_visit_the_first_rewritten_entry_is_named(
    forger: Forger, capsys: pytest.CaptureFixture[str]
) -> None:
    older = write_bundle(forger.folder.parent / "older", forger.entries[:PINNED_SIZE])
    assert verify(forger.folder, "--pinned", str(older)) == 0
    fork(forger)
    assert verify(forger.folder, "--pinned", str(older)) == 1
    assert "entry 100: the log was rewritten and signed again" in capsys.readouterr().out
    path = older / Tile(0, 0, 256).entries_path
    path.write_bytes(path.read_bytes().replace(b"000000000007", b"000000000008"))
    assert verify(forger.folder, "--pinned", str(older)) == 2
    assert "was changed itself: entry 7" in capsys.readouterr().out


def test_two_roots_of_the_same_size_are_shown_as_proof_of_the_fork(
    forger: Forger, capsys: pytest.CaptureFixture[str]
) -> None:
    (forger.folder.parent / "pinned").write_text(signed(forger.entries))
    fork(forger)
    assert verify(forger.folder, *pinned(forger)) == 1
    shown = capsys.readouterr().out
    assert "signed two roots for 600 entries" in shown
    assert shown.count("— halle.example/ki-protokoll/2027 ") == 2


def test_everything_replaced_but_the_signature_is_narrowed_down_by_the_pinned_checkpoint(
    forger: Forger, capsys: pytest.CaptureFixture[str]
) -> None:
    note = signed(forger.entries)
    for at, named in ((550, "entry 520 or later"), (3, "entry 0 or later")):
        changed = list(forger.entries)
        changed[at] = b"never happened"
        write_bundle(forger.folder, changed, note)
        assert verify(forger.folder, *pinned(forger)) == 1
        assert named in capsys.readouterr().out


def test_without_a_checkpoint_nobody_can_tell(
    forger: Forger, capsys: pytest.CaptureFixture[str]
) -> None:
    (forger.folder / "checkpoint").unlink()
    assert verify(forger.folder, *pinned(forger)) == 2
    assert "CANNOT TELL" in capsys.readouterr().out


@pytest.mark.parametrize(
    "policy",
    [
        "",
        "quorum none",
        "log nonsense\nquorum none",
        f"log {KEY.verifier}",
        f"log {KEY.verifier}\nquorum nobody",
        f"log {KEY.verifier}\nlog {KEY.verifier}\nquorum none",
        f"log {KEY.verifier}\nquorum none\nquorum none",
        f"log {KEY.verifier}\nwitness none {KEY.verifier}\nquorum none",
        f"log {KEY.verifier}\ngroup g 1 nobody\nquorum none",
        f"trust {KEY.verifier}\nquorum none",
    ],
)
def test_with_an_unclear_policy_nobody_can_tell(policy: str, forger: Forger) -> None:
    (forger.folder.parent / "policy.txt").write_text(policy)
    assert verify(forger.folder) == 2


def test_a_pinned_checkpoint_of_another_log_or_none_at_all_proves_nothing(
    forger: Forger, tmp_path: Path
) -> None:
    other = SigningKey("husum.example/ki-protokoll/2027", bytes(32))
    write_policy(tmp_path / "policy.txt", f"log {other.verifier}")
    for text in ("", "no checkpoint", signed(forger.entries, other, other.name)):
        (tmp_path / "pinned").write_text(text)
        assert verify(forger.folder, *pinned(forger)) == 2
    (tmp_path / "pinned").unlink()
    assert verify(forger.folder, *pinned(forger)) == 2
    assert verify(tmp_path / "nowhere") == 2


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512])
def test_logs_of_every_shape_verify(size: int, tmp_path: Path) -> None:
    write_policy(tmp_path / "policy.txt")
    assert verify(write_bundle(tmp_path / "bundle", event_bodies(size))) == 0


def test_a_full_tile_may_stand_in_for_the_partial_one_it_replaced(tmp_path: Path) -> None:
    entries = event_bodies(600)
    folder = write_bundle(tmp_path / "bundle", entries)
    put(folder / "checkpoint", signed(entries[:300]).encode())
    write_policy(tmp_path / "policy.txt")
    assert verify(folder) == 1, "the level above is not there in the old width"
    put(folder / Tile(1, 0, 1).path, (folder / Tile(1, 0, 2).path).read_bytes()[:32])
    assert verify(folder) == 0


def test_the_checkpoint_kept_on_one_visit_is_pinned_on_the_next(
    forger: Forger, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    assert verify(forger.folder, "--keep", str(kept)) == 0
    write_bundle(forger.folder, event_bodies(700))
    assert verify(forger.folder, "--pinned", str(kept)) == 0


def test_a_forged_bundle_cannot_write_sound_on_the_auditors_screen(
    forger: Forger, capsys: pytest.CaptureFixture[str]
) -> None:
    loud = SigningKey("x\x1b[2J\x1b[32mSOUND", bytes(32))
    put(forger.folder / "checkpoint", signed(forger.entries, loud, loud.name).encode())
    assert verify(forger.folder) == 1
    entry = b'{"time":"\\u001b[2JSOUND"}'
    write_bundle(forger.folder, [entry])
    assert verify(forger.folder) == 0
    assert "\x1b" not in capsys.readouterr().out
