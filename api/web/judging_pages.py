"""The page of the second detector's alarms: look, say what it is, take a slip back."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.forms import read_form
from api.judgings import JudgingId, Word, find, give, rates
from api.problems import Problem
from api.service import Service, TheService
from api.tokens import Role
from api.web.dialogue import Anybody, show_to, take_form
from api.who import Caller

router = APIRouter(include_in_schema=False, prefix="/judgings")
READERS: tuple[Role, ...] = ("road", "auditor", "panel", "admin")


@router.get("")
async def page(request: Request, service: TheService, caller: Anybody) -> Response:
    """Show the alarms; those who answer see the pictures too."""
    return await _show(request, service, caller)


@router.post("/{judging_id}")
async def say(
    judging_id: JudgingId, request: Request, service: TheService, caller: Anybody
) -> Response:
    """Take a person's word on an alarm."""

    async def do() -> None:
        word = await read_form(request, Word)
        await give(service, _known(caller), judging_id, word)

    return await take_form(
        request, do=do, done="/judgings", again=lambda *why: _show(request, service, caller, *why)
    )


def _known(caller: Caller | None) -> Caller:
    if caller is None or caller.role != "road":
        raise Problem(403, "wrong-role", "the road department answers the second detector's alarms")
    return caller


async def _show(
    request: Request,
    service: Service,
    caller: Caller | None,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    alarms = await find(service)

    async def items(_service: Service) -> list[object]:
        return list(alarms.items)

    return await show_to(
        request,
        service,
        caller,
        READERS,
        "document_judgings.html",
        find=items,
        status=status,
        alarms=alarms,
        rates=await rates(service),
        problem=problem,
    )
