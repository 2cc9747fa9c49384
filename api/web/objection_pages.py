"""The public page to object to a decision, and the page where the city answers."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.forms import read_form
from api.objections import (
    Answer,
    Case,
    CaseKey,
    NewObjection,
    ObjectionId,
    Received,
    address_of,
    find,
    give_answer,
    look_up,
    receive,
)
from api.problems import Problem
from api.service import Service, TheService
from api.tokens import Role
from api.web.dialogue import Anybody, show_to, take_form
from api.web.documents import show
from api.who import Caller, require_same_site
from gis.postgis.queries import query
from gis.postgis.retention.rules import periods

router = APIRouter(include_in_schema=False)
READERS: tuple[Role, ...] = ("road", "parks", "auditor", "admin")
ANSWERERS: tuple[Role, ...] = ("road", "parks", "admin")


@router.get("/objection")
async def form(
    request: Request, service: TheService, about: str = "", number: str = ""
) -> Response:
    """Show the form and the way to one's own case; a link says what it is about."""
    return await _form(request, service, about=about, number=number)


@router.post("/objection")
async def send(request: Request, service: TheService) -> Response:
    """Take an objection; case number and secret are shown once."""
    try:
        require_same_site(request)
        wanted = await read_form(request, NewObjection)
        received = await receive(service, wanted, address=address_of(request))
    except Problem as problem:
        return await _form(request, service, problem=problem)
    return await _form(request, service, received=received, status=201)


@router.post("/objection/case")
async def case(request: Request, service: TheService) -> Response:
    """Show a case to whoever holds its secret."""
    try:
        key = await read_form(request, CaseKey)
        found = await look_up(service, key, address=address_of(request))
    except Problem as problem:
        return await _form(request, service, problem=problem)
    return await _form(request, service, case=found)


@router.get("/objections")
async def desk(request: Request, service: TheService, caller: Anybody) -> Response:
    """Show the cases to those who answer them."""
    return await _desk(request, service, caller)


@router.post("/objections/{objection_id}")
async def answer(
    objection_id: ObjectionId, request: Request, service: TheService, caller: Anybody
) -> Response:
    """Take the answer to a case."""

    async def do() -> None:
        if caller is None or caller.role not in ANSWERERS:
            raise Problem(403, "wrong-role", "objections are answered by the departments")
        await give_answer(service, caller, objection_id, await read_form(request, Answer))

    return await take_form(
        request, do=do, done="/objections", again=lambda *why: _desk(request, service, caller, *why)
    )


async def _form(
    request: Request,
    service: Service,
    *,
    received: Received | None = None,
    case: Case | None = None,
    problem: Problem | None = None,
    about: str = "",
    number: str = "",
    status: int = 200,
) -> Response:
    return await show(
        request,
        service,
        "document_objection.html",
        status=problem.status_code if problem else status,
        received=received,
        case=case,
        problem=problem,
        about=about[:100],
        about_number=number[:19] if number.isdecimal() else "",
        kept_days=await _kept_days(service),
    )


async def _kept_days(service: Service) -> int:
    """Return the days a citizen's words are kept after the answer, as the city states them."""
    async with service.transaction() as connection:
        row = await (await connection.execute(query("retention_profile"))).fetchone()
    return periods(dict(row[0] or {}) if row else {})["objections"]


async def _desk(
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
        "document_objections.html",
        find=find,
        status=status,
        answerers=ANSWERERS,
        problem=problem,
    )
