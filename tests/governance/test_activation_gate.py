"""No model without card, with a wrong hash or by its trainer's own word: the database refuses."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from gis.postgis.governance import gate
from gis.postgis.governance.errors import RefusedError
from gis.postgis.governance.gate import Person
from gis.postgis.governance.guideline_run import run_checks, store
from gis.postgis.governance.inspection import inspect
from gis.postgis.governance.load import load
from gis.postgis.governance.shipped import ShippedModel, newest, read_model
from governance.event_types import NotLoggedError
from tests.governance.conftest import Connection

APPROVER = Person("panel:ab12cd34")
TRAINER = Person("a" * 64, person_id=uuid4())


def events(connection: Connection, kind: str) -> list[dict[str, Any]]:
    """Return the data of all events of a kind, oldest first."""
    rows = connection.execute(
        "SELECT convert_from(body, 'UTF8')::jsonb FROM audit_outbox WHERE kind = %s "
        "ORDER BY event_id",
        [kind],
    ).fetchall()
    return [row[0] for row in rows]


@pytest.fixture
def detector(tmp_path: Path) -> ShippedModel:
    """A copy of the released detector, to be tampered with."""
    shipped = newest("detector")
    assert shipped is not None
    return read_model(Path(shutil.copytree(shipped.folder, tmp_path / "road-damage")))


def activate(connection: Connection, model: ShippedModel, person: Person = APPROVER) -> str:
    """Try to approve; return the reason of the refusal, or nothing."""
    try:
        gate.activate(connection, model, approver=person)
    except RefusedError as error:
        return error.reason
    return ""


def test_the_drill_is_refused_three_times_and_logged_three_times(
    ready: Connection, detector: ShippedModel
) -> None:
    card = (detector.folder / "card.json").read_bytes()
    (detector.folder / "card.json").write_bytes(card + b"\n")
    without_card = read_model(detector.folder)  # same model, a card that nobody verified
    (detector.folder / "card.json").write_bytes(card)
    with (detector.folder / "model.onnx").open("ab") as file:
        file.write(b"!")
    wrong_hash = read_model(detector.folder)
    own = newest("detector")
    assert own is not None
    ready.execute("ALTER TABLE model_card DISABLE TRIGGER append_only")
    ready.execute(
        "UPDATE model_card SET trained_by = %s, trained_by_person_id = %s",
        [TRAINER.ref, TRAINER.person_id],
    )
    refused = [
        activate(ready, without_card),
        activate(ready, wrong_hash),
        activate(ready, own, TRAINER),
    ]
    assert refused == ["no card", "wrong hash", "own training"]
    assert [one["data"]["reason"] for one in events(ready, "model.refused")] == refused
    assert ready.execute("SELECT count(*) FROM model_activation").fetchone() == (0,)


def test_next_year_the_trainer_has_another_reference_and_is_refused_all_the_same(
    ready: Connection,
) -> None:
    own = newest("detector")
    assert own is not None
    ready.execute("ALTER TABLE model_card DISABLE TRIGGER append_only")
    ready.execute(
        "UPDATE model_card SET trained_by = %s, trained_by_person_id = %s",
        [TRAINER.ref, TRAINER.person_id],
    )
    assert activate(ready, own, Person("b" * 64, person_id=TRAINER.person_id)) == "own training"
    assert activate(ready, own) == ""


def test_approval_and_its_event_are_one(ready: Connection) -> None:
    own = newest("watering")
    assert own is not None
    assert activate(ready, own) == ""
    assert activate(ready, own) == "already active"
    happened = events(ready, "model.activated")
    assert [one["model"] for one in happened] == [own.model_sha256]
    row = ready.execute("SELECT event_id::text FROM model_active").fetchone()
    assert row == (happened[0]["id"],)
    assert gate.retire(ready, own.model_sha256, person=APPROVER, reason="test")
    assert ready.execute("SELECT model_is_active(%s)", [own.model_sha256]).fetchone() == (False,)
    assert activate(ready, own) == ""


def test_a_card_written_anew_is_approved_anew(ready: Connection, detector: ShippedModel) -> None:
    assert activate(ready, detector) == ""
    card = (detector.folder / "card.json").read_text(encoding="utf-8")
    (detector.folder / "card.json").write_text(card + " ", encoding="utf-8")
    again = read_model(detector.folder)
    assert again.model_sha256 == detector.model_sha256
    assert activate(ready, again) == "no card", "the approval was for another card"
    gate.register_card(ready, again, registrar=APPROVER)
    assert activate(ready, again) == ""


def test_a_card_whose_file_is_another_one_is_not_even_registered(
    here: Connection, detector: ShippedModel
) -> None:
    with (detector.folder / "model.onnx").open("ab") as file:
        file.write(b"!")
    with pytest.raises(RefusedError, match="wrong hash"):
        gate.register_card(here, read_model(detector.folder), registrar=APPROVER)
    assert [one["data"]["reason"] for one in events(here, "model.refused")] == ["wrong hash"]


def test_a_stopped_system_takes_no_model_and_a_failed_hard_rule_neither(
    ready: Connection,
) -> None:
    own = newest("watering")
    assert own is not None
    ready.execute("ALTER TABLE work_order_damage DISABLE TRIGGER needs_current_verdict")
    store(ready, run_checks(inspect(ready)))
    assert activate(ready, own) == "guideline"
    ready.execute("ALTER TABLE work_order_damage ENABLE TRIGGER needs_current_verdict")
    assert activate(ready, own) == "guideline", "only a new check opens it"
    store(ready, run_checks(inspect(ready)))
    assert activate(ready, own) == ""


def test_nothing_is_approved_before_the_first_check(here: Connection) -> None:
    load(here)
    own = newest("watering")
    assert own is not None
    assert activate(here, own) == "guideline"


def test_a_machine_cannot_approve_even_past_the_program(ready: Connection) -> None:
    own = newest("watering")
    assert own is not None
    with pytest.raises(NotLoggedError, match="is no reference"):
        gate.activate(ready, own, approver=Person("nightly.job"))
    with pytest.raises(psycopg.errors.CheckViolation, match="decided_by_a_person"):
        ready.execute(
            "INSERT INTO model_activation (system, model_sha256, card_sha256, file_sha256, "
            "decided_by, actor_kind, event_id) VALUES (%s, %s, %s, %s, 'nightly.job', 'person', "
            "gen_random_uuid())",
            ["watering", own.model_sha256, own.card_sha256, own.file_sha256],
        )
    assert ready.execute("SELECT count(*) FROM model_activation").fetchone() == (0,)


def test_an_approval_cannot_be_rewritten(ready: Connection) -> None:
    own = newest("watering")
    assert own is not None
    assert activate(ready, own) == ""
    with pytest.raises(psycopg.DatabaseError, match="append-only"):
        ready.execute("UPDATE model_activation SET decided_by = 'panel:00000000'")
