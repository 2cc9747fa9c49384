"""A witness cosigns a log that grows, and nothing else; the auditor asks for k of n."""

from __future__ import annotations

import base64
import http.client
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import stadtwart_audit
from gis.postgis.audit.sequencer import connect
from gis.postgis.audit.witnesses import WitnessError, cosign, read_witnesses
from governance.log.checkpoint import read_checkpoint
from governance.log.note import (
    COSIGNATURE,
    SigningKey,
    VerifierKey,
    is_signed,
    read_note,
    read_verifier_key,
)
from tests.governance.log.bundles import (
    KEY,
    event_bodies,
    signed,
    write_bundle,
    write_policy,
)
from tests.governance.log.city_log import CityLog
from tests.governance.log.memory import Memory

NOW_S = 1_900_000_000


def request(old: int, entries: list[bytes], *, note: str | None = None) -> str:
    """A request as the specification writes it."""
    proof = Memory(entries).tree(len(entries)).consistency_proof(old) if old else []
    lines = [f"old {old}", *(base64.b64encode(one).decode() for one in proof)]
    return "\n".join(lines) + "\n\n" + (note or signed(entries))


@pytest.fixture
def policy(tmp_path: Path) -> stadtwart_audit.Policy:
    return stadtwart_audit.read_policy(write_policy(tmp_path / "logs.txt"))


@pytest.fixture
def witness(tmp_path: Path, policy: stadtwart_audit.Policy) -> stadtwart_audit.Witness:
    private = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x07")
    return stadtwart_audit.Witness("rat.example/w1", private, policy, tmp_path / "state")


def ask(witness: stadtwart_audit.Witness, body: str) -> tuple[int, str]:
    status, _, text = witness.add_checkpoint(body, now_s=NOW_S)
    return status, text


def test_a_growing_log_is_cosigned_and_the_cosignature_is_the_specifications(
    witness: stadtwart_audit.Witness,
) -> None:
    entries = event_bodies(600)
    key = VerifierKey("rat.example/w1", COSIGNATURE, witness.key.public)
    for old, size in ((0, 1), (1, 300), (300, 300), (300, 600)):
        status, line = ask(witness, request(old, entries[:size]))
        assert status == 200
        assert is_signed(read_note(signed(entries[:size]) + line), key)
        raw = base64.b64decode(line.split(" ")[2])
        assert (raw[:4], int.from_bytes(raw[4:12])) == (key.key_id, NOW_S)


def test_a_log_it_does_not_know_is_answered_404_and_a_foreign_key_403(
    witness: stadtwart_audit.Witness,
) -> None:
    other = SigningKey("husum.example/ki-protokoll/2027", bytes(32))
    note = signed(event_bodies(3), other, other.name)
    assert ask(witness, request(0, event_bodies(3), note=note))[0] == 404
    note = signed(event_bodies(3), SigningKey(KEY.name, bytes(32)))
    assert ask(witness, request(0, event_bodies(3), note=note))[0] == 403
    note = signed(event_bodies(3)).replace("\n3\n", "\n4\n")
    assert ask(witness, request(0, event_bodies(3), note=note))[0] == 403


def test_another_old_size_than_the_one_it_knows_is_answered_409_with_that_size(
    witness: stadtwart_audit.Witness,
) -> None:
    entries = event_bodies(20)
    assert ask(witness, request(5, entries)) == (409, "0\n")
    assert ask(witness, request(0, entries[:10]))[0] == 200
    assert witness.add_checkpoint(request(0, entries), now_s=NOW_S) == (
        409,
        "text/x.tlog.size",
        "10\n",
    )


def test_a_split_view_of_the_same_size_is_answered_409(witness: stadtwart_audit.Witness) -> None:
    entries = event_bodies(10)
    assert ask(witness, request(0, entries))[0] == 200
    forked = [b"never happened", *entries[1:]]
    assert ask(witness, f"old 10\n\n{signed(forked)}") == (409, "10\n")
    assert ask(witness, request(10, event_bodies(11)))[0] == 200, "the true log goes on"


