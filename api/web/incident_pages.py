"""The page of incidents: report one, pull the brake, note what was done, close."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.forms import read_form
from api.incidents import (
    PEOPLE,
    SPEAKERS,
    IncidentId,
    NewEntry,
    NewIncident,
    add_entry,
    find,
    report,
)
from api.problems import Problem
from api.service import Service, TheService
from api.web.dialogue import Anybody, show_to, take_form
from api.who import Caller

router = APIRouter(include_in_schema=False, prefix="/incidents")


@router.get("")
async def page(request: Request, service: TheService, caller: Anybody) -> Response:
    """Show all incidents and the forms this role may use."""
    return await _show(request, service, caller)


@router.post("")
async def tell(request: Request, service: TheService, caller: Anybody) -> Response:
    """Take the form of a new incident."""

    async def do() -> None:
        await report(service, _known(caller), await read_form(request, NewIncident))

    return await take_form(
        request, do=do, done="/incidents", again=lambda *why: _show(request, service, caller, *why)
    )


@router.post("/{incident_id}")
async def say(
    incident_id: IncidentId, request: Request, service: TheService, caller: Anybody
) -> Response:
    """Take the next step of an incident."""

    async def do() -> None:
        wanted = await read_form(request, NewEntry)
        await add_entry(service, _known(caller), incident_id, wanted, request)

    return await take_form(
        request, do=do, done="/incidents", again=lambda *why: _show(request, service, caller, *why)
    )


def _known(caller: Caller | None) -> Caller:
    if caller is None or caller.role not in PEOPLE:
        raise Problem(403, "wrong-role", "log in to report an incident")
    return caller


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
        PEOPLE,
        "document_incidents.html",
        find=find,
        status=status,
        speakers=SPEAKERS,
        problem=problem,
    )
