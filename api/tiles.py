"""Map tiles (Mapbox vector tiles), straight from SQL on geometry stored in the map's projection."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Response

from api.problems import Problem, answers
from api.service import Service, TheService
from api.who import Allow, Caller
from gis.postgis.queries import query

router = APIRouter(tags=["map"], prefix="/tiles")
Reader = Annotated[Caller, Depends(Allow("road", "auditor"))]
TreeReader = Annotated[Caller, Depends(Allow("parks", "auditor"))]
DEEPEST = 22
MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
Zoom = Annotated[int, Path(ge=0, le=DEEPEST)]
Number = Annotated[int, Path(ge=0, lt=2**DEEPEST)]
TILE = {
    "description": "the tile, empty where there is nothing",
    "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
}


@router.get(
    "/damages/{z}/{x}/{y}.mvt",
    response_class=Response,
    responses=answers(401, 403, 404, 422, 503) | {200: TILE},
)
async def damages_tile(
    z: Zoom, x: Number, y: Number, service: TheService, _caller: Reader
) -> Response:
    """Draw damages; where there are more than the limit, the map shows a part of them."""
    return await _tile(service, "damages", z, x, y, keep_s=0)


@router.get(
    "/trees/{z}/{x}/{y}.mvt",
    response_class=Response,
    responses=answers(401, 403, 404, 422, 503) | {200: TILE},
)
async def trees_tile(
    z: Zoom, x: Number, y: Number, service: TheService, _caller: TreeReader
) -> Response:
    """Draw trees by their urgency; where there are more than the limit, the urgent ones first."""
    return await _tile(service, "trees", z, x, y, keep_s=0)


@router.get(
    "/assessments/{z}/{x}/{y}.mvt",
    response_class=Response,
    responses=answers(401, 403, 404, 422, 503) | {200: TILE},
)
async def assessments_tile(
    z: Zoom, x: Number, y: Number, service: TheService, _caller: Reader
) -> Response:
    """Draw streets by the age of their last assessment; the day is all that is known of it."""
    return await _tile(service, "assessments", z, x, y, keep_s=0)


@router.get(
    "/{layer}/{z}/{x}/{y}.mvt",
    response_class=Response,
    responses=answers(404, 422, 503) | {200: TILE},
)
async def places_tile(
    layer: Literal["streets", "districts"], z: Zoom, x: Number, y: Number, service: TheService
) -> Response:
    """Draw streets or districts; anybody may see them."""
    return await _tile(service, layer, z, x, y, keep_s=60)


async def _tile(service: Service, layer: str, z: int, x: int, y: int, *, keep_s: int) -> Response:
    if max(x, y) >= 2**z:
        raise Problem(404, "no-tile", f"zoom {z} has no tile {x}/{y}")
    values = {"z": z, "x": x, "y": y, "at_most": service.settings.tile_features}
    async with service.pool.connection() as connection:
        row = await (await connection.execute(query(f"tile_{layer}"), values)).fetchone()
    headers = {"Cache-Control": f"private, max-age={keep_s}" if keep_s else "no-store"}
    return Response(bytes(row[0]) if row else b"", media_type=MEDIA_TYPE, headers=headers)
