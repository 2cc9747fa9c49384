"""What the database itself refuses, even to hand-written SQL of its owner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from gis.postgis.database import APP_ROLE

SIGHTING = """
INSERT INTO batch VALUES (gen_random_uuid(), 'truck-1', 'x', 1, now());
INSERT INTO sighting (sighting_id, batch_id, seen_at, longitude_deg, latitude_deg,
    position_error_m, damage_class, confidence, frames, model_sha256, simulated)
SELECT gen_random_uuid(), batch_id, now(), 11.9651, 51.48, 2, 'D40', 0.7, 1, 'm', true FROM batch;
INSERT INTO damage (anchor_sighting_id, damage_class, x_m, y_m, cell, longitude_deg, latitude_deg,
    position_error_m, first_seen_at, last_seen_at, confidence, model_sha256, made_at, simulated)
SELECT sighting_id, 'D40', 0, 0, 0, 11.9651, 51.48, 2, now(), now(), 0.7, 'm', now(), true
FROM sighting;
INSERT INTO work_order (title, team, created_by) VALUES ('Potholes', 'Ost', 'road:1');
"""
VERDICT = """
INSERT INTO verdict (damage_id, verdict, reason, decided_by, previous_verdict_id)
SELECT 1, %s, 'seen', 'road:1', current_verdict_id FROM damage WHERE damage_id = 1
RETURNING verdict_id
"""
ORDER = "INSERT INTO work_order_damage (work_order_id, damage_id, verdict_id) VALUES (1, 1, %s)"


@pytest.fixture
def owner(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    """The owner's connection to a database with one damage and one work order."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(SIGHTING)
        yield connection


def give(owner: psycopg.Connection[Any], verdict: str) -> int:
    """Give a verdict; return its number."""
    row = owner.execute(VERDICT, [verdict]).fetchone()
    assert row is not None
    return int(row[0])


def test_a_damage_without_a_verdict_cannot_be_ordered_by_hand(
    owner: psycopg.Connection[Any],
) -> None:
    with pytest.raises(psycopg.errors.NotNullViolation):
        owner.execute(ORDER, [None])
    with pytest.raises(psycopg.Error, match="no current verdict"):
        owner.execute(ORDER, [1])
    with pytest.raises(psycopg.errors.CheckViolation):
        owner.execute("UPDATE damage SET state = 'ordered'")
    with pytest.raises(psycopg.errors.CheckViolation):
        owner.execute("UPDATE damage SET state = 'confirmed'")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        owner.execute("UPDATE damage SET state = 'confirmed', current_verdict_id = 1")


@pytest.mark.parametrize("verdict", ["not a damage", "unsure"])
def test_another_verdict_than_confirmed_cannot_be_ordered(
    owner: psycopg.Connection[Any], verdict: str
) -> None:
    number = give(owner, verdict)
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        owner.execute(ORDER, [number])
    with pytest.raises(psycopg.errors.CheckViolation):
        owner.execute(
            "INSERT INTO work_order_damage (work_order_id, damage_id, verdict_id, verdict) "
            "VALUES (1, 1, %s, %s)",
            [number, verdict],
        )


def test_a_verdict_that_no_longer_stands_cannot_be_ordered(
    owner: psycopg.Connection[Any],
) -> None:
    confirmed = give(owner, "confirmed")
    give(owner, "unsure")
    with pytest.raises(psycopg.Error, match="no current verdict"):
        owner.execute(ORDER, [confirmed])


def test_an_undone_verdict_cannot_be_ordered(owner: psycopg.Connection[Any]) -> None:
    confirmed = give(owner, "confirmed")
    owner.execute(
        "INSERT INTO verdict (damage_id, verdict, decided_by, previous_verdict_id, "
        "undoes_verdict_id) VALUES (1, 'undone', 'road:1', %s, %s)",
        [confirmed, confirmed],
    )
    assert owner.execute("SELECT state FROM damage").fetchone() == ("waiting",)
    with pytest.raises(psycopg.Error, match="no current verdict"):
        owner.execute(ORDER, [confirmed])


def test_a_confirmed_damage_can_be_ordered(owner: psycopg.Connection[Any]) -> None:
    owner.execute(ORDER, [give(owner, "confirmed")])
    owner.execute("UPDATE damage SET state = 'ordered', work_order_id = 1")
    assert owner.execute("SELECT state FROM damage").fetchone() == ("ordered",)


def test_a_verdict_on_an_outdated_view_is_refused(owner: psycopg.Connection[Any]) -> None:
    give(owner, "confirmed")
    with pytest.raises(psycopg.Error, match="another current verdict"):
        owner.execute(
            "INSERT INTO verdict (damage_id, verdict, reason, decided_by) "
            "VALUES (1, 'unsure', 'dark', 'road:2')"
        )


def test_verdicts_are_never_changed_or_deleted(owner: psycopg.Connection[Any]) -> None:
    give(owner, "confirmed")
    for attempt in (b"UPDATE verdict SET verdict = 'unsure'", b"DELETE FROM verdict"):
        with pytest.raises(psycopg.Error, match="append-only"):
            owner.execute(attempt)


@pytest.mark.parametrize(
    "attempt",
    ["UPDATE audit_outbox SET body = ''", "DELETE FROM audit_outbox", "TRUNCATE audit_outbox"],
)
def test_the_outbox_only_grows(owner: psycopg.Connection[Any], attempt: str) -> None:
    owner.execute("INSERT INTO audit_outbox VALUES (gen_random_uuid(), '{}', 'a', 'b', 'c')")
    with pytest.raises(psycopg.Error, match="append-only"):
        owner.execute(attempt.encode())
    owner.execute(f"SET ROLE {APP_ROLE}".encode())
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute(attempt.encode())
    owner.execute("INSERT INTO audit_outbox VALUES (gen_random_uuid(), '{}', 'a', 'b', 'c')")
    assert owner.execute("SELECT count(*) FROM audit_outbox").fetchone() == (2,)


@pytest.mark.parametrize(
    "attempt",
    [
        "DELETE FROM sighting",
        "UPDATE sighting SET longitude_deg = 0",
        "DELETE FROM damage",
        "DELETE FROM batch",
        "UPDATE work_order SET title = 'other'",
        "UPDATE work_order_damage SET verdict_id = 1",
        "UPDATE city SET name = 'other'",
        "UPDATE schema_migration SET sha256 = ''",
        "ALTER TABLE audit_outbox DISABLE TRIGGER ALL",
        "CREATE TABLE mine (id int)",
    ],
)
def test_the_service_may_not_rewrite_what_happened(
    owner: psycopg.Connection[Any], attempt: str
) -> None:
    owner.execute(f"SET ROLE {APP_ROLE}".encode())
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute(attempt.encode())
