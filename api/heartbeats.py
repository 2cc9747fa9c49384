"""Signs of life of the trucks: counts, never places."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter, Request, Response

from api.ingest import Vehicle
from api.messages import body_of, decode
from api.problems import answers
from api.service import TheService
from contracts.heartbeat import Heartbeat
from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Subject, event

router = APIRouter(tags=["trucks"])
decoder = msgspec.json.Decoder(Heartbeat)


@router.post(
    "/heartbeats",
    status_code=202,
    openapi_extra=body_of("Heartbeat"),
    response_class=Response,
    responses=answers(401, 403, 408, 413, 422, 503)
    | {202: {"description": "stored, now or before"}},
)
async def take_heartbeat(request: Request, caller: Vehicle, service: TheService) -> Response:
    """Store a heartbeat; the same one again changes nothing."""
    heartbeat = decode(decoder, await request.body())
    received = event(
        "heartbeat.received",
        actor=caller.actor,
        subject=Subject("device", heartbeat.device_id),
        model=heartbeat.model_sha256,
        data={
            "heartbeat_id": str(heartbeat.heartbeat_id),
            "frames_seen": heartbeat.frames_seen,
            "frames_assessed": heartbeat.frames_assessed,
            "sightings": heartbeat.sightings,
        },
    )
    values = {
        "heartbeat_id": heartbeat.heartbeat_id,
        "device_id": heartbeat.device_id,
        "sent_at": heartbeat.sent_at,
        "body": msgspec.json.encode(heartbeat).decode(),
    }
    async with service.pool.connection() as connection:
        await connection.execute(query("heartbeat_store"), values | outbox.parameters(received))
    return Response(status_code=202)
