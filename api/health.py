"""Whether the service can work: for monitors, load balancers and the start script."""

from __future__ import annotations

from importlib.metadata import version
from typing import Literal

import psycopg
from fastapi import APIRouter, Response
from pydantic import BaseModel

from api.service import Service, TheService
from gis.postgis.queries import query

router = APIRouter(tags=["service"])


class Health(BaseModel):
    """`degraded` means the database does not answer; then the status is 503."""

    status: Literal["ok", "degraded"]
    database: bool
    merge_backlog: int  # sightings not yet merged
    second_detector: Literal["installed", "missing", "wrong checksum"]  # of masked uploads
    version: str


@router.get("/health", responses={503: {"model": Health, "description": "degraded"}})
async def health(service: TheService, response: Response) -> Health:
    """Say whether the service can work."""
    backlog = await _backlog(service)
    if backlog is None:
        response.status_code = 503
        service.notice_broken_connections()
    return Health(
        status="degraded" if backlog is None else "ok",
        database=backlog is not None,
        merge_backlog=backlog or 0,
        second_detector=service.second_detector.standing().value,
        version=version("stadtwart"),
    )


async def _backlog(service: Service) -> int | None:
    try:
        async with service.pool.connection(timeout=1) as connection:
            cursor = await connection.execute(query("merge_backlog"))
            row = await cursor.fetchone()
            return int(row[0]) if row else None
    except psycopg.OperationalError:
        return None
