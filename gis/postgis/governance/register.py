"""The AI register in the database: a new version of a record, its publication, its withdrawal."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg

from gis.postgis import outbox
from gis.postgis.governance.errors import RefusedError
from gis.postgis.governance.gate import Database, Person
from gis.postgis.queries import query
from governance.audit_event import Actor, Subject, event
from governance.schema import faults, require_valid

REASONS = {"SW031": "incomplete", "SW032": "guideline"}


def digest_of(record: dict[str, Any]) -> str:
    """Return the sha256 of a record's canonical JSON: sorted keys, no spaces."""
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def write(connection: Database, record: dict[str, Any], *, actor: Actor) -> int | None:
    """Store the next version of a record; None where it says what the newest one says.

    Raises SchemaError for a record that does not fit the register's schema.
    """
    require_valid(record, "register_record", what=str(record.get("record_id", "record")))
    digest, record_id = digest_of(record), record["record_id"]
    with connection.transaction():
        connection.execute(query("register_begin"), {"record_id": record_id})
        newest = connection.execute(query("register_newest"), {"record_id": record_id}).fetchone()
        if newest and newest[3] == digest:
            return None
        version = int(newest[1]) + 1 if newest else 1
        happened = event(
            "register.written",
            actor=actor,
            subject=Subject("record", record_id),
            data={"version": version, "sha256": digest},
        )
        values = {
            "record_id": record_id,
            "version": version,
            "body": json.dumps(record, ensure_ascii=False),
            "sha256": digest,
            "written_by": actor.ref,
            "event_id": happened.id,
        }
        connection.execute(query("register_write"), values)
        connection.execute(query("audit_record"), outbox.parameters(happened))
    return version


def publish(
    connection: Database,
    record_id: str,
    version: int,
    *,
    person: Person,
    is_simulated: bool = False,
) -> UUID:
    """Publish one version; raises RefusedError, after its event was stored, where it may not be."""
    if gaps := faults(_body(connection, record_id, version), "register_publishable"):
        _record_refusal(connection, record_id, version, person, "incomplete")
        raise RefusedError("incomplete", f"{record_id} {version}: {'; '.join(gaps[:5])}")
    try:
        return _decide(connection, record_id, version, person, is_simulated=is_simulated)
    except psycopg.Error as error:
        reason = REASONS.get(error.sqlstate or "")
        if reason is None:
            raise
        _record_refusal(connection, record_id, version, person, reason)
        raise RefusedError(reason, str(error.diag.message_primary)) from error


def withdraw(
    connection: Database, record_id: str, version: int, *, person: Person, reason: str
) -> UUID:
    """Take a published version out of the public register; its history stays."""
    return _decide(connection, record_id, version, person, kind="withdrawn", reason=reason)


def _decide(
    connection: Database,
    record_id: str,
    version: int,
    person: Person,
    *,
    kind: str = "published",
    reason: str | None = None,
    is_simulated: bool = False,
) -> UUID:
    digest = digest_of(_body(connection, record_id, version))
    happened = event(
        f"register.{kind}",
        actor=person.actor,
        subject=Subject("record", record_id),
        data={"version": version, "sha256": digest, "simulated": is_simulated},
    )
    values = {
        "record_id": record_id,
        "version": version,
        "kind": kind,
        "decided_by": person.ref,
        "actor_kind": person.actor.kind,
        "reason": reason,
        "is_simulated": is_simulated,
        "shown_as": person.shown_as,
        "event_id": happened.id,
    }
    with connection.transaction():
        connection.execute(query("register_publish"), values)
        connection.execute(query("audit_record"), outbox.parameters(happened))
    return happened.id


def _record_refusal(
    connection: Database, record_id: str, version: int, person: Person, reason: str
) -> None:
    """Log that somebody tried; in its own transaction, because the change itself is undone."""
    refused = event(
        "register.refused",
        actor=person.actor,
        subject=Subject("record", record_id),
        data={"version": version, "reason": reason},
    )
    with connection.transaction():
        connection.execute(query("audit_record"), outbox.parameters(refused))


def _body(connection: Database, record_id: str, version: int) -> dict[str, Any]:
    values = {"record_id": record_id, "version": version}
    row = connection.execute(query("register_one"), values).fetchone()
    if row is None:
        raise RefusedError("unknown", f"there is no version {version} of record {record_id!r}")
    body: dict[str, Any] = row[0]
    return body
