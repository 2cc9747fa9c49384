"""The emergency door: a local admin for the day the identity provider is down. It is loud.

Each use is an event, an error in the service's log, and a strip on every page while it lasts.
An account is made by `stadtwart people break-glass`; tries are counted and lock it.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Annotated, Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from fastapi import APIRouter, Request, Response
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from pydantic import Field

from api import person_session
from api.fields import Sent, Shown
from api.person_session import BREAK_GLASS_IDLE_MINUTES, BREAK_GLASS_MINUTES
from api.problems import Problem, answers
from api.service import Service, TheService
from api.tokens import Role
from api.who import require_same_site
from gis.postgis import outbox
from gis.postgis.person_reference import reference
from gis.postgis.queries import query
from governance.audit_event import Actor, Subject, event
from governance.event_fields import Value

logger = logging.getLogger(__name__)
router = APIRouter(tags=["session"])

LOCK_AFTER = 5  # wrong passwords in a row
LOCK_MINUTES = 15
SHORTEST_PASSWORD = 14
ROLES: list[Role] = ["admin"]
HASHER = PasswordHasher()  # argon2id with the parameters of RFC 9106, second choice


class EmergencyLogin(Sent):
    """A local account's name and password."""

    name: Annotated[str, Field(max_length=40)]
    password: Annotated[str, Field(max_length=200)]


class Inside(Shown):
    """The emergency session that began."""

    role: Role
    minutes: int


@router.post(
    "/session/break-glass", status_code=201, responses=answers(401, 403, 413, 422, 429, 503)
)
async def begin(
    login: EmergencyLogin, request: Request, response: Response, service: TheService
) -> Inside:
    """Log in by the emergency door; refused tries are events too."""
    if "origin" in request.headers or "sec-fetch-site" in request.headers:
        require_same_site(request)
    service.limits.passwords.require("everybody")
    async with service.pool.connection() as connection:
        account = await _account(connection, login.name)
    fits = await asyncio.to_thread(_fits, account, login.password)
    async with service.transaction() as connection:
        account = await _account(connection, login.name, lock=True)
        reason = _why_not(account, fits=fits)
        if reason or account is None:
            named = await _count_failure(connection, account, str(reason))
            raise_after = Problem(401, "not-known", _refusal(str(reason)))
        else:
            cookie, named = await _let_in(connection, account)
            raise_after = None
    if raise_after is not None:
        logger.error("break-glass login refused account=%s reason=%s", named[:12], reason)
        raise raise_after
    logger.error("break-glass login opened account=%s minutes=%d", named[:12], BREAK_GLASS_MINUTES)
    person_session.set_cookie(
        response, cookie, request, service.settings, lasts_s=BREAK_GLASS_MINUTES * 60
    )
    return Inside(role=ROLES[0], minutes=BREAK_GLASS_MINUTES)


async def is_live(service: Service) -> bool:
    """Say whether somebody is inside by the emergency door now."""
    values = {"idle_minutes": BREAK_GLASS_IDLE_MINUTES}
    async with service.pool.connection() as connection:
        row = await (await connection.execute(query("break_glass_live"), values)).fetchone()
    return bool(row and row[0])


def hash_password(password: str) -> str:
    """Hash a password; raise ValueError for one that is too short to stand a guess."""
    if len(password) < SHORTEST_PASSWORD:
        raise ValueError(f"a password has {SHORTEST_PASSWORD} characters or more")
    return HASHER.hash(password)


async def _account(
    connection: AsyncConnection[Any], name: str, *, lock: bool = False
) -> dict[str, Any] | None:
    cursor = connection.cursor(row_factory=dict_row)
    text = query("break_glass_account_lock" if lock else "break_glass_account")
    return await (await cursor.execute(text, {"account_name": name})).fetchone()


def _fits(account: dict[str, Any] | None, password: str) -> bool:
    """Verify the password; an unknown account takes as long as a known one."""
    try:
        HASHER.verify(account["password_hash"] if account else _nobodys_hash(), password)
    except (Argon2Error, InvalidHashError):
        return False
    return account is not None


@cache
def _nobodys_hash() -> str:
    return HASHER.hash("nobody has this password")


def _why_not(account: dict[str, Any] | None, *, fits: bool) -> str | None:
    if account is None or account["disabled_at"] is not None:
        return "unknown account"
    if account["locked_until"] and account["locked_until"] > datetime.now(UTC):
        return "locked"
    return None if fits else "wrong password"


def _refusal(reason: str) -> str:
    if reason == "locked":
        return (
            f"this account is locked for {LOCK_MINUTES} minutes after {LOCK_AFTER} wrong passwords"
        )
    return "name or password is wrong; an admin account is made by `stadtwart people break-glass`"


async def _count_failure(
    connection: AsyncConnection[Any], account: dict[str, Any] | None, reason: str
) -> str:
    """Count a wrong password and lock the account after some; return how the log names it."""
    named = "unknown"
    if account is not None:
        named = await reference(connection, account["person_id"], datetime.now(UTC).year)
    await _tell(connection, named, "break_glass.refused", {"reason": reason})
    if account is None or reason != "wrong password":
        return named
    failures = account["failures"] + 1
    is_last = failures >= LOCK_AFTER
    values = {
        "person_id": account["person_id"],
        "failures": 0 if is_last else failures,
        "locked_until": datetime.now(UTC) + timedelta(minutes=LOCK_MINUTES) if is_last else None,
    }
    await connection.execute(query("break_glass_count"), values)
    if is_last:
        data: dict[str, Value] = {"failures": failures, "minutes": LOCK_MINUTES}
        await _tell(connection, named, "break_glass.locked", data)
    return named


async def _let_in(connection: AsyncConnection[Any], account: dict[str, Any]) -> tuple[str, str]:
    values = {"person_id": account["person_id"], "failures": 0, "locked_until": None}
    await connection.execute(query("break_glass_count"), values)
    cookie, number, named = await person_session.begin(
        connection,
        account["person_id"],
        kind="break-glass",
        roles=ROLES,
        authenticated_at=datetime.now(UTC),
        lasts_minutes=BREAK_GLASS_MINUTES,
    )
    opened = event(
        "break_glass.opened",
        actor=Actor("person", named),
        subject=Subject("session", number),
        data={"minutes": BREAK_GLASS_MINUTES},
    )
    await outbox.record(connection, opened)
    return cookie, named


async def _tell(
    connection: AsyncConnection[Any], named: str, kind: str, data: dict[str, Value]
) -> None:
    refused = event(
        kind, actor=Actor("machine", "login"), subject=Subject("account", named), data=data
    )
    await outbox.record(connection, refused)
