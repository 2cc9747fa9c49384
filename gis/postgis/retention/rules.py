"""Retention: each kind of data has a period; what is older is deleted, and the log says how much.

The periods stand in the city's profile (`[data_protection]` of city.toml), else in this table. A
deletion and its receipt are one transaction. The receipt holds a count and a digest over the ids,
so that a list of what was deleted can be proven later without the log holding it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from psycopg import Connection

from gis.postgis import outbox
from gis.postgis.errors import DatabaseError
from gis.postgis.queries import query
from governance.audit_event import Actor, Subject, event, event_id

ROLE = "stadtwart_keeper"
KEEPER = Actor("machine", "retention")


class RetentionError(DatabaseError):
    """A period is not usable; nothing was deleted."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of data: how long it is kept, and what deletes it (sql/retention_<kind>.sql)."""

    kind: str
    days: int  # where the city says nothing
    least_days: int  # below it the service itself would suffer
    setting: str  # name in [data_protection]
    says: str


RULES = (
    Rule("pictures", 180, 1, "picture_days", "pictures of dismissed and repaired damages"),
    Rule("open_pictures", 730, 1, "open_picture_days", "pictures of damages still open"),
    # a truck keeps unsent sightings for days; known ids must still be known when they come again
    Rule("passes", 90, 14, "sighting_days", "which vehicle saw something where and when"),
    Rule("batches", 90, 14, "sighting_days", "which device sent when"),
    Rule("quarantined", 30, 14, "quarantine_days", "sightings put aside and never counted"),
    Rule("heartbeats", 90, 1, "heartbeat_days", "when a device was on"),
    Rule("coverage", 1095, 400, "coverage_days", "which street was looked at on which day"),
    Rule("coverage_deliveries", 90, 14, "sighting_days", "that sums of coverage came on a day"),
    Rule("sessions", 30, 1, "session_days", "sessions of people that are over"),
    Rule("people", 400, 30, "person_days", "accounts of staff who no longer log in"),
    Rule("objections", 90, 1, "objection_days", "what a citizen wrote, after the answer"),
    Rule("person_keys", 1095, 1, "person_key_days", "keys of staff references, after their year"),
    Rule("notes", 365, 1, "note_days", "notes sealed beside the log"),
    # what people typed; the row stays, its words become one fixed word (erased_text() in SQL)
    Rule("verdict_reasons", 1095, 1, "verdict_reason_days", "why somebody decided on a damage"),
    Rule("order_texts", 1825, 1, "order_text_days", "texts of work orders, after they were closed"),
    Rule("findings", 1825, 1, "finding_days", "texts of findings, after they were closed"),
    Rule("incidents", 1825, 1, "incident_days", "texts of incidents, after they were closed"),
    Rule("plan_reasons", 1095, 1, "plan_reason_days", "why somebody changed a watering plan"),
    Rule("tour_notes", 365, 1, "tour_note_days", "notes of crews and of looks after a tree"),
    Rule(
        "governance_reasons",
        3650,
        1,
        "governance_reason_days",
        "why a record, a model or a rule was withdrawn, retired or lifted",
    ),
)
KINDS = tuple(rule.kind for rule in RULES)


@dataclass(frozen=True, slots=True)
class Deleted:
    """What one rule deleted in one run."""

    kind: str
    days: int
    before: datetime
    ids: list[str]

    @property
    def digest(self) -> str:
        """The digest that stands in the log."""
        return digest_of(self.ids)


def digest_of(ids: Iterable[str]) -> str:
    """Hash ids, sorted, one on a line: who has the list can prove that it is this one."""
    return sha256("\n".join(sorted(ids)).encode()).hexdigest()


def periods(stated: Mapping[str, Any]) -> dict[str, int]:
    """Return the days of each kind, as the city states them or as the table says.

    Raises RetentionError for a period that is too short or no number of days.
    """
    found: dict[str, int] = {}
    for rule in RULES:
        days = stated.get(rule.setting)
        days = rule.days if days is None else days
        if not isinstance(days, int) or days < rule.least_days:
            raise RetentionError(
                f"{rule.setting} = {days!r} in [data_protection] of city.toml: {rule.says} are "
                f"kept for at least {rule.least_days} days"
            )
        found[rule.kind] = days
    return found


def stated_periods(connection: Connection[Any]) -> dict[str, Any]:
    """Return what the city's profile says, nothing where it says nothing."""
    row = connection.execute(query("retention_profile")).fetchone()
    return dict(row[0] or {}) if row else {}


def run(
    connection: Connection[Any],
    *,
    now: datetime,
    kinds: Iterable[str] = KINDS,
    is_dry: bool = False,
) -> Iterator[Deleted]:
    """Delete what is too old, kind by kind, each with its receipt; dry: roll each back."""
    days = periods(stated_periods(connection))
    for rule in RULES:
        if rule.kind in set(kinds):
            yield _apply(connection, rule, days[rule.kind], now, is_dry=is_dry)


def _apply(
    connection: Connection[Any], rule: Rule, days: int, now: datetime, *, is_dry: bool
) -> Deleted:
    before = now - timedelta(days=days)
    with connection.transaction(force_rollback=is_dry):
        connection.execute(f"SET LOCAL ROLE {ROLE}".encode())
        rows = connection.execute(query(f"retention_{rule.kind}"), {"before": before})
        deleted = Deleted(rule.kind, days, before, [str(row[0]) for row in rows])
        _receipt(connection, deleted)
    return deleted


def _receipt(connection: Connection[Any], deleted: Deleted) -> None:
    happened = event(
        "retention.run",
        actor=KEEPER,
        subject=Subject("retention", str(event_id())),
        data={
            "kind": deleted.kind,
            "period_days": deleted.days,
            "older_than": deleted.before.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "deleted": len(deleted.ids),
            "digest": deleted.digest,
        },
    )
    connection.execute(query("audit_record"), outbox.parameters(happened))
