"""Which key a truck signs with: enrolled with a code, revoked by a person.

In a simulated city the first signed picture enrols its truck, so that a demo needs no code.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import APIRouter, Depends, Path, Response
from psycopg import AsyncConnection

from api.problems import Problem, answers
from api.service import TheService
from api.who import Allow, Caller
from contracts.picture import MaskReceipt, signed_bytes
from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Subject, event

router = APIRouter(tags=["trucks"])
Admin = Annotated[Caller, Depends(Allow("admin"))]
DeviceId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")]


@router.delete(
    "/devices/{device_id}/key",
    status_code=204,
    response_class=Response,
    responses=answers(401, 403, 404, 422, 503),
)
async def forget_key(device_id: DeviceId, service: TheService, caller: Admin) -> Response:
    """Revoke a truck's key for good: a new one comes with a new code."""
    told = event("device.key_forgotten", actor=caller.actor, subject=Subject("device", device_id))
    values = {"device_id": device_id} | outbox.parameters(told)
    async with service.pool.connection() as connection:
        cursor = await connection.execute(query("device_key_forget"), values)
        if cursor.rowcount == 0:
            raise Problem(404, "no-key", f"no key of {device_id!r} is known")
    return Response(status_code=204)


async def require_signed(
    connection: AsyncConnection[Any],
    caller: Caller,
    picture_sha256: str,
    *,
    trusts_first_key: bool,
) -> None:
    """Let a picture in only if its device signed the receipt of its masking.

    Where first keys are trusted, one is enrolled in the transaction that stores the picture.
    Raises Problem 422 for a receipt without a valid signature, of another key or a revoked one.
    """
    rows = await connection.execute(query("picture_receipts"), {"sha256": picture_sha256})
    for device_id, said, known_key, is_revoked in await rows.fetchall():
        receipt = msgspec.convert(said, MaskReceipt)
        if is_revoked or not is_signed(receipt) or known_key not in (None, receipt.device_key):
            continue
        if known_key is None:
            if not trusts_first_key:
                continue
            await _enrol(connection, caller, device_id, str(receipt.device_key))
        return
    raise Problem(
        422,
        "receipt-not-valid",
        "no receipt of this picture's masking is signed with the enrolled key of its device: it "
        "stays out; enrol the truck with a code from `stadtwart tokens enrol DEVICE`",
    )


def is_signed(receipt: MaskReceipt) -> bool:
    """Tell whether the signature holds for the key that the receipt names."""
    if receipt.device_key is None or receipt.signature is None:
        return False
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(receipt.device_key))
    try:
        key.verify(bytes.fromhex(receipt.signature), signed_bytes(receipt))
    except InvalidSignature:
        return False
    return True


async def _enrol(
    connection: AsyncConnection[Any], caller: Caller, device_id: str, public_key: str
) -> None:
    told = event(
        "device.key_enrolled",
        actor=caller.actor,
        subject=Subject("device", device_id),
        data={"public_key": public_key},
    )
    values = {"device_id": device_id, "public_key": public_key} | outbox.parameters(told)
    await connection.execute(query("device_key_enrol"), values)
