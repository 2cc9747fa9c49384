"""What people wrote goes when its time is over: every column with words has a rule or a reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier, Literal

from gis.postgis.retention.rules import KINDS, RULES, run
from gis.postgis.retention.texts import columns_with_words, read_texts
from gis.profile import read_profile

CITIES = [Path(__file__).parents[2] / "datasets" / name for name in ("musterstadt", "kleinau")]
TEXTS = read_texts()
TYPED = {column: kind for column, kind in TEXTS.rule_of.items() if not column.endswith(".*")}
WORDS = "Frau Mustermann, Nordstraße 3, hat es selbst gesehen"
LONG_AFTER = datetime.now(UTC) + timedelta(days=4000)
ERASED = "gelöscht / erased"

# one row of each table, everything a person may type filled with WORDS; keys and triggers sleep
ROWS = """
SET session_replication_role = replica;
INSERT INTO verdict (damage_id, verdict, reason, decided_by) VALUES (1, 'unsure', %(w)s, 'road:1');
INSERT INTO review_answer (review_id, verdict, agrees, reason, decided_by, seconds_spent)
    VALUES (1, 'unsure', true, %(w)s, 'road:2', 9);
INSERT INTO work_order (title, team, note, state, created_by, closed_by, closed_at, closing_note)
    VALUES (%(w)s, %(w)s, %(w)s, 'completed', 'road:1', 'road:1', now(), %(w)s);
INSERT INTO finding (about_kind, about_id, title, text, responsible_role, due_on, filed_by,
    filed_role)
    VALUES ('other', %(w)s, %(w)s, %(w)s, 'road', current_date, 'panel:1', 'panel');
INSERT INTO finding_entry (finding_id, kind, text, written_by, written_role)
    VALUES (1, 'answer', %(w)s, 'road:1', 'road'), (1, 'closing', %(w)s, 'panel:1', 'panel');
INSERT INTO incident (system, severity, title, text, reported_by, reported_role)
    VALUES ('page', 'minor', %(w)s, %(w)s, 'road:1', 'road');
INSERT INTO incident_entry (incident_id, kind, text, written_by, written_role)
    VALUES (1, 'closing', %(w)s, 'admin:1', 'admin');
INSERT INTO objection (case_number, secret_sha256, about_kind, text, contact, due_on, outcome,
    answer, answered_by, answered_at)
    VALUES ('E-2026-ABCDEF', sha256('x'), 'damage', %(w)s, %(w)s, current_date, 'upheld', %(w)s,
        'road:1', now());
INSERT INTO watering_plan (for_day, asked_by, method, digest, simulated, vehicle_ids, state,
    approval_id)
    VALUES (current_date, 'parks:1', 'rule', repeat('a', 64), true, '{}', 'done', 1);
INSERT INTO plan_decision (plan_id, kind, seen_version, reason, decided_by)
    VALUES (1, 'rejected', 1, %(w)s, 'parks:1');
INSERT INTO watering_plan_stop (plan_id, tree_id, litres, litres_low, litres_high,
    litres_source_de, litres_source_en, urgency, reason_de, reason_en, rank, change_reason)
    VALUES (1, 1, 50, 40, 60, 'x', 'x', 'act', 'x', 'x', 1, %(w)s);
INSERT INTO tour (job_id, plan_id, approval_id, vehicle_id, state, begins_at, ends_at,
    begins_full_l, litres, length_m, failed_reason)
    VALUES (gen_random_uuid(), 1, 1, 'w-1', 'failed', now(), now(), 0, 0, 0, %(w)s);
INSERT INTO tour_report (report_id, tour_id, tree_id, outcome, reported_at, note, body_sha256,
    received_from)
    VALUES (gen_random_uuid(), 1, 1, 'dead', now(), %(w)s, repeat('a', 64), 'parks:1');
INSERT INTO tree_inspection (tree_id, report_id, outcome, inspected_by, inspected_at, note)
    VALUES (1, gen_random_uuid(), 'alive', 'parks:1', now(), %(w)s);
INSERT INTO register_publication (record_id, version, kind, decided_by, actor_kind, reason,
    event_id)
    VALUES ('watering', 1, 'withdrawn', 'token', 'person', %(w)s, gen_random_uuid());
INSERT INTO model_retirement (activation_id, decided_by, reason, event_id)
    VALUES (1, 'token', %(w)s, gen_random_uuid());
INSERT INTO rule_lifting (rule_id, lifted_by, until, reason, event_id)
    VALUES ('retention', 'token', now() + interval '1 day', %(w)s, gen_random_uuid());
