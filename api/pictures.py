"""Masked pictures: kept only when a stored sighting announced them, shown only with an event."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from psycopg.rows import dict_row

from api import jpeg
from api.device_keys import require_signed
from api.problems import Problem, answers
from api.service import Service, TheService
from api.who import Allow, Caller
from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Subject, event

router = APIRouter(tags=["pictures"])
Vehicle = Annotated[Caller, Depends(Allow("vehicle"))]
Reader = Annotated[Caller, Depends(Allow("road", "auditor"))]
PictureId = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="sha256 as sent")]
JPEG = {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
at_once = asyncio.Semaphore(2)  # 12 megapixels are 36 MB while they are decoded


@router.put(
    "/pictures/{picture_sha256}",
    status_code=201,
    response_class=Response,
    openapi_extra={"requestBody": {"required": True, **JPEG}},
    responses=answers(401, 403, 404, 408, 413, 415, 422, 503)
    | {201: {"description": "stored"}, 200: {"description": "known"}},
)
async def take_picture(
    picture_sha256: PictureId, request: Request, service: TheService, caller: Vehicle
) -> Response:
    """Store a picture under the hash of the bytes sent; what is kept is a re-encoding."""
    if request.headers.get("content-type") != "image/jpeg":
        raise Problem(415, "no-jpeg", "send a JPEG with Content-Type: image/jpeg")
    if await _is_stored(service, picture_sha256):
        return Response(status_code=200)
    body = await request.body()
    if (found := sha256(body).hexdigest()) != picture_sha256:
        raise Problem(422, "other-hash", f"the bytes hash to {found}: they changed on the way")
    try:
        async with at_once:
            picture = await asyncio.to_thread(jpeg.clean, body)
    except jpeg.UnusablePictureError as error:
        raise Problem(422, "no-jpeg", str(error)) from error
    await _store(service, caller, picture_sha256, picture)
    service.judging_wanted.set()
    return Response(status_code=201)


@router.get(
    "/pictures/{picture_sha256}",
    response_class=Response,
    responses=answers(401, 403, 404, 422, 503) | {200: {"description": "the JPEG", **JPEG}},
)
async def show_picture(picture_sha256: PictureId, service: TheService, caller: Reader) -> Response:
    """Show a picture; that somebody looked is recorded."""
    opened = event("picture.opened", actor=caller.actor, subject=Subject("picture", picture_sha256))
    values = {"sha256": picture_sha256} | outbox.parameters(opened)
    async with service.pool.connection() as connection:
        row = await (await connection.execute(query("picture_open"), values)).fetchone()
    if row is None:
        raise Problem(404, "no-picture", f"there is no picture {picture_sha256}")
    return Response(row[0], media_type="image/jpeg")


async def _is_stored(service: Service, picture_sha256: str) -> bool:
    """Say whether the picture is here; raise Problem 404 when no sighting announces it."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(query("picture_known"), {"sha256": picture_sha256})
        known: dict[str, Any] = await cursor.fetchone() or {}
    if not known["is_announced"]:
        raise Problem(
            404, "not-announced", "no stored sighting announces this picture: send the batch first"
        )
    return bool(known["is_stored"])


async def _store(
    service: Service, caller: Caller, picture_sha256: str, picture: jpeg.Clean
) -> None:
    values = {
        "sha256": picture_sha256,
        "jpeg": picture.jpeg,
        "width_px": picture.width_px,
        "height_px": picture.height_px,
    }
    trusts_first_key = await service.takes_role_tokens()  # as it takes those of people: for show
    async with service.pool.connection() as connection, connection.transaction():
        await require_signed(connection, caller, picture_sha256, trusts_first_key=trusts_first_key)
        stored = event(
            "picture.stored",
            actor=caller.actor,
            subject=Subject("picture", picture_sha256),
            data={
                "kept_sha256": sha256(picture.jpeg).hexdigest(),
                "width_px": picture.width_px,
                "height_px": picture.height_px,
            },
        )
        await connection.execute(query("picture_store"), values | outbox.parameters(stored))
