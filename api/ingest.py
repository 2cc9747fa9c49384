"""Taking sightings in: one batch, one statement, one commit. Merging happens later, elsewhere."""

from __future__ import annotations

import logging
from hashlib import sha256
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from psycopg.rows import dict_row

from api.messages import body_of, decode, json_answer
from api.problems import Problem, answers
from api.service import Service, TheService
from api.who import Allow, Caller
from contracts.batch import Batch, Receipt
from contracts.sighting import Sighting
from gis.postgis import columns, outbox
from gis.postgis.queries import query
from governance.audit_event import AuditEvent, Subject, event

logger = logging.getLogger(__name__)

router = APIRouter(tags=["trucks"])
decoder = msgspec.json.Decoder(Batch)
Vehicle = Annotated[Caller, Depends(Allow("vehicle"))]


@router.post(
    "/batches",
    status_code=202,
    openapi_extra=body_of("Batch"),
    response_model=None,
    responses=json_answer(202, "Receipt", "stored, now or before")
    | answers(401, 403, 408, 409, 413, 422, 503),
)
async def take_batch(request: Request, caller: Vehicle, service: TheService) -> Response:
    """Store a batch; the same batch again is known and changes nothing."""
    body = await request.body()
    try:
        batch = decode(decoder, body)
    except Problem:
        await _count_refusal(service, caller, "invalid", body)
        raise
    receipt = await _store(service, caller, batch)
    if receipt is None:
        await _count_refusal(service, caller, "batch id used twice", body)
        raise Problem(
            409,
            "batch-differs",
            f"batch {batch.batch_id} is stored with other sightings: send these under a new id",
        )
    service.merge_wanted.set()
    return Response(msgspec.json.encode(receipt), 202, media_type="application/json")


async def _store(service: Service, caller: Caller, batch: Batch) -> Receipt | None:
    """Write the batch; None when its id belongs to another content."""
    values = _values(batch)
    values |= outbox.parameters(_accepted(caller, batch, values["content_sha256"]))
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(query("batch_store"), values, prepare=True)
        row = await cursor.fetchone() or {}
        if not row["is_new"]:
            await cursor.execute(query("batch_known"), values)
            known = await cursor.fetchone()
            if known is None or known["content_sha256"] != values["content_sha256"]:
                return None
    return Receipt(
        batch_id=batch.batch_id,
        stored=row["stored"],
        known=len(batch.sightings) - row["stored"],
        pictures_wanted=row["pictures_wanted"],
    )


def _values(batch: Batch) -> dict[str, Any]:
    """Turn sightings into columns: one array each, for unnest."""
    rows = batch.sightings
    return {
        "batch_id": batch.batch_id,
        "device_id": batch.device_id,
        "sent_at": batch.sent_at,
        "content_sha256": _digest(batch),
        "sighting_id": columns.plain([row.sighting_id for row in rows]),
        "seen_at": columns.plain([row.seen_at for row in rows]),
        "longitude_deg": columns.plain([row.longitude_deg for row in rows]),
        "latitude_deg": columns.plain([row.latitude_deg for row in rows]),
        "position_error_m": columns.plain([row.position_error_m for row in rows]),
        "heading_deg": columns.plain([row.heading_deg for row in rows]),
        "damage_class": columns.plain([row.damage_class for row in rows]),
        "confidence": columns.plain([row.confidence for row in rows]),
        "frames": columns.plain([row.frames for row in rows]),
        "area_m2": columns.plain([row.area_m2 for row in rows]),
        "area_error_m2": columns.plain([row.area_error_m2 for row in rows]),
        "error_major_m": columns.plain([row.error_major_m for row in rows]),
        "error_minor_m": columns.plain([row.error_minor_m for row in rows]),
        "error_bearing_deg": columns.plain([row.error_bearing_deg for row in rows]),
        "in_wheel_track": columns.plain([row.in_wheel_track for row in rows]),
        "severity": columns.plain([row.severity for row in rows]),
        "severity_method": columns.plain([row.severity_method for row in rows]),
        "model_sha256": columns.plain([row.model_sha256 for row in rows]),
        "simulated": columns.plain([row.simulated for row in rows]),
        "picture_sha256": columns.plain(
            [row.picture.picture_sha256 if row.picture else None for row in rows]
        ),
        "mask_receipt": columns.texts([_receipt_text(row) for row in rows]),
    }


def _receipt_text(sighting: Sighting) -> str | None:
    return msgspec.json.encode(sighting.picture).decode() if sighting.picture else None


def _digest(batch: Batch) -> str:
    """Hash what the batch says; a repeat may carry another `sent_at` and other white space."""
    return sha256(msgspec.json.encode([batch.device_id, batch.sightings])).hexdigest()


def _accepted(caller: Caller, batch: Batch, content_sha256: str) -> AuditEvent:
    models = sorted({sighting.model_sha256 for sighting in batch.sightings})
    return event(
        "batch.accepted",
        actor=caller.actor,
        subject=Subject("batch", str(batch.batch_id)),
        model=models[0] if len(models) == 1 else None,
        data={
            "device": batch.device_id,
            "sightings": len(batch.sightings),
            "content_sha256": content_sha256,
            "models": list(models),
        },
    )


async def _count_refusal(service: Service, caller: Caller, reason: str, body: bytes) -> None:
    """Tell the log that a batch was refused, and why; its content is not kept."""
    refused = event(
        "batch.refused",
        actor=caller.actor,
        subject=Subject("body", sha256(body).hexdigest()),
        data={"reason": reason, "size_bytes": len(body)},
    )
    async with service.pool.connection() as connection:
        await outbox.record(connection, refused)
    logger.info("batch refused reason=%s sha256=%s", reason, refused.subject.id)