def test_a_past_that_was_rewritten_is_answered_422(witness: stadtwart_audit.Witness) -> None:
    entries = event_bodies(20)
    assert ask(witness, request(0, entries[:10]))[0] == 200
    forked = [b"never happened", *entries[1:]]
    assert ask(witness, request(10, forked))[0] == 422
    proof = f"old 10\n{base64.b64encode(bytes(32)).decode()}\n\n{signed(entries[:10])}"
    assert ask(witness, proof)[0] == 422, "a proof where none is needed"
    assert ask(witness, request(10, entries))[0] == 200


@pytest.mark.parametrize(
    "body",
    [
        "",
        "old\n\n",
        "old 01\n\nx",
        "old -1\n\nx",
        "new 1\n\nx",
        "old 1\nAAAA\n\nx",
        "old 0\n" + "A" * 43 + "=\n" * 64 + "\n",
        f"old 9\n\n{signed(event_bodies(3))}",
        "old 0\n\nno checkpoint\n",
    ],
)
def test_a_malformed_request_is_answered_400(body: str, witness: stadtwart_audit.Witness) -> None:
    assert ask(witness, body)[0] == 400


def test_a_restarted_witness_remembers_and_a_damaged_memory_stops_it(
    witness: stadtwart_audit.Witness, policy: stadtwart_audit.Policy, tmp_path: Path
) -> None:
    entries = event_bodies(20)
    assert ask(witness, request(0, entries[:10]))[0] == 200
    private = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x07")
    again = stadtwart_audit.Witness("rat.example/w1", private, policy, tmp_path / "state")
    assert ask(again, request(0, entries)) == (409, "10\n")
    next((tmp_path / "state").glob("*.checkpoint")).write_text("")
    with pytest.raises(stadtwart_audit.Tampered):
        again.add_checkpoint(request(0, entries), now_s=NOW_S)


def test_of_two_requests_at_once_one_wins_and_the_record_never_goes_back(
    witness: stadtwart_audit.Witness,
) -> None:
    entries = event_bodies(60)
    sizes = range(1, 61)
    statuses: list[int] = []
    threads = [
        threading.Thread(
            target=lambda size=size: statuses.append(ask(witness, request(0, entries[:size]))[0])
        )
        for size in sizes
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(statuses)) == [200, 409]
    assert statuses.count(200) == 1


