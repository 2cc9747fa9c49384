"""Where a renewed login ends: a small page that says to go back and repeat the approval."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.service import TheService
from api.web.dialogue import Anybody
from api.web.documents import show

router = APIRouter(include_in_schema=False)


@router.get("/signed-in")
async def signed_in(request: Request, service: TheService, caller: Anybody) -> Response:
    """Say that the login is fresh now."""
    return await show(request, service, "document_signed_in.html", caller=caller)
