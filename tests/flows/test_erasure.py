"""A citizen wants a picture gone: erased, shown to be gone everywhere, and the log still proves."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

import stadtwart_audit
from gis.postgis.audit.__main__ import main as audit
from gis.postgis.backup.make import make_backup
from gis.postgis.person_reference import reference
from gis.postgis.retention.__main__ import main as retention
from gis.postgis.retention.rules import run
from tests.governance.log.city_log import CityLog
from tests.messages import batch, jpeg, mask_receipt, moved
from tests.serving import CityServer

ERIKA = UUID("3f0c8a51-1111-4222-8333-444455556666")


class Office:
    """The operator's desk: what is typed, and what comes back."""

    def __init__(self, city: CityServer, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.city, self.folder, self._capsys = city, folder, capsys
        self.log = CityLog(city.database_url, folder / "audit", year=datetime.now(UTC).year)

    def check(self, *what: str) -> tuple[int, dict[str, str]]:
        """Ask whether something is gone; return the exit code and the state of each place."""
        self._capsys.readouterr()
        code = audit(["--folder", str(self.folder / "audit"), "erase-check", *what])
        found = json.loads(self._capsys.readouterr().out)
        return code, {one["where"].split()[0]: one["state"] for one in found}

    def erase(self, *what: str) -> Path:
        """Erase, keep the receipt."""
        self._capsys.readouterr()
        assert retention(["erase", *what]) == 0
        receipt = self.folder / "receipt.json"
        receipt.write_text(self._capsys.readouterr().out)
        return receipt

    def back_up(self, *, days_ago: int) -> None:
        """Make a backup as if it had been made some days ago."""
        made_at = datetime.now(UTC) - timedelta(days=days_ago)
        make_backup(self.city.database_url, self.folder / "backups", now=made_at)


@pytest.fixture
def office(
    city: CityServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Office:
    monkeypatch.setenv("DATABASE_URL", city.database_url)
    monkeypatch.setenv("STADTWART_DATA", str(tmp_path))
    return Office(city, tmp_path, capsys)


def a_picture(city: CityServer) -> str:
    picture = jpeg(colour="red")
    digest = sha256(picture).hexdigest()
    with city.client("vehicle") as truck:
        truck.post("/batches", json=batch(moved(20, picture=mask_receipt(picture))))
        headers = {"Content-Type": "image/jpeg"}
        assert truck.put(f"/pictures/{digest}", content=picture, headers=headers).is_success
    city.wait_for_merge()
    with city.client("road") as road:
        assert road.get(f"/pictures/{digest}").is_success
    return digest


def test_an_erased_picture_is_gone_everywhere_and_every_proof_still_holds(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    digest = a_picture(office.city)
    office.log.sequence()
    pinned = office.folder / "pinned"
    pinned.write_text(next((office.folder / "audit/public").glob("*/checkpoint")).read_text())
    office.back_up(days_ago=20)
    code, before = office.check("--picture", digest)
    assert (code, before["database"], before["backup"]) == (1, "found", "in backups")

    receipt = office.erase("--picture", digest)
    assert office.check("--picture", digest, "--receipt", str(receipt))[0] == 2, "not logged yet"
    office.log.sequence()
    code, after = office.check("--picture", digest, "--receipt", str(receipt))
    assert code == 0
    assert after == {
        "database": "gone",
        "published": "gone",
        "backup": "in backups",
        "log": "gone",
        "receipt": "gone",
    }

    (bundle,) = (office.folder / "audit/public").iterdir()
    policy = office.folder / "policy.txt"
    policy.write_text(f"log {(bundle / 'log.vkey').read_text()}quorum none\n")
    verify = ["verify", str(bundle), "--policy", str(policy), "--pinned", str(pinned)]
    assert stadtwart_audit.main(verify) == 0
    assert "continues the" in capsys.readouterr().out


def test_when_a_reason_is_forgotten_the_verdict_stays_proven(office: Office) -> None:
    a_picture(office.city)
    with office.city.client("road") as road:
        given = {"verdict": "not a damage", "reason": "Frau Mustermann war es", "seconds_spent": 3}
        (damage,) = road.get("/damages").json()["items"]
        path = f"/damages/{damage['damage_id']}/verdicts"
        assert road.post(path, json=given).status_code == 201
    office.log.sequence()
    with psycopg.connect(office.city.database_url, autocommit=True) as connection:
        later = datetime.now(UTC) + timedelta(days=2000)
        (forgotten,) = run(connection, now=later, kinds=["verdict_reasons"])
    assert len(forgotten.ids) == 1
    assert office.city.rows("SELECT reason FROM verdict") == [("gelöscht / erased",)]
    office.log.sequence()
    (bundle,) = (office.folder / "audit/public").iterdir()
    policy = office.folder / "policy.txt"
    policy.write_text(f"log {(bundle / 'log.vkey').read_text()}quorum none\n")
    assert stadtwart_audit.main(["verify", str(bundle), "--policy", str(policy)]) == 0
    folder = ["--folder", str(office.folder / "audit")]
    assert audit([*folder, "fsck", "--cross"]) == 0, "every decision still has its event"
    ((event,),) = office.city.rows("SELECT event_id FROM audit_outbox WHERE kind = 'verdict.given'")
    proof = office.folder / "verdict"
    assert audit([*folder, "prove", str(event), "--out", str(proof)]) == 0
    written = [file.read_bytes() for file in office.folder.glob("verdict*")]
    assert len(written) == 2
    assert b"Mustermann" not in b"".join(written)


def test_a_copy_left_in_a_published_folder_or_an_overdue_backup_is_found(office: Office) -> None:
    digest = a_picture(office.city)
    office.log.sequence()
    office.back_up(days_ago=31)
    office.erase("--picture", digest)
    office.log.sequence()
    code, found = office.check("--picture", digest)
    assert (code, found["database"], found["backup"]) == (1, "gone", "found"), "its time is over"
    for leftover in (office.folder / "backups").iterdir():
        leftover.unlink()
    assert office.check("--picture", digest)[0] == 0
    shown = office.folder / "open data"
    shown.mkdir()
    (shown / "damage-7.jpg").write_bytes(jpeg(colour="red"))
    code, found = office.check("--picture", digest, "--published", str(shown))
    assert (code, found["published"]) == (1, "found")


def test_a_forged_receipt_is_found_out(office: Office) -> None:
    digest = a_picture(office.city)
    receipt = office.erase("--picture", digest)
    office.log.sequence()
    told: dict[str, Any] = json.loads(receipt.read_text())
    receipt.write_text(json.dumps(told | {"digest": "0" * 64}))
    code, found = office.check("--picture", digest, "--receipt", str(receipt))
    assert (code, found["receipt"]) == (1, "found")


def test_a_person_of_the_staff_who_left_is_nobody_in_the_log(office: Office) -> None:
    person = str(ERIKA)

    async def refer() -> str:
        async with await psycopg.AsyncConnection.connect(
            office.city.database_url, autocommit=True
        ) as connection:
            await connection.execute(
                "INSERT INTO person (person_id, kind, issuer, subject, display_name) "
                "VALUES (%s, 'provider', 'https://id.example', 'erika', 'Erika Mustermann')",
                [ERIKA],
            )
            return await reference(connection, ERIKA, 2027)

    ref = asyncio.run(refer())
    a_picture(office.city)
    office.log.sequence()
    office.back_up(days_ago=3)
    code, before = office.check("--person", person)
    assert (code, before["database"], before["log"]) == (1, "found", "gone")
    office.erase("--person", person)
    office.log.sequence()
    code, after = office.check("--person", person)
    assert (code, after["database"], after["backup"]) == (0, "gone", "in backups")
    assert office.city.rows("SELECT count(*) FROM person_key") == [(0,)]
    assert ref not in json.dumps(after)