@contextmanager
def listening(witness: stadtwart_audit.Witness) -> Iterator[int]:
    with stadtwart_audit.witness_server(witness, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def test_the_service_answers_on_its_socket_and_refuses_what_is_too_long(
    witness: stadtwart_audit.Witness,
) -> None:
    with listening(witness) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        for path, body, status in (
            ("/add-checkpoint", request(0, event_bodies(3)).encode(), 200),
            ("/add-checkpoint", request(0, event_bodies(5)).encode(), 409),
            ("/add-checkpoint", b"x" * 70_000, 413),
            ("/other", b"", 404),
            ("/add-checkpoint", b"\xff\xfe", 400),
        ):
            connection.request("POST", path, body)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == status
            connection.close()


def test_a_city_collects_cosignatures_and_the_auditor_asks_for_two_of_three(
    log: CityLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log.tell(300)
    log.sequence()
    vkey = (log.published() / "log.vkey").read_text().strip()
    policy = tmp_path / "policy.txt"
    policy.write_text(f"log {vkey}\nquorum none\n")
    known = stadtwart_audit.read_policy(policy)
    witnesses = [
        stadtwart_audit.Witness(f"rat.example/w{n}", key, known, tmp_path / f"state{n}")
        for n in range(3)
        for key in [Ed25519PrivateKey.from_private_bytes(bytes(31) + bytes([n + 1]))]
    ]
    lines = [f"log {vkey}"]
    with listening(witnesses[0]) as first, listening(witnesses[1]) as second:
        for number, port in enumerate((first, second, 9)):  # nobody listens on port 9
            url = f"http://127.0.0.1:{port}"
            lines.append(f"witness w{number} {witnesses[number].key} {url}")
        lines += ["group council 2 w0 w1 w2", "quorum council"]
        policy.write_text("\n".join(lines) + "\n")
        command = ["verify", str(log.published()), "--policy", str(policy)]
        assert stadtwart_audit.main(command) == 2
        assert "cosigned by nobody" in capsys.readouterr().out
        for more in (7, 400):
            log.tell(more)
            log.sequence(witnesses=read_witnesses(policy))
            assert stadtwart_audit.main(command) == 0
            assert "witness  w0, w1" in capsys.readouterr().out
    log.tell(1)
    log.sequence(witnesses=read_witnesses(policy))
    assert read_checkpoint(log.checkpoint()).size == 709, "without witnesses the log goes on"
    assert stadtwart_audit.main(command) == 2


def test_a_witness_does_not_follow_a_city_into_a_fork(log: CityLog, tmp_path: Path) -> None:
    log.tell(10)
    log.sequence()
    policy = tmp_path / "policy.txt"
    policy.write_text(f"log {(log.published() / 'log.vkey').read_text().strip()}\nquorum none\n")
    private = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x01")
    witness = stadtwart_audit.Witness(
        "rat.example/w", private, stadtwart_audit.read_policy(policy), tmp_path / "state"
    )
    seed = SigningKey(
        "halle.example/ki-protokoll/2027",
        base64.b64decode(
            log.place.key_file("halle.example/ki-protokoll/2027")
            .read_text()
            .strip()
            .split("+", 4)[4]
        )[1:],
    )
    with listening(witness) as port, connect(log.url) as connection:
        policy.write_text(f"witness w {witness.key} http://127.0.0.1:{port}\nquorum w\n")
        (asked,) = read_witnesses(policy)
        store = log.store(connection)
        assert cosign(store, log.checkpoint(), asked).startswith("— rat.example/w ")
        forked = signed(event_bodies(11), seed)
        with pytest.raises(WitnessError, match="409"):
            cosign(store, forked, asked)
        shorter = signed(event_bodies(5), seed)
        with pytest.raises(WitnessError, match="it has seen 11 entries, the log has 5"):
            cosign(store, shorter, asked)


def test_a_witness_runs_as_a_program_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, policy = tmp_path / "w.skey", write_policy(tmp_path / "logs.txt")
    assert stadtwart_audit.main(["witness", "--key", str(key), "--make-key", "rat.example/w"]) == 0
    vkey = read_verifier_key(capsys.readouterr().out.split()[2])
    command = [sys.executable, stadtwart_audit.__file__, "witness", "--key", str(key)]
    command += ["--policy", str(policy), "--state", str(tmp_path / "state"), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        try:
            assert run.stdout is not None
            url = run.stdout.readline().split()[-1]
            entries = event_bodies(3)
            connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
            connection.request("POST", "/add-checkpoint", request(0, entries).encode())
            line = connection.getresponse().read().decode()
            connection.close()
        finally:
            run.send_signal(signal.SIGTERM)
            try:
                run.communicate(timeout=60)
            finally:
                run.kill()
    assert is_signed(read_note(signed(entries) + line), vkey)
    assert run.returncode == 0


def test_a_witness_key_is_made_once_for_its_owner_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "witness.skey"
    command = ["witness", "--key", str(path), "--make-key", "rat.example/w1"]
    assert stadtwart_audit.main(command) == 0
    word, _name, vkey = capsys.readouterr().out.split()
    assert (word, stat.S_IMODE(path.stat().st_mode)) == ("witness", 0o600)
    name, private = stadtwart_audit.read_witness_key(path)
    public = private.public_key().public_bytes_raw()
    assert read_verifier_key(vkey) == VerifierKey(name, COSIGNATURE, public)
    assert stadtwart_audit.main(command) == 2, "a key is never replaced"
    assert stadtwart_audit.main(["witness", "--key", str(path)]) == 2


def test_a_false_cosignature_of_a_known_witness_is_tampering(
    witness: stadtwart_audit.Witness, tmp_path: Path
) -> None:
    entries = event_bodies(20)
    _, line = ask(witness, request(0, entries[:10]))
    folder = write_bundle(tmp_path / "bundle", entries, signed(entries) + line)
    policy = write_policy(tmp_path / "p.txt", f"witness w {witness.key}", quorum="w")
    assert stadtwart_audit.main(["verify", str(folder), "--policy", str(policy)]) == 1
