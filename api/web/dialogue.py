"""What the pages of findings, incidents and objections share: forms without a script."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse

from api.problems import Problem
from api.service import Service
from api.tokens import Role
from api.web.documents import language_of, show
from api.who import Caller, identify

Anybody = Annotated[Caller | None, Depends(identify)]


async def show_to(
    request: Request,
    service: Service,
    caller: Caller | None,
    roles: tuple[Role, ...],
    template: str,
    *,
    find: Callable[[Service], Awaitable[list[Any]]],
    status: int,
    **content: Any,
) -> Response:
    """Show a page and what it finds to its roles; everybody else reads how to log in."""
    content |= {"caller": caller}
    if caller is None or caller.role not in roles:
        refused = 401 if caller is None else 403
        login = {"provider": service.provider is not None, "roles": roles}
        return await show(
            request, service, "document_log_in.html", status=refused, **login, **content
        )
    return await show(
        request, service, template, status=status, items=await find(service), **content
    )


async def take_form(
    request: Request,
    *,
    do: Callable[[], Awaitable[None]],
    done: str,
    again: Callable[[str, int], Awaitable[Response]],
) -> Response:
    """Do what a form asks and lead to the page `done`; a refusal is shown above the form."""
    try:
        await do()
    except Problem as problem:
        return await again(problem.detail, problem.status_code)
    return RedirectResponse(f"{done}?lang={language_of(request)}", 303)
