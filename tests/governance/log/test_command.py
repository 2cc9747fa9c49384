"""`stadtwart audit`: what an operator types, from the first event to the auditor's stick."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

import stadtwart_audit
from gis.postgis.audit.__main__ import main
from tests.governance.log.city_log import CityLog

YEAR = datetime.now(UTC).year


@pytest.fixture
def audit(log: CityLog, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words every command begins with."""
    monkeypatch.setenv("DATABASE_URL", log.url)
    return ["--folder", str(log.folder)]


def test_from_the_first_event_to_a_verified_stick(
    log: CityLog, audit: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log.tell(300)
    assert main([*audit, "status"]) == 0
    assert json.loads(capsys.readouterr().out)["waiting"] == 300
    assert main([*audit, "sequence", "--once", "--base", "husum.example/ki"]) == 0
    assert main([*audit, "status"]) == 0
    status = json.loads(capsys.readouterr().out)
    assert (status["waiting"], status["size"], status["published_size"]) == (0, 301, 301)
    assert status["origin"] == f"husum.example/ki/{YEAR}"
    stick, policy = tmp_path / "stick", tmp_path / "policy.txt"
    assert main([*audit, "export", "--out", str(stick)]) == 0
    assert "301 entries" in capsys.readouterr().out
    policy.write_text(f"log {status['vkey']}\nquorum none\n")
    assert stadtwart_audit.main(["verify", str(stick), "--policy", str(policy)]) == 0
    assert main([*audit, "fsck", "--cross"]) == 0


def test_fsck_names_what_is_wrong_and_says_so_with_its_exit_code(
    log: CityLog, audit: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    told = log.tell(20)
    assert main([*audit, "sequence", "--once"]) == 0
    log.as_superuser("UPDATE audit_outbox SET body = 'x' WHERE event_id = %s", event_id=told[4])
    capsys.readouterr()
    assert main([*audit, "fsck"]) == 1
    assert f"entry 5 (event {told[4]}) is not what was logged" in capsys.readouterr().out


def test_one_event_is_handed_out_with_its_proof(
    log: CityLog, audit: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = log.tell(700)
    assert main([*audit, "sequence", "--once"]) == 0
    out, policy = str(tmp_path / "event"), tmp_path / "policy.txt"
    ((vkey,),) = log.rows("SELECT vkey FROM audit_log")
    policy.write_text(f"log {vkey}\nquorum none\n")
    (waiting,) = log.tell(1)
    for event_id, seq in ((told[0], 1), (told[255], 256), (told[699], 700)):
        assert main([*audit, "prove", str(event_id), "--out", out]) == 0
        command = ["verify-proof", f"{out}.tlog-proof", f"{out}.json", "--policy", str(policy)]
        assert stadtwart_audit.main(command) == 0
        assert f"is entry {seq} of" in capsys.readouterr().out
    assert main([*audit, "prove", str(waiting), "--out", out]) == 2
    assert "is in no log" in capsys.readouterr().err


def test_a_new_log_is_begun_by_a_person_with_a_reason(
    audit: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*audit, "sequence", "--once"]) == 0
    assert main([*audit, "reopen", "--reason", "key rotation"]) == 0
    assert capsys.readouterr().out.startswith(f"stadtwart.example/ki-protokoll/{YEAR}-2\n")
    old = f"stadtwart.example/ki-protokoll/{YEAR}"
    for origin, size in ((old, 2), (f"{old}-2", 1)):
        out = tmp_path / origin
        assert main([*audit, "export", "--out", str(out), "--origin", origin]) == 0
        assert f"{size} entries" in capsys.readouterr().out


@pytest.mark.parametrize(
    "verb", [["export", "--out", "x"], ["export", "--out", "x", "--origin", "y"]]
)
def test_what_is_not_there_is_said_and_cannot_be_told(
    verb: list[str], audit: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*audit, *verb]) == 2
    assert "log" in capsys.readouterr().err


def test_a_city_name_gives_the_log_its_name(city_url: str, log: CityLog, audit: list[str]) -> None:
    assert city_url == log.url
    assert main([*audit, "sequence", "--once"]) == 0
    ((origin,),) = log.rows("SELECT origin FROM audit_log")
    ((slug,),) = log.rows("SELECT slug FROM city")
    assert origin == f"{slug}.example/ki-protokoll/{YEAR}"
