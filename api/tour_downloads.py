"""A tour to take along: sheet (PDF), GPX, CSV, GeoPackage, calendar."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from psycopg.rows import dict_row

from api.pdf import PdfLibraryError, pdf_problem
from api.problems import answers
from api.service import Service, TheService
from api.tour_files import appointment, layer, sheet, table, track
from api.tour_files.parts import TourFile
from api.tour_read import no_such_tour, one_tour
from api.tours import TourId
from api.who import Allow, Caller
from gis.postgis.queries import query

router = APIRouter(tags=["watering tours"])
Reader = Annotated[Caller, Depends(Allow("parks", "auditor"))]
WRITERS: dict[str, ModuleType] = {
    "pdf": sheet,
    "gpx": track,
    "csv": table,
    "gpkg": layer,
    "ics": appointment,
}


def _offer(kind: str, module: ModuleType) -> None:
    """Add the route of one kind of file."""
    media_type: str = module.MEDIA_TYPE
    write: Callable[[TourFile], bytes] = module.write
    schema = {"schema": {"type": "string", "format": "binary"}}

    async def download(
        tour_id: TourId, request: Request, service: TheService, _caller: Reader
    ) -> Response:
        file = await _file(service, tour_id, address=_address(request, service, tour_id))
        try:
            body = await run_in_threadpool(write, file)
        except PdfLibraryError as error:
            raise pdf_problem(error) from error
        shown = "inline" if kind == "pdf" else "attachment"
        headers = {"Content-Disposition": f'{shown}; filename="{file.stem}.{kind}"'}
        return Response(body, headers=headers, media_type=media_type)

    router.add_api_route(
        f"/tours/{{tour_id}}.{kind}",
        download,
        methods=["GET"],
        name=f"tour_{kind}",
        summary=module.__doc__,
        response_class=Response,
        responses=answers(401, 403, 404, 422, 503)
        | {
            200: {"description": "the file", "content": {media_type.split(";", 1)[0]: schema}},
        },
    )


for _kind, _module in WRITERS.items():
    _offer(_kind, _module)


async def _file(service: Service, tour_id: int, *, address: str) -> TourFile:
    async with service.pool.connection() as connection:
        tour = await one_tour(connection, tour_id)
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(query("tour_surroundings"), {"tour_id": tour_id})
        around: dict[str, Any] | None = await cursor.fetchone()
    if around is None:
        raise no_such_tour(tour_id)
    return TourFile(
        tour=tour,
        city=around["name"],
        zone=ZoneInfo(around["time_zone"]),
        address=address,
        streets=[[(lon, lat) for lon, lat, *_ in line] for line in around["streets"]],
    )


def _address(request: Request, service: Service, tour_id: int) -> str:
    """Return the phone's page as browsers see it."""
    base = service.settings.public_url or str(request.base_url).rstrip("/")
    return f"{base}/tour/{tour_id}"