SET session_replication_role = origin;
"""


@pytest.fixture
def written(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A database in which people wrote a name into everything they may fill."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        for statement in filter(str.strip, ROWS.split(";\n")):
            connection.execute(statement.encode(), {"w": WORDS} if "%(w)s" in statement else None)
        yield connection


def holding(connection: psycopg.Connection[Any], words: str) -> set[str]:
    """The columns in which the words stand, looked for in every column that can hold words."""
    found = set()
    for column in columns_with_words(connection):
        table, name = column.split(".")
        asked = SQL("SELECT 1 FROM {} WHERE strpos({}::text, {}) > 0 LIMIT 1").format(
            Identifier(table), Identifier(name), Literal(words)
        )
        if connection.execute(asked).fetchone():
            found.add(column)
    return found


def test_every_column_that_can_hold_words_has_a_rule_or_a_reason(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        there = columns_with_words(connection)
        tables = {column.partition(".")[0] for column in there}
    assert [one for one in there if not TEXTS.is_settled(one)] == [], "say it in texts.toml"
    assert set(TYPED) <= set(there)
    assert {one.partition(".")[0] for one in TEXTS.rule_of} <= tables
    assert set(TEXTS.rule_of.values()) <= set(KINDS)


def test_what_people_wrote_is_gone_from_every_table_when_its_time_is_over(
    written: psycopg.Connection[Any],
) -> None:
    assert holding(written, WORDS) == set(TYPED), "each column a person fills is filled here"
    assert {one.kind for one in run(written, now=datetime.now(UTC)) if one.ids} == set()
    gone = {one.kind: one.ids for one in run(written, now=LONG_AFTER) if one.ids}
    assert set(gone) == set(TYPED.values())
    assert holding(written, WORDS) == set()
    assert {one.kind for one in run(written, now=LONG_AFTER) if one.ids} == set(), "once is enough"
    kept = written.execute("SELECT verdict, reason, decided_by FROM verdict").fetchall()
    assert kept == [("unsure", ERASED, "road:1")], "that somebody decided stays"
    receipts = written.execute("SELECT body FROM audit_outbox").fetchall()
    assert WORDS.encode() not in b"".join(bytes(body) for (body,) in receipts)


def test_what_is_still_open_keeps_its_words(written: psycopg.Connection[Any]) -> None:
    written.execute("DELETE FROM finding_entry WHERE kind = 'closing'")
    written.execute("DELETE FROM incident_entry")
    written.execute("UPDATE work_order SET state = 'open', closed_at = NULL, closed_by = NULL")
    kinds = ["findings", "incidents", "order_texts"]
    assert [one.ids for one in run(written, now=LONG_AFTER, kinds=kinds)] == [[], [], []]


def test_where_rows_only_grow_nothing_but_forgetting_passes(
    written: psycopg.Connection[Any],
) -> None:
    for attempt in (
        "UPDATE verdict SET reason = 'another'",
        "UPDATE verdict SET reason = NULL",
        "UPDATE verdict SET reason = erased_text(), decided_by = 'road:9'",
        "UPDATE verdict SET seconds_spent = 99",
        "UPDATE tour_report SET litres = 5",
        "UPDATE plan_decision SET reason = 'another'",
        "DELETE FROM verdict",
    ):
        with pytest.raises(psycopg.Error, match="append-only"):
            written.execute(attempt.encode())
    with pytest.raises(psycopg.Error, match="its trees no longer change"):
        written.execute("UPDATE watering_plan_stop SET litres = 5")
    written.execute("UPDATE verdict SET reason = erased_text()")


def test_the_keeper_may_blank_words_but_not_decide(written: psycopg.Connection[Any]) -> None:
    written.execute("SET ROLE stadtwart_keeper")
    for attempt in (
        "UPDATE verdict SET verdict = 'confirmed'",
        "UPDATE work_order SET state = 'open'",
        "UPDATE finding SET due_on = current_date",
        "INSERT INTO incident_entry (incident_id, kind, text, written_by, written_role) "
        "VALUES (1, 'resume', 'x', 'x', 'x')",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            written.execute(attempt.encode())


def test_the_sample_cities_state_a_period_for_everything_people_write() -> None:
    for folder in CITIES:
        stated = read_profile(folder).data_protection
        for kind in set(TYPED.values()):
            setting = {rule.kind: rule.setting for rule in RULES}[kind]
            assert getattr(stated, setting) is not None, f"{folder.name}: {setting}"
