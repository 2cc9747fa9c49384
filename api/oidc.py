"""Logging in through the city's identity provider: there, back, and into a session."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from psycopg.rows import dict_row

from api import person_session
from api.problems import Problem, answers
from api.provider import LEEWAY_S, Attempt, LoginRefusedError, Provider, ProviderAwayError, Vouched
from api.service import Service, TheService
from api.session import COOKIE
from api.web.documents import show
from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Actor, Subject, event

logger = logging.getLogger(__name__)
router = APIRouter(tags=["session"], prefix="/oidc")

BROWSER_COOKIE = "stadtwart_login"  # ties the way back to the browser that left
BROWSER_LASTS_S = 600
OWN_PAGE = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,500}")
Text = Annotated[str | None, Query(max_length=2000)]


@router.get(
    "/login", status_code=303, response_class=Response, responses=answers(404, 422, 429, 502, 503)
)
async def leave(
    request: Request,
    service: TheService,
    return_to: Annotated[str, Query(max_length=500)] = "/",
    fresh: bool = False,
) -> Response:
    """Send the browser to the provider; `fresh` has the password asked for again."""
    provider = _provider(service)
    service.limits.logins.require(_address(request))
    attempt = Attempt()
    try:
        address = await provider.login_address(attempt, fresh=fresh)
    except ProviderAwayError as error:
        raise _away(error) from error
    values = {
        "state_sha256": person_session.digest(attempt.state),
        "browser_sha256": person_session.digest(attempt.browser),
        "nonce": attempt.nonce,
        "code_verifier": attempt.code_verifier,
        "return_to": return_to if OWN_PAGE.fullmatch(return_to) else "/",
        "is_fresh": fresh,
    }
    async with service.pool.connection() as connection:
        await connection.execute(query("login_attempt_begin"), values)
    answer = RedirectResponse(address, 303)
    answer.set_cookie(
        BROWSER_COOKIE,
        attempt.browser,
        max_age=BROWSER_LASTS_S,
        path="/api/v1/oidc",
        httponly=True,
        samesite="lax",
        secure=person_session.is_https(request, service.settings),
    )
    return answer


@router.get(
    "/callback",
    status_code=303,
    response_class=Response,
    responses=answers(404, 422, 502, 503)
    | {
        400: {"description": "The login does not hold."},
        403: {"description": "No role in this city, or disabled."},
    },
)
async def come_back(
    request: Request, service: TheService, state: Text = None, code: Text = None, error: Text = None
) -> Response:
    """Take the provider's answer; what does not hold is a page that says so."""
    provider = _provider(service)
    attempt = await _take(request, service, state)
    if attempt is None:
        return await _refused(request, service, "unknown login", status=400)
    number = person_session.digest(str(state)).hex()[:16]
    try:
        if error or not code:
            raise LoginRefusedError("the provider refused", error or "no code")
        vouched = await provider.believe(
            code, nonce=attempt["nonce"], code_verifier=attempt["code_verifier"]
        )
        _require_fresh(vouched, attempt)
        cookie = await _let_in(service, vouched, attempt, before=request.cookies.get(COOKIE))
    except ProviderAwayError as away:
        raise _away(away) from away
    except LoginRefusedError as refusal:
        logger.warning("login refused attempt=%s reason=%s", number, refusal)
        await _tell_refusal(service, number, refusal.reason)
        status = 403 if refusal.reason in ("no role", "the account is disabled") else 400
        return await _refused(request, service, refusal.reason, status=status)
    answer = RedirectResponse(attempt["return_to"], 303)
    hours = service.settings.session_hours
    person_session.set_cookie(answer, cookie, request, service.settings, lasts_s=hours * 3600)
    answer.delete_cookie(BROWSER_COOKIE, path="/api/v1/oidc")
    return answer


async def _take(request: Request, service: Service, state: str | None) -> dict[str, Any] | None:
    """Use up the attempt this answer belongs to; None for a foreign, old or repeated one."""
    browser = request.cookies.get(BROWSER_COOKIE)
    if not state or not browser:
        return None
    values = {
        "state_sha256": person_session.digest(state),
        "browser_sha256": person_session.digest(browser),
    }
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        return await (await cursor.execute(query("login_attempt_take"), values)).fetchone()


def _require_fresh(vouched: Vouched, attempt: dict[str, Any]) -> None:
    """After `prompt=login` the provider must say that it asked, and that it asked just now."""
    if not attempt["is_fresh"]:
        return
    asked_at = vouched.authenticated_at
    if asked_at is None or asked_at < attempt["began_at"] - timedelta(seconds=LEEWAY_S):
        raise LoginRefusedError("the login is not fresh", f"auth_time {asked_at}")


async def _let_in(
    service: Service, vouched: Vouched, attempt: dict[str, Any], *, before: str | None
) -> str:
    """Store person and session with their event; return the cookie."""
    if not vouched.roles:
        raise LoginRefusedError("no role", "none of the person's groups has a role here")
    async with service.transaction() as connection:
        values = {
            "issuer": vouched.issuer,
            "subject": vouched.subject,
            "display_name": vouched.name,
        }
        row = await (await connection.execute(query("person_of_provider"), values)).fetchone()
        if row is None or row[1]:
            raise LoginRefusedError("the account is disabled", "disabled by an admin")
        if before:
            await person_session.end(connection, cookie=before, why="signed in anew")
        cookie, number, named = await person_session.begin(
            connection,
            row[0],
            kind="provider",
            roles=vouched.roles,
            # a provider that does not say when it asked may have asked long ago
            authenticated_at=vouched.authenticated_at or datetime.fromtimestamp(0, UTC),
            lasts_minutes=service.settings.session_hours * 60,
        )
        opened = event(
            "session.opened",
            actor=Actor("person", named),
            subject=Subject("session", number),
            data={
                "role": vouched.roles[0],
                "roles": [str(role) for role in vouched.roles],
                "fresh": attempt["is_fresh"],
            },
        )
        await outbox.record(connection, opened)
    return cookie


async def _tell_refusal(service: Service, number: str, reason: str) -> None:
    async with service.transaction() as connection:
        refused = event(
            "login.refused",
            actor=Actor("machine", "login"),
            subject=Subject("login", number),
            data={"reason": reason},
        )
        await outbox.record(connection, refused)


async def _refused(request: Request, service: Service, reason: str, *, status: int) -> Response:
    return await show(request, service, "document_login_refused.html", status=status, reason=reason)


def _provider(service: Service) -> Provider:
    if service.provider is None:
        detail = "no identity provider is set: see API_OIDC_ISSUER in docs/people.md"
        raise Problem(404, "no-provider", detail)
    return service.provider


def _away(error: ProviderAwayError) -> Problem:
    logger.error("identity provider away reason=%s", error)
    detail = "the city's identity provider does not answer: try again, or tell the operator"
    return Problem(502, "provider-away", detail)


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
