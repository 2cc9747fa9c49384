"""Audit events on their way into the outbox, as the parameters its statements take."""

from __future__ import annotations

from typing import Any

from psycopg import AsyncConnection

from gis.postgis.queries import query
from governance.audit_event import AuditEvent, canonical


def parameters(happened: AuditEvent) -> dict[str, Any]:
    """Return the event as the parameters of `audit_record` and of statements that include it."""
    return {
        "event_id": happened.id,
        "event_body": canonical(happened),
        "event_kind": happened.type,
        "event_subject_kind": happened.subject.kind,
        "event_subject_id": happened.subject.id,
    }


async def record(connection: AsyncConnection[Any], happened: AuditEvent) -> None:
    """Write the event; the caller's transaction holds the effect."""
    await connection.execute(query("audit_record"), parameters(happened))
