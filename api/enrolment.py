"""Enrolling a truck: a person makes a one-time code, the truck brings it with its key, once."""

from __future__ import annotations

import base64
import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import APIRouter, Depends, Path, Request, Response
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from pydantic import Field

from api.fields import Sent, Shown
from api.messages import body_of, decode, json_answer
from api.problems import Problem, answers
from api.service import Service, TheService
from api.who import Allow, Caller
from contracts.enrolment import Enrolment, EnrolmentReceipt, enrolment_bytes
from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Actor, Subject, event

router = APIRouter(tags=["trucks"])
decoder = msgspec.json.Decoder(Enrolment)
Admin = Annotated[Caller, Depends(Allow("admin"))]
DeviceId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")]
LONGEST_HOURS = 24 * 14
NEWCOMER = Actor("vehicle", "vehicle:enrolling")  # nobody yet
WRONG_SIGNATURE, REVOKED_KEY = "wrong signature", "revoked key"


class Wanted(Sent):
    """How long the code may be used."""

    hours: Annotated[int, Field(ge=1, le=LONGEST_HOURS)] = 24


class Offer(Shown):
    """The code, shown once; the city keeps only its hash."""

    device_id: str
    code: str
    expires_at: datetime


class RefusedError(Exception):
    """The truck is not enrolled; the message is the reason as the log says it."""


@router.post(
    "/devices/{device_id}/enrolments",
    status_code=201,
    responses=answers(401, 403, 413, 422, 503),
)
async def offer_enrolment(
    device_id: DeviceId, wanted: Wanted, service: TheService, caller: Admin
) -> Offer:
    """Make a one-time code for a truck."""
    async with service.pool.connection() as connection:
        return await offer(connection, device_id, caller.actor, hours=wanted.hours)


@router.post(
    "/enrolments",
    status_code=201,
    openapi_extra=body_of("Enrolment"),
    response_model=None,
    responses=json_answer(201, "EnrolmentReceipt", "enrolled")
    | answers(403, 408, 413, 422, 429, 503),
)
async def take_enrolment(request: Request, service: TheService) -> Response:
    """Let a truck in that brings an unused code; who has none learns nothing."""
    service.limits.enrolments.require("everybody")
    sent = decode(decoder, await request.body())
    try:
        await _enrol(service, sent)
    except RefusedError as refused:
        await _tell_refusal(service, sent, str(refused))
        raise Problem(
            403,
            "not-enrolled",
            "the code is unknown, used or over, or the key is not its sender's or was revoked: "
            f"ask for a new code (`stadtwart tokens enrol {sent.device_id}`); the log has the "
            "reason, and `device.key` beside the spool is made anew once it is deleted",
        ) from refused
    receipt = EnrolmentReceipt(
        device_id=sent.device_id,
        public_key=sent.public_key,
        vehicle_token=service.tokens["vehicle"],
    )
    return Response(msgspec.json.encode(receipt), 201, media_type="application/json")


async def offer(
    connection: AsyncConnection[Any], device_id: str, actor: Actor, *, hours: int
) -> Offer:
    """Keep a fresh code's hash with its event; the caller's transaction holds both."""
    text = base64.b32encode(secrets.token_bytes(13)).decode()[:20]
    code = "-".join(text[start : start + 4] for start in range(0, 20, 4))
    expires_at = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=hours)
    offered = event(
        "device.enrolment_offered",
        actor=actor,
        subject=Subject("device", device_id),
        data={"until": expires_at.strftime("%Y-%m-%dT%H:%M:%SZ")},
    )
    values = {"code_sha256": _digest(code), "device_id": device_id, "expires_at": expires_at}
    await connection.execute(query("enrolment_offer"), values | outbox.parameters(offered))
    return Offer(device_id=device_id, code=code, expires_at=expires_at)


def is_proven(sent: Enrolment) -> bool:
    """Tell whether the sender holds the private half of the key it names."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(sent.public_key))
    said = enrolment_bytes(device_id=sent.device_id, code=sent.code, public_key=sent.public_key)
    try:
        key.verify(bytes.fromhex(sent.signature), said)
    except InvalidSignature:
        return False
    return True


async def _enrol(service: Service, sent: Enrolment) -> None:
    """Use up the code and take the key, all or nothing; an older key of the truck is revoked."""
    if not is_proven(sent):
        raise RefusedError(WRONG_SIGNATURE)
    values = {
        "code_sha256": _digest(sent.code),
        "device_id": sent.device_id,
        "public_key": sent.public_key,
    }
    async with service.transaction() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        if await (await cursor.execute(query("enrolment_use"), values)).fetchone() is None:
            row = await (await cursor.execute(query("enrolment_state"), values)).fetchone()
            raise RefusedError(_why(row))
        known = await (await cursor.execute(query("device_key_known"), values)).fetchone() or {}
        if known["is_revoked"]:
            raise RefusedError(REVOKED_KEY)  # the code is not used up: nothing happened
        if known["known_key"] == sent.public_key:
            return
        if known["known_key"] is not None:
            replaced = event(
                "device.key_forgotten", actor=NEWCOMER, subject=Subject("device", sent.device_id)
            )
            await cursor.execute(query("device_key_forget"), values | outbox.parameters(replaced))
        enrolled = event(
            "device.key_enrolled",
            actor=NEWCOMER,
            subject=Subject("device", sent.device_id),
            data={"public_key": sent.public_key},
        )
        await cursor.execute(query("device_key_enrol"), values | outbox.parameters(enrolled))


def _why(row: dict[str, Any] | None) -> str:
    if row is None:
        return "unknown code"
    return "used code" if row["is_used"] else "expired code"


async def _tell_refusal(service: Service, sent: Enrolment, reason: str) -> None:
    refused = event(
        "device.enrolment_refused",
        actor=NEWCOMER,
        subject=Subject("device", sent.device_id),
        data={"reason": reason},
    )
    async with service.pool.connection() as connection:
        await outbox.record(connection, refused)


def _digest(code: str) -> str:
    return sha256(code.encode()).hexdigest()
