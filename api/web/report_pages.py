"""The pages /reports: choose an interval, read the report, take it along as PDF or JSON."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from api import reports
from api.problems import Problem
from api.report_paper import shown
from api.reports import READERS, ReportId, Wanted
from api.service import TheService
from api.web.documents import language_of, show
from api.who import Caller, identify
from governance.report.model import read_report
from governance.report.words import Language

router = APIRouter(include_in_schema=False)
MaybeCaller = Annotated[Caller | None, Depends(identify)]
LONGEST_FORM_BYTES = 2000


@router.get("/reports")
async def choose(request: Request, service: TheService, caller: MaybeCaller) -> Response:
    """Show the form and the reports that were made."""
    if not _may_read(caller):
        return await _turned_away(request, service, caller)
    return await _list(request, service)


@router.post("/reports")
async def make(request: Request, service: TheService, caller: MaybeCaller) -> Response:
    """Make a report from the form and go to it."""
    if caller is None or not _may_read(caller):
        return await _turned_away(request, service, caller)
    form = parse_qs((await request.body())[:LONGEST_FORM_BYTES].decode("ascii", "replace"))
    try:
        wanted = Wanted.model_validate({name: value[0] for name, value in form.items()})
        made = await reports.make(service, caller, wanted)
    except ValidationError as error:
        first = str(error.errors()[0]["msg"])
        return await _list(request, service, refused=first, status=422)
    except Problem as error:
        return await _list(request, service, refused=error.detail, status=error.status_code)
    return RedirectResponse(f"/reports/{made.report_id}?lang={language_of(request)}", 303)


@router.get("/reports/{report_id}")
async def read(
    report_id: ReportId, request: Request, service: TheService, caller: MaybeCaller
) -> Response:
    """Show one report."""
    if not _may_read(caller):
        return await _turned_away(request, service, caller)
    row = await reports.find(service, report_id)
    body = bytes(row["body"])
    language: Language = "en" if language_of(request) == "en" else "de"
    content = shown(read_report(body), body, language)
    return await show(request, service, "document_report.html", report_id=report_id, **content)


async def _list(
    request: Request, service: TheService, *, refused: str | None = None, status: int = 200
) -> Response:
    today = datetime.now(UTC).date()
    begins = date(today.year, 1, 1)
    last_year = (date(today.year - 1, 1, 1), begins - timedelta(days=1))
    return await show(
        request,
        service,
        "document_reports.html",
        status=status,
        items=await reports.kept(service),
        refused=refused,
        begins=begins,
        today=today,
        last_year=last_year,
    )


def _may_read(caller: Caller | None) -> bool:
    return caller is not None and caller.role in READERS


async def _turned_away(request: Request, service: TheService, caller: Caller | None) -> Response:
    status = 401 if caller is None else 403
    return await show(request, service, "document_reports_closed.html", status=status)
