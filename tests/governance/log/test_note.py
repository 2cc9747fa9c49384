"""Signed notes, checkpoints and proofs against the published examples of their specifications."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from governance.log.checkpoint import Checkpoint, open_checkpoint, read_checkpoint, sign
from governance.log.note import (
    COSIGNATURE,
    NoteError,
    SigningKey,
    VerifierKey,
    is_signed,
    read_note,
    read_signing_key,
    read_verifier_key,
)
from governance.log.tlog_proof import LoggedProof, read_proof, write_proof

# golang.org/x/mod/sumdb/note, the reference implementation: key, text and exact signature
GO_SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
GO_LINE = (
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# C2SP signed-note, section "Verifier keys"
C2SP_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
C2SP_NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
# C2SP tlog-checkpoint
C2SP_CHECKPOINT = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)

KEY = SigningKey("halle.example/ki-protokoll/2027", bytes(range(32)))
ROOT = bytes(range(100, 132))


def test_the_reference_implementations_key_signs_the_same_bytes_here() -> None:
    key = read_signing_key(GO_SKEY)
    assert str(key.verifier) == GO_VKEY
    assert key.private_text() == GO_SKEY
    assert key.sign(GO_TEXT) == GO_LINE
    assert is_signed(read_note(f"{GO_TEXT}\n{GO_LINE}"), read_verifier_key(GO_VKEY))


def test_the_specifications_note_is_verified_and_no_other_text_is() -> None:
    key = read_verifier_key(C2SP_VKEY)
    assert str(key) == C2SP_VKEY
    assert is_signed(read_note(C2SP_NOTE), key)
    with pytest.raises(NoteError, match="does not fit the text"):
        is_signed(read_note(C2SP_NOTE.replace("message", "massage")), key)


def test_the_specifications_checkpoint_is_read() -> None:
    found = read_checkpoint(C2SP_CHECKPOINT)
    assert (found.origin, found.size) == ("example.com/behind-the-sofa", 20852163)
    assert found.text() == C2SP_CHECKPOINT.partition("\n\n")[0] + "\n"


def test_a_private_key_does_not_slip_into_a_log_line() -> None:
    assert base64.b64encode(KEY.seed).decode()[:8] not in repr(KEY)
    assert "seed" not in repr(KEY)


@given(size=st.integers(0, 2**60), root=st.binary(min_size=32, max_size=32))
def test_a_signed_checkpoint_is_read_back(size: int, root: bytes) -> None:
    checkpoint = Checkpoint(KEY.name, size, root)
    assert open_checkpoint(sign(checkpoint, KEY), KEY.verifier) == checkpoint


def test_a_checkpoint_of_another_key_or_another_log_is_refused() -> None:
    signed = sign(Checkpoint(KEY.name, 7, ROOT), KEY)
    other = SigningKey(KEY.name, bytes(32))
    with pytest.raises(NoteError, match="not signed by"):
        open_checkpoint(signed, other.verifier)
    with pytest.raises(NoteError, match="not of husum"):
        open_checkpoint(signed, VerifierKey("husum.example/log", 1, KEY.verifier.public))
    with pytest.raises(NoteError, match="does not sign for"):
        sign(Checkpoint("husum.example/log", 7, ROOT), KEY)
    with pytest.raises(NoteError, match="does not fit"):
        open_checkpoint(signed.replace("\n7\n", "\n8\n"), KEY.verifier)


def test_a_cosignature_covers_its_time() -> None:
    text = Checkpoint(KEY.name, 7, ROOT).text()
    private = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x01")
    witness = VerifierKey("rat.example/w1", COSIGNATURE, private.public_key().public_bytes_raw())
    signature = private.sign(f"cosignature/v1\ntime 1679315147\n{text}".encode())
    for time, fits in ((1679315147, True), (1679315148, False)):
        value = base64.b64encode(witness.key_id + time.to_bytes(8) + signature).decode()
        note = read_note(f"{text}\n{KEY.sign(text)}— {witness.name} {value}\n")
        assert is_signed(note, KEY.verifier)
        if fits:
            assert is_signed(note, witness)
        else:
            with pytest.raises(NoteError, match="does not fit"):
                is_signed(note, witness)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no signature\n",
        "no signature\n\n",
        "text\n\n— name\n",
        "text\n\n— name !!!\n",
        "text\n\n— name AAAA\n",
        "text\n\n— name AAAAAAAA",
        "text\ttab\n\n— name AAAAAAAA\n",
        "text\n\n- name AAAAAAAA\n",
        "text\n\n" + "— name AAAAAAAA\n" * 65,
    ],
)
def test_a_malformed_note_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        read_note(text)


@pytest.mark.parametrize(
    "lines",
    [
        "origin\n1\n",
        "origin\n01\nAAAA\n",
        f"origin\n+1\n{base64.b64encode(ROOT).decode()}\n",
        "origin\n1\nAAAA\n",
        f"origin\n1\n{base64.b64encode(ROOT).decode()}\n\nextension\n",
        f"\n1\n{base64.b64encode(ROOT).decode()}\n",
    ],
)
def test_a_malformed_checkpoint_is_refused(lines: str) -> None:
    with pytest.raises(NoteError):
        read_checkpoint(f"{lines}\n— name AAAAAAAA\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20a3+A",
        "PeterNeumann+00000000+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+AAAA",
    ],
)
def test_a_malformed_key_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        read_verifier_key(text)
    with pytest.raises(NoteError) as refused:
        read_signing_key(f"PRIVATE+KEY+{text}")
    assert "ARpc2" not in str(refused.value)


@given(path=st.lists(st.binary(min_size=32, max_size=32), max_size=63), index=st.integers(0, 2**62))
def test_a_proof_is_read_back(path: list[bytes], index: int) -> None:
    proof = LoggedProof(index, path, sign(Checkpoint(KEY.name, 7, ROOT), KEY))
    assert read_proof(write_proof(proof)) == proof


def test_the_extra_line_of_a_proof_is_allowed_and_ignored() -> None:
    text = write_proof(LoggedProof(0, [ROOT], C2SP_CHECKPOINT))
    with_extra = text.replace("\nindex", "\nextra YWdl\nindex")
    assert read_proof(with_extra) == read_proof(text)


@pytest.mark.parametrize(
    "text",
    ["", "c2sp.org/tlog-proof@v2\nindex 0\n\n", "c2sp.org/tlog-proof@v1\n\nx", "c2sp.org"]
    + [f"c2sp.org/tlog-proof@v1\n{line}\n\nx" for line in ("index 01", "index -1", "index 0\nAA")],
)
def test_a_malformed_proof_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        read_proof(text)
