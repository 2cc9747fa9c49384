"""How much of each street was looked at: the trucks' map, and the sums they send. No vehicle."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response
from psycopg.rows import dict_row

from api.ingest import Vehicle
from api.messages import body_of, decode, json_answer
from api.problems import Problem, answers
from api.service import Service, TheService
from contracts.coverage import Coverage, CoverageReceipt
from gis.postgis import columns, outbox
from gis.postgis.queries import query
from governance.audit_event import Actor, Subject, event

logger = logging.getLogger(__name__)

router = APIRouter(tags=["trucks"])
decoder = msgspec.json.Decoder(Coverage)
OLDEST = date(2020, 1, 1)  # before it a recorder's clock was not set
SENDER = Actor("vehicle", "vehicle:token")  # all trucks share it: the log knows none of them


@router.get(
    "/streets",
    response_model=None,
    responses=json_answer(200, "StreetMap", "the city's streets") | answers(401, 403, 404, 503),
)
async def the_streets(service: TheService, _caller: Vehicle) -> Response:
    """Give the street map, so that a truck matches its way itself and sends no place."""
    async with service.pool.connection() as connection:
        row = await (await connection.execute(query("street_map"))).fetchone()
    if row is None:
        raise Problem(404, "no-city", "no city is loaded: run `stadtwart city load DIR`")
    return Response(row[0], media_type="application/json")


@router.post(
    "/coverage",
    status_code=202,
    openapi_extra=body_of("Coverage"),
    response_model=None,
    responses=json_answer(202, "CoverageReceipt", "stored, now or before")
    | answers(401, 403, 408, 409, 413, 422, 503),
)
async def take_coverage(request: Request, _caller: Vehicle, service: TheService) -> Response:
    """Add the sums of one drive and day; the same sums again change nothing."""
    sent = decode(decoder, await request.body())
    _require_possible(sent.day)
    receipt = await _store(service, sent)
    return Response(msgspec.json.encode(receipt), 202, media_type="application/json")


def _require_possible(day: date) -> None:
    latest = (datetime.now(UTC) + timedelta(days=1)).date()  # it may be tomorrow in the city
    if not OLDEST <= day <= latest:
        raise Problem(422, "invalid", f"day {day} is not between {OLDEST} and {latest}: set clocks")


async def _store(service: Service, sent: Coverage) -> CoverageReceipt:
    content_sha256 = sha256(msgspec.json.encode([sent.day, sent.simulated, sent.segments]))
    values = _values(sent) | {"content_sha256": content_sha256.hexdigest()}
    accepted = event(
        "coverage.accepted",
        actor=SENDER,
        subject=Subject("coverage", str(sent.coverage_id)),
        data={
            "segments": len(sent.segments),
            "content_sha256": values["content_sha256"],
            "simulated": sent.simulated,
        },
    )
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(query("coverage_store"), values | outbox.parameters(accepted))
        row = await cursor.fetchone() or {}
        unknown = row["unknown"]
        if not row["is_new"]:
            await cursor.execute(query("coverage_known"), values)
            known = await cursor.fetchone()
            if known is None or known["content_sha256"] != values["content_sha256"]:
                raise Problem(
                    409,
                    "coverage-differs",
                    f"coverage {sent.coverage_id} is stored with other sums: take a new id",
                )
            unknown = known["unknown"]
    if unknown:
        logger.warning("coverage of streets not in the map segments=%d", unknown)
    return CoverageReceipt(coverage_id=sent.coverage_id, stored=row["stored"], unknown=unknown)


def _values(sent: Coverage) -> dict[str, Any]:
    """Turn the sums into columns: one array each, for unnest."""
    rows = sent.segments
    gaps = [(row.segment_id, *gap) for row in rows for gap in row.unassessed_m.items()]
    return {
        "coverage_id": sent.coverage_id,
        "day": sent.day,
        "simulated": sent.simulated,
        "segment_id": columns.texts([row.segment_id for row in rows]),
        "assessed_m": columns.plain([row.assessed_m for row in rows]),
        "covered_m": columns.plain([row.covered_m for row in rows]),
        "gap_segment_id": columns.texts([gap[0] for gap in gaps]),
        "cause": columns.texts([gap[1] for gap in gaps]),
        "driven_m": columns.plain([gap[2] for gap in gaps]),
    }
