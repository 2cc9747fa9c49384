"""The page of findings: what panel and auditor ask, what is answered, what is overdue."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.findings import READERS, FindingId, NewEntry, NewFinding, add_entry, file_finding, find
from api.forms import read_form
from api.problems import Problem
from api.service import Service, TheService
from api.web.dialogue import Anybody, show_to, take_form
from api.who import Caller

router = APIRouter(include_in_schema=False, prefix="/findings")
FILERS = ("panel", "auditor")


@router.get("")
async def page(request: Request, service: TheService, caller: Anybody) -> Response:
    """Show all findings, and the form for those who may file one."""
    return await _show(request, service, caller)


@router.post("")
async def file(request: Request, service: TheService, caller: Anybody) -> Response:
    """Take the form of a new finding."""

    async def do() -> None:
        if caller is None or caller.role not in FILERS:
            raise Problem(403, "wrong-role", "findings are filed by the panel or the auditor")
        await file_finding(service, caller, await read_form(request, NewFinding))

    return await take_form(
        request, do=do, done="/findings", again=lambda *why: _show(request, service, caller, *why)
    )


@router.post("/{finding_id}")
async def say(
    finding_id: FindingId, request: Request, service: TheService, caller: Anybody
) -> Response:
    """Take the next word on a finding."""

    async def do() -> None:
        if caller is None or caller.role not in READERS:
            raise Problem(403, "wrong-role", "log in to speak on a finding")
        await add_entry(service, caller, finding_id, await read_form(request, NewEntry))

    return await take_form(
        request, do=do, done="/findings", again=lambda *why: _show(request, service, caller, *why)
    )


async def _show(
    request: Request,
    service: Service,
    caller: Caller | None,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    return await show_to(
        request,
        service,
        caller,
        READERS,
        "document_findings.html",
        find=find,
        status=status,
        filers=FILERS,
        problem=problem,
    )
