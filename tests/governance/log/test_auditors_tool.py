"""The auditor's tool against the standards, against the log's own code, and alone on a machine."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stadtwart_audit
from governance.log.note import read_note, read_verifier_key
from governance.log.proofs import TiledTree
from governance.log.tiles import Tile
from governance.log.tlog_proof import read_proof
from tests.governance.log import rfc9162
from tests.governance.log.bundles import (
    KEY,
    event_bodies,
    signed,
    write_bundle,
    write_policy,
)
from tests.governance.log.memory import Memory
from tests.governance.log.test_note import C2SP_CHECKPOINT, C2SP_VKEY, GO_VKEY
from tests.governance.log.test_tree import LEAVES, ROOTS, SIZES, bodies

TOOL = Path(stadtwart_audit.__file__)


def at(size: int, root: bytes) -> stadtwart_audit.Checkpoint:
    return stadtwart_audit.Checkpoint("x", size, root, "", ())


def test_the_tool_needs_the_standard_library_and_cryptography_alone() -> None:
    names: set[str] = set()
    for node in ast.walk(ast.parse(TOOL.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    assert names - set(sys.stdlib_module_names) == {"cryptography"}


def test_the_tool_works_as_one_file_away_from_the_project(tmp_path: Path) -> None:
    tool = tmp_path / "stick" / TOOL.name
    tool.parent.mkdir()
    tool.write_bytes(TOOL.read_bytes())
    folder = write_bundle(tmp_path / "stick" / "bundle", event_bodies(300))
    policy = write_policy(tmp_path / "stick" / "policy.txt")
    done = subprocess.run(
        [sys.executable, "-I", str(tool), "verify", str(folder), "--policy", str(policy)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("SOUND\nlog      halle.example/ki-protokoll/2027\n")


@pytest.mark.parametrize("size", range(9))
def test_the_tool_computes_the_published_roots(size: int) -> None:
    leaves = [stadtwart_audit.leaf_of(one) for one in LEAVES[:size]]
    assert stadtwart_audit.root_of(leaves).hex() == ROOTS[size]


def test_the_tool_reads_the_published_keys_and_checkpoint() -> None:
    for text in (GO_VKEY, C2SP_VKEY):
        assert str(stadtwart_audit.read_key(text)) == text == str(read_verifier_key(text))
    found = stadtwart_audit.read_checkpoint(C2SP_CHECKPOINT)
    assert (found.origin, found.size) == ("example.com/behind-the-sofa", 20852163)
    assert found.text == read_note(C2SP_CHECKPOINT).text


@settings(max_examples=40, deadline=None)
@given(size=SIZES, data=st.data())
def test_tool_and_log_and_standard_agree_on_every_proof(size: int, data: st.DataObject) -> None:
    entries = bodies(size)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    root, old_root = rfc9162.mth(entries), rfc9162.mth(entries[:old])
    log_tree: TiledTree = Memory(entries).tree(size)
    path, proof = log_tree.inclusion_proof(index), log_tree.consistency_proof(old)
    leaf = stadtwart_audit.leaf_of(entries[index])
    assert stadtwart_audit.inclusion_root(leaf, index, size, path) == root
    assert stadtwart_audit.is_consistent(at(old, old_root), at(size, root), proof)
    assert not stadtwart_audit.is_consistent(at(old, root[::-1]), at(size, root), proof)
    assert not stadtwart_audit.is_consistent(at(old, old_root), at(size, old_root[::-1]), proof)
    assert not stadtwart_audit.is_consistent(at(old, old_root), at(size, root), [*proof, root])


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 600])
def test_the_tool_makes_the_standards_proofs_from_files(size: int, tmp_path: Path) -> None:
    entries = event_bodies(size)
    tree = stadtwart_audit.Tree(write_bundle(tmp_path, entries), size)
    for index in {0, size // 2, size - 1}:
        assert tree.inclusion(index) == rfc9162.path(index, entries)
        assert tree.consistency(index + 1) == rfc9162.proof(index + 1, entries)


def test_one_event_is_taken_out_and_proven_without_the_bundle(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = event_bodies(600)
    folder = write_bundle(tmp_path / "bundle", entries)
    policy = write_policy(tmp_path / "policy.txt")
    out = str(tmp_path / "event")
    wanted = "00000000-0000-7000-8000-000000000417"
    assert stadtwart_audit.main(["prove", str(folder), wanted, "--out", out]) == 0
    assert read_proof(Path(f"{out}.tlog-proof").read_text()).index == 417
    command = ["verify-proof", f"{out}.tlog-proof", f"{out}.json", "--policy", str(policy)]
    assert stadtwart_audit.main(command) == 0
    assert "is entry 417 of halle.example" in capsys.readouterr().out
    Path(f"{out}.json").write_bytes(entries[416])
    assert stadtwart_audit.main(command) == 1
    Path(f"{out}.tlog-proof").write_text("no proof")
    assert stadtwart_audit.main(command) == 2
    assert stadtwart_audit.main(["prove", str(folder), "unknown", "--out", out]) == 2
    assert stadtwart_audit.main(["prove", str(folder), "600", "--out", out]) == 2


def test_a_newer_bundle_continues_an_older_one_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = event_bodies(700)
    old = write_bundle(tmp_path / "old", entries[:300])
    new = write_bundle(tmp_path / "new", entries)
    forked = write_bundle(tmp_path / "forked", [b"x", *entries[1:]])
    policy = ["--policy", str(write_policy(tmp_path / "policy.txt"))]

    def consistency(one: Path, other: Path) -> int:
        return stadtwart_audit.main(["consistency", str(one), str(other), *policy])

    assert consistency(old, new) == 0
    assert consistency(old / "checkpoint", new) == 0
    assert "700 entries continue the 300" in capsys.readouterr().out
    assert consistency(new, old) == 1
    assert "entry 300: missing" in capsys.readouterr().out
    assert consistency(old, forked) == 1
    assert "rewritten past" in capsys.readouterr().out
    assert consistency(new, forked) == 1
    assert "signed two roots for 700 entries" in capsys.readouterr().out
    assert consistency(tmp_path / "nowhere", new) == 2


def test_a_checkpoint_with_a_line_that_is_no_signature_is_refused() -> None:
    note = signed(event_bodies(3))
    assert stadtwart_audit.read_checkpoint(note).size == 3
    for broken in (note + "nonsense\n", note[:-1], note.replace("\n3\n", "\n03\n"), "", "a\n\nb\n"):
        with pytest.raises(stadtwart_audit.Tampered):
            stadtwart_audit.read_checkpoint(broken)


def test_a_bundle_cut_in_the_middle_of_an_entry_or_a_hash_names_the_entry(tmp_path: Path) -> None:
    entries = event_bodies(10)
    folder = write_bundle(tmp_path / "bundle", entries)
    policy = stadtwart_audit.read_policy(write_policy(tmp_path / "policy.txt"))
    assert str(KEY.verifier) == str(policy.logs[0])
    bundle, tile = folder / Tile(0, 0, 10).entries_path, folder / Tile(0, 0, 10).path
    whole = bundle.read_bytes()
    bundle.write_bytes(whole[: len(whole) * 3 // 4])
    with pytest.raises(stadtwart_audit.Tampered, match="entry 7: missing"):
        stadtwart_audit.verify(folder, policy)
    bundle.write_bytes(whole)
    tile.write_bytes(tile.read_bytes()[:100])
    with pytest.raises(stadtwart_audit.Tampered, match="entry 3: its tile ends"):
        stadtwart_audit.verify(folder, policy)
