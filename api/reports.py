"""Reports to the committee: made from the city's records, kept, their digest in the audit log."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.concurrency import run_in_threadpool
from psycopg.rows import dict_row
from pydantic import model_validator

from api import pdf
from api.fields import LARGEST_ID, Sent, Shown
from api.messages import json_answer
from api.problems import Problem, answers
from api.report_maker import Kept, make_in
from api.report_paper import paper_of
from api.service import Service, TheService
from api.who import Allow, Caller
from gis.postgis.queries import query
from governance.report.model import read_report
from governance.report.words import Language

router = APIRouter(tags=["reports"])
READERS: Any = ("auditor", "road", "parks", "panel", "admin")
Reader = Annotated[Caller, Depends(Allow(*READERS))]
ReportId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
LONGEST_DAYS = 3660  # ten years: beyond, somebody mistyped
PDF = {
    "description": "tagged PDF",
    "content": {pdf.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
}


class Wanted(Sent):
    """The days the report is about, both included, by the city's clock."""

    from_day: date
    until_day: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until_day < self.from_day:
            raise ValueError(f"until_day {self.until_day} lies before from_day {self.from_day}")
        if (self.until_day - self.from_day).days > LONGEST_DAYS:
            raise ValueError("a report covers ten years at most")
        return self


class KeptReports(Shown):
    """The newest two hundred reports."""

    items: list[Kept]


@router.post("/reports", status_code=201, responses=answers(401, 403, 409, 413, 422, 503))
async def make_report(wanted: Wanted, service: TheService, caller: Reader) -> Kept:
    """Read the city's records in one snapshot, keep the report and its audit event."""
    return await make(service, caller, wanted)


@router.get("/reports", responses=answers(401, 403, 503))
async def list_reports(service: TheService, _caller: Reader) -> KeptReports:
    """List the reports that were made, newest first."""
    return KeptReports(items=await kept(service))


@router.get(
    "/reports/{report_id}.pdf",
    response_class=Response,
    responses=answers(401, 403, 404, 422, 503) | {200: PDF},
)
async def report_pdf(
    report_id: ReportId,
    service: TheService,
    _caller: Reader,
    lang: Annotated[Language, Query()] = "de",
) -> Response:
    """Write a report on paper; the same report gives the same bytes."""
    row = await find(service, report_id)
    try:
        paper = await run_in_threadpool(paper_of, bytes(row["body"]), lang)
    except pdf.PdfLibraryError as error:
        raise pdf.pdf_problem(error) from error
    name = f"stadtwart-report-{row['from_day']}-{row['until_day']}-{lang}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(paper, media_type=pdf.MEDIA_TYPE, headers=headers)


@router.get(
    "/reports/{report_id}",
    response_class=Response,
    responses=answers(401, 403, 404, 422, 503) | json_answer(200, "Report", "as it was made"),
)
async def one_report(report_id: ReportId, service: TheService, _caller: Reader) -> Response:
    """Hand out a report byte for byte: its sha256 is the one in the audit log."""
    row = await find(service, report_id)
    return Response(bytes(row["body"]), media_type="application/json")


async def make(service: Service, caller: Caller, wanted: Wanted) -> Kept:
    """Make and keep one report."""
    async with service.transaction() as connection:
        made, _ = await make_in(connection, wanted.from_day, wanted.until_day, caller.actor)
    return made


async def kept(service: Service) -> list[Kept]:
    """Return the newest reports."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        rows = await (await cursor.execute(query("report_list"))).fetchall()
    return [_kept(row) for row in rows]


async def find(service: Service, report_id: int) -> dict[str, Any]:
    """Return one stored report; raise Problem 404 where there is none."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        row = await (await cursor.execute(query("report_one"), {"report_id": report_id})).fetchone()
    if row is None:
        raise Problem(404, "no-report", f"there is no report {report_id}")
    read_report(bytes(row["body"]))
    return row


def _kept(row: dict[str, Any]) -> Kept:
    return Kept(**{name: value for name, value in row.items() if name != "body"})
