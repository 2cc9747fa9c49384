"""The register: complete before it is public, published by a person, its history kept."""

from __future__ import annotations

import copy
from typing import Any

import psycopg
import pytest

from gis.postgis.errors import CityError
from gis.postgis.governance import demo, register
from gis.postgis.governance.errors import RefusedError
from gis.postgis.governance.gate import Person
from gis.postgis.governance.load import load
from governance.audit_event import Actor
from governance.event_types import NotLoggedError
from governance.register_seed import seeds
from governance.schema import SchemaError, faults
from tests.governance.conftest import Connection
from tests.governance.test_checks_register import newest

ADMIN = Actor("person", "admin:token")
PANEL = Person("panel:ab12cd34")
IDEAS = {
    "chatbot",
    "dog-register",
    "forms-assistant",
    "housing-benefit",
    "language-model",
    "minutes",
}


def public(connection: Connection) -> dict[str, int]:
    """Return record and version of what is published."""
    rows = connection.execute("SELECT record_id, version FROM register_public").fetchall()
    return {record_id: version for record_id, version in rows}


def test_two_records_ship_complete_and_six_as_ideas(approved: Connection) -> None:
    rows = approved.execute(
        "SELECT record_id, ARRAY(SELECT register_gaps(body)) FROM register_version"
    ).fetchall()
    gaps = {record_id: found for record_id, found in rows}
    assert gaps["road-damage"] == gaps["watering"] == []
    assert set(gaps) == {"road-damage", "watering"} | IDEAS
    assert all(len(gaps[record_id]) >= 42 for record_id in IDEAS), "no aspect of an idea is rated"
    assert set(public(approved)) == {"road-damage", "watering"}


@pytest.mark.parametrize("part", ["chance", "risk", "measure", "residual", "evidence", "reviewer"])
def test_the_database_refuses_an_empty_aspect(approved: Connection, part: str) -> None:
    record = newest(approved, "watering")
    kept = record["aspects"]["social"][part]
    empty: Any = (
        [] if isinstance(kept, list) else "" if isinstance(kept, str) else {"de": " ", "en": ""}
    )
    record["aspects"]["social"][part] = empty
    version = register.write(approved, record, actor=ADMIN)
    assert version == 2
    with pytest.raises(psycopg.DatabaseError, match=f"not complete: social.{part}"):
        approved.execute(
            "INSERT INTO register_publication (record_id, version, kind, decided_by, actor_kind, "
            "event_id) VALUES ('watering', 2, 'published', 'panel:token', 'person', "
            "gen_random_uuid())"
        )
    assert public(approved)["watering"] == 1, "the complete version stays public"


def test_an_incomplete_record_is_refused_with_an_event(approved: Connection) -> None:
    with pytest.raises(RefusedError, match="incomplete"):
        register.publish(approved, "chatbot", 1, person=PANEL)
    row = approved.execute(
        "SELECT subject_id FROM audit_outbox WHERE kind = 'register.refused'"
    ).fetchone()
    assert row == ("chatbot",)


def test_a_machine_cannot_publish(approved: Connection) -> None:
    with pytest.raises(NotLoggedError, match="is no reference"):
        register.publish(approved, "watering", 1, person=Person("nightly.job"))
    with pytest.raises(psycopg.errors.CheckViolation, match="decided_by_a_person"):
        approved.execute(
            "INSERT INTO register_publication (record_id, version, kind, decided_by, actor_kind, "
            "event_id) VALUES ('watering', 1, 'published', 'nightly.job', 'person', "
            "gen_random_uuid())"
        )


def test_a_new_version_waits_while_the_old_one_stays_public(approved: Connection) -> None:
    record = newest(approved, "watering")
    record["description"] = {"de": "Kürzer gesagt.", "en": "Said in fewer words."}
    assert register.write(approved, record, actor=ADMIN) == 2
    assert register.write(approved, record, actor=ADMIN) is None, "nothing new was said"
    assert public(approved)["watering"] == 1
    register.publish(approved, "watering", 2, person=PANEL)
    assert public(approved)["watering"] == 2
    register.withdraw(approved, "watering", 2, person=PANEL, reason="wrong figures")
    assert "watering" not in public(approved)


def test_a_persons_text_is_not_replaced_by_the_programs(approved: Connection) -> None:
    record = newest(approved, "watering")
    record["contact"] = "gruen@kleinstadt.example"
    register.write(approved, record, actor=ADMIN)
    assert load(approved) == {"cards": 0, "record_versions": 0}
    assert newest(approved, "watering")["contact"] == "gruen@kleinstadt.example"


def test_versions_follow_each_other_and_are_never_changed(approved: Connection) -> None:
    with pytest.raises(psycopg.DatabaseError, match="stands at version 1, not 6"):
        approved.execute(
            "INSERT INTO register_version (record_id, version, body, sha256, written_by, event_id) "
            "SELECT record_id, 7, body, sha256, written_by, event_id FROM register_version "
            "WHERE record_id = 'watering'"
        )
    with pytest.raises(psycopg.DatabaseError, match="append-only"):
        approved.execute("UPDATE register_version SET body = '{}'")


def test_every_field_of_a_record_is_demanded_by_its_schema(approved: Connection) -> None:
    record = newest(approved, "road-damage")
    assert faults(record, "register_record") == []
    for field in record:
        without = copy.deepcopy(record)
        del without[field]
        assert faults(without, "register_record"), field
    with pytest.raises(SchemaError, match="surprise"):
        register.write(approved, record | {"surprise": 1}, actor=ADMIN)


def test_no_placeholder_of_a_seed_reaches_the_register(approved: Connection) -> None:
    rows = approved.execute("SELECT body::text FROM register_version").fetchall()
    assert len(rows) == len(seeds())
    for (text,) in rows:
        assert "{city}" not in text
        assert "{organisation}" not in text
        assert "{contact}" not in text


def test_a_real_city_does_not_approve_itself(here: Connection, city_url: str) -> None:
    here.execute("UPDATE city SET simulated = false")
    with pytest.raises(CityError, match="in a real one a person does"):
        demo.approve(city_url)
    assert here.execute("SELECT count(*) FROM model_activation").fetchone() == (0,)
