"""The tree against RFC 9162 written down a second time, and against published vectors."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.log.proofs import TiledTree, verify_consistency, verify_inclusion
from governance.log.tiles import (
    Tile,
    decode_entries,
    decode_hashes,
    encode_entries,
    encode_hashes,
    tiles_of,
)
from governance.log.tree import EMPTY_ROOT, Frontier, ProofError, grow, leaf_hash, root_of
from tests.governance.log import rfc9162
from tests.governance.log.memory import Memory

# The reference vectors of Certificate Transparency (google/certificate-transparency,
# transparency-dev/merkle: rfc6962_test, log_verifier_test).
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
N01 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
N23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
N47 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
L1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
L4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
N67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
N03 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
N45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"

# sizes at which tiles fill and levels begin, and the ones beside them
EDGES = [1, 2, 3, 255, 256, 257, 511, 512, 513]
SIZES = st.one_of(st.sampled_from(EDGES), st.integers(1, 700))


def bodies(count: int) -> list[bytes]:
    return [b"event %d" % number for number in range(count)]


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots_of_certificate_transparency_come_out(size: int) -> None:
    leaves = [leaf_hash(body) for body in LEAVES[:size]]
    assert root_of(leaves).hex() == ROOTS[size]
    assert grow(Frontier(), leaves)[0].root().hex() == ROOTS[size]
    assert rfc9162.mth(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(
    ("index", "expected"), [(0, [L1, N23, N47]), (5, [L4, N67, N03])], ids=["first", "sixth"]
)
def test_the_published_inclusion_proofs_come_out(index: int, expected: list[str]) -> None:
    proof = Memory(LEAVES).tree(8).inclusion_proof(index)
    assert [one.hex() for one in proof] == expected
    leaf, root = leaf_hash(LEAVES[index]), bytes.fromhex(ROOTS[8])
    verify_inclusion(leaf, index=index, size=8, proof=proof, root=root)


@pytest.mark.parametrize(
    ("old", "size", "expected"),
    [(1, 8, [L1, N23, N47]), (6, 8, [N45, N67, N03]), (2, 5, [N23, L4])],
)
def test_the_published_consistency_proofs_come_out(
    old: int, size: int, expected: list[str]
) -> None:
    proof = Memory(LEAVES).tree(size).consistency_proof(old)
    assert [one.hex() for one in proof] == expected
    old_root, root = bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[size])
    verify_consistency(old_size=old, old_root=old_root, size=size, root=root, proof=proof)


@settings(max_examples=40, deadline=None)
@given(batches=st.lists(st.integers(0, 300), max_size=5))
def test_a_log_that_grows_in_any_batches_has_the_root_of_the_standard(batches: list[int]) -> None:
    entries = bodies(sum(batches))
    memory, at = Memory([]), 0
    for batch in batches:
        memory.append(entries[at : at + batch])
        at += batch
    assert memory.frontier.root() == rfc9162.mth(entries)
    assert memory.tree(at).root() == rfc9162.mth(entries)


@settings(max_examples=60, deadline=None)
@given(size=SIZES, data=st.data())
def test_every_inclusion_proof_is_the_standards_and_proves_only_its_entry(
    size: int, data: st.DataObject
) -> None:
    entries = bodies(size)
    index = data.draw(st.integers(0, size - 1))
    proof = Memory(entries).tree(size).inclusion_proof(index)
    assert proof == rfc9162.path(index, entries)
    root = rfc9162.mth(entries)
    verify_inclusion(leaf_hash(entries[index]), index=index, size=size, proof=proof, root=root)
    for wrong in (
        {"leaf": leaf_hash(b"another")},
        {"index": (index + 1) % size} if size > 1 else {"index": 1},
        {"root": leaf_hash(b"another")},
        {"proof": [*proof, root]},
        {"proof": [leaf_hash(b"x"), *proof[1:]]} if proof else {"size": 2},
        {"index": size},
    ):
        claim = {
            "leaf": leaf_hash(entries[index]),
            "index": index,
            "size": size,
            "proof": proof,
            "root": root,
        }
        with pytest.raises(ProofError):
            verify_inclusion(**(claim | wrong))  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(size=SIZES, data=st.data())
def test_every_consistency_proof_is_the_standards_and_a_changed_past_shows(
    size: int, data: st.DataObject
) -> None:
    entries = bodies(size)
    old = data.draw(st.integers(1, size))
    proof = Memory(entries).tree(size).consistency_proof(old)
    assert proof == rfc9162.proof(old, entries)
    old_root, root = rfc9162.mth(entries[:old]), rfc9162.mth(entries)
    verify_consistency(old_size=old, old_root=old_root, size=size, root=root, proof=proof)
    changed = [b"changed", *entries[1:]]
    with pytest.raises(ProofError):
        verify_consistency(
            old_size=old, old_root=old_root, size=size, root=rfc9162.mth(changed), proof=proof
        )
    with pytest.raises(ProofError):
        verify_consistency(
            old_size=old,
            old_root=rfc9162.mth(changed[:old]),
            size=size,
            root=root,
            proof=Memory(changed).tree(size).consistency_proof(old),
        )


def test_an_empty_log_is_the_beginning_of_every_log() -> None:
    assert Frontier().root() == EMPTY_ROOT
    verify_consistency(old_size=0, old_root=EMPTY_ROOT, size=3, root=b"any", proof=[])
    with pytest.raises(ProofError):
        verify_consistency(old_size=3, old_root=b"any", size=0, root=EMPTY_ROOT, proof=[])


def test_a_tree_of_70000_has_the_tiles_the_specification_counts() -> None:
    found = list(tiles_of(70_000))
    assert sum(tile.level == 0 and tile.width == 256 for tile in found) == 273
    partial = [tile for tile in found if tile.width < 256]
    assert partial == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert Tile(1, 0, 256) in found


def test_a_tree_of_256_is_one_full_tile_and_one_hash_above() -> None:
    assert list(tiles_of(256)) == [Tile(0, 0, 256), Tile(1, 0, 1)]
    assert list(tiles_of(0)) == []


@given(older=st.integers(0, 70_000), more=st.integers(0, 3000))
def test_publishing_what_is_new_leaves_out_no_tile(older: int, more: int) -> None:
    known = set(tiles_of(older))
    assert set(tiles_of(older + more, older_size=older)) | known >= set(tiles_of(older + more))


def test_tiles_lie_where_the_specification_says() -> None:
    assert Tile(0, 1234067, 256).path == "tile/0/x001/x234/067"
    assert Tile(1, 5, 17).path == "tile/1/005.p/17"
    assert Tile(0, 1000, 256).entries_path == "tile/entries/x001/000"
    assert Tile(0, 0, 1).entries_path == "tile/entries/000.p/1"


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_entries_survive_their_bundle(entries: list[bytes]) -> None:
    assert decode_entries(encode_entries(entries)) == entries


def test_an_entry_of_64_kib_and_a_cut_bundle_are_refused() -> None:
    assert decode_entries(encode_entries([b"x" * 65_535])) == [b"x" * 65_535]
    with pytest.raises(ValueError, match=r"at most 65,535"):
        encode_entries([b"x" * 65_536])
    with pytest.raises(ValueError, match="entry 1 of the bundle is cut off"):
        decode_entries(encode_entries([b"a", b"bc"])[:-1])
    with pytest.raises(ValueError, match="cut off"):
        decode_entries(b"\x00")


def test_a_tile_of_no_or_half_a_hash_is_refused() -> None:
    assert decode_hashes(encode_hashes([EMPTY_ROOT] * 256)) == (EMPTY_ROOT,) * 256
    for size_bytes in (0, 31, 257 * 32):
        with pytest.raises(ValueError, match="a tile holds"):
            decode_hashes(bytes(size_bytes))


def test_a_proof_for_what_the_log_does_not_hold_is_refused() -> None:
    tree = TiledTree(3, Memory(bodies(3)).read)
    with pytest.raises(ValueError, match="none has index 3"):
        tree.inclusion_proof(3)
    with pytest.raises(ValueError, match="fewer than 4"):
        tree.consistency_proof(4)
    with pytest.raises(ValueError, match="not 4"):
        tree.root(4)
