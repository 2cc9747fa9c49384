"""Audit events as they are stored, byte for byte, for the auditor and the desk."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from api.messages import json_answer
from api.problems import answers
from api.service import TheService
from api.who import Allow, Caller
from gis.postgis.queries import query

router = APIRouter(tags=["audit"])
Reader = Annotated[Caller, Depends(Allow("auditor", "road"))]
Word = Annotated[str | None, Query(max_length=100, pattern=r"^[\x20-\x7e]+$")]


@router.get(
    "/audit/events",
    response_class=Response,
    responses=answers(401, 403, 422, 503) | json_answer(200, "AuditEvents", "newest first"),
)
async def list_events(
    service: TheService,
    _caller: Reader,
    subject_kind: Word = None,
    subject_id: Word = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    after: Annotated[UUID | None, Query(description="continue below this event")] = None,
) -> Response:
    """List events; the items are the stored bytes, never written again from parsed data."""
    values = {
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "limit": limit,
        "after": after,
    }
    async with service.pool.connection() as connection:
        rows = await (await connection.execute(query("audit_events"), values)).fetchall()
    body = b'{"items":[' + b",".join(bytes(row[0]) for row in rows) + b"]}"
    return Response(body, media_type="application/json")
