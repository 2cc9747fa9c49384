"""The gate for models: register a verified card, approve it as a person, take the approval back.

The database refuses what may not be. A refusal undoes the change, so its event is written in a
transaction of its own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from gis.postgis import outbox
from gis.postgis.governance.errors import RefusedError
from gis.postgis.governance.shipped import ShippedModel
from gis.postgis.queries import query
from governance.audit_event import Actor, AuditEvent, Subject, event

Database = psycopg.Connection[Any]
SUPPLIER = "supplier"
REASONS = {  # SQLSTATE of the trigger: the word for it in the log
    "SW033": "no card",
    "SW034": "wrong hash",
    "SW035": "own training",
    "SW036": "not in the register",
    "SW037": "incident",
    "SW032": "guideline",
    "SW038": "already active",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Who decides: a reference for the log, and the person where one is known."""

    ref: str
    person_id: UUID | None = None
    shown_as: str | None = None  # an invented name; only where the city is simulated

    @property
    def actor(self) -> Actor:
        """The person as audit events name it."""
        return Actor("person", self.ref)


def register_card(
    connection: Database,
    model: ShippedModel,
    *,
    registrar: Person,
    trained_by: str = SUPPLIER,
    trained_by_person_id: UUID | None = None,
) -> bool:
    """Keep a card whose file was measured and is the right one; return whether it is new.

    Raises RefusedError for a file that is not what the card vouches for.
    """
    happened = event(
        "model.registered",
        actor=registrar.actor,
        subject=Subject("model", model.model_sha256),
        model=model.model_sha256,
        data={"card_sha256": model.card_sha256, "system": model.system},
    )
    if model.file_sha256 != model.model_sha256:
        _record_refusal(connection, model, registrar, "wrong hash")
        raise RefusedError(
            "wrong hash",
            f"{model.place}: the card vouches for {model.model_sha256[:12]}…, the file is "
            f"{(model.file_sha256 or 'missing')[:12]}: install the released model again",
        )
    values = {
        "card_sha256": model.card_sha256,
        "system": model.system,
        "name": model.card["name"],
        "model_version": model.card["version"],
        "model_sha256": model.model_sha256,
        "file_sha256": model.file_sha256,
        "folder": model.place,
        "body": json.dumps(model.card),
        "trained_by": trained_by,
        "trained_by_person_id": trained_by_person_id,
        "registered_by": registrar.ref,
        "event_id": happened.id,
    }
    with connection.transaction():
        is_new = connection.execute(query("model_card_store"), values).fetchone() is not None
        if is_new:
            connection.execute(query("audit_record"), outbox.parameters(happened))
    return is_new


def activate(
    connection: Database,
    model: ShippedModel,
    *,
    approver: Person,
    seconds_spent: int | None = None,
    is_simulated: bool = False,
) -> UUID:
    """Approve a model as a person; return the event's id.

    Raises RefusedError, after its event was stored, where the database refuses.
    """
    happened = event(
        "model.activated",
        actor=approver.actor,
        subject=Subject("model", model.model_sha256),
        model=model.model_sha256,
        data={
            "card_sha256": model.card_sha256,
            "system": model.system,
            "simulated": is_simulated,
            "seconds_spent": seconds_spent,
        },
    )
    values = {
        "system": model.system,
        "model_sha256": model.model_sha256,
        "card_sha256": model.card_sha256,
        "file_sha256": model.file_sha256 or "0" * 64,  # missing: the hash of nothing we know
        "decided_by": approver.ref,
        "decided_by_person_id": approver.person_id,
        "actor_kind": approver.actor.kind,
        "seconds_spent": seconds_spent,
        "is_simulated": is_simulated,
        "shown_as": approver.shown_as,
        "event_id": happened.id,
    }
    try:
        with connection.transaction():
            connection.execute(query("model_activate"), values)
            connection.execute(query("audit_record"), outbox.parameters(happened))
    except psycopg.Error as error:
        reason = REASONS.get(error.sqlstate or "")
        if reason is None:
            raise
        _record_refusal(connection, model, approver, reason)
        raise RefusedError(reason, str(error.diag.message_primary)) from error
    return happened.id


def retire(connection: Database, model_sha256: str, *, person: Person, reason: str) -> bool:
    """Take every approval of a model back; return whether there was one."""
    rows = connection.execute(
        "SELECT card_sha256, system FROM model_active WHERE model_sha256 = %s", [model_sha256]
    ).fetchall()
    if not rows:
        return False
    happened = event(
        "model.retired",
        actor=person.actor,
        subject=Subject("model", model_sha256),
        model=model_sha256,
        data={"card_sha256": rows[0][0], "system": rows[0][1]},
    )
    values = {"model_sha256": model_sha256, "decided_by": person.ref, "reason": reason}
    with connection.transaction():
        connection.execute(query("model_retire"), values | {"event_id": happened.id})
        connection.execute(query("audit_record"), outbox.parameters(happened))
    return True


def _record_refusal(
    connection: Database, model: ShippedModel, person: Person, reason: str
) -> AuditEvent:
    """Log that somebody tried; in its own transaction, because the change itself is undone."""
    happened = event(
        "model.refused",
        actor=person.actor,
        subject=Subject("model", model.model_sha256),
        data={"card_sha256": model.card_sha256, "reason": reason},
    )
    with connection.transaction():
        connection.execute(query("audit_record"), outbox.parameters(happened))
    return happened
