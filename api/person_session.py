"""Sessions of people, kept in the database: the cookie is a random secret, the row holds its hash.

So a session can be ended by the city, at once and for good; it ends by itself when its time is
over or nobody has used it for a while.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from fastapi import Request, Response
from psycopg import AsyncConnection
from psycopg.rows import class_row

from api.session import COOKIE
from api.settings import Settings
from api.tokens import Role
from gis.postgis.person_reference import reference
from gis.postgis.queries import query

PREFIX = "person."  # tells it from a demo session, which begins with its role
Door = Literal["provider", "break-glass"]
BREAK_GLASS_MINUTES = 60
BREAK_GLASS_IDLE_MINUTES = 15


@dataclass(frozen=True, slots=True)
class PersonSession:
    """An open session and the person behind it."""

    number: str
    person_id: UUID
    kind: Door
    reference: str
    role: Role
    roles: list[Role]
    authenticated_at: datetime
    display_name: str | None
    is_stale: bool  # not marked as seen for a minute


async def begin(
    connection: AsyncConnection[Any],
    person_id: UUID,
    *,
    kind: Door,
    roles: list[Role],
    authenticated_at: datetime,
    lasts_minutes: int,
) -> tuple[str, str, str]:
    """Open a session inside the caller's transaction.

    Returns the cookie's value, the session's number, and the person's reference of this year.
    """
    cookie = PREFIX + secrets.token_urlsafe(32)
    number = secrets.token_hex(4)
    named = await reference(connection, person_id, datetime.now(UTC).year)
    values = {
        "session_sha256": digest(cookie),
        "number": number,
        "person_id": person_id,
        "kind": kind,
        "reference": named,
        "roles": roles,
        "role": roles[0],
        "authenticated_at": authenticated_at,
        "lasts_minutes": lasts_minutes,
    }
    await connection.execute(query("person_session_begin"), values)
    return cookie, number, named


async def read(
    connection: AsyncConnection[Any], cookie: str, settings: Settings
) -> PersonSession | None:
    """Return the open session of a cookie; mark it as seen, at most once a minute."""
    values: dict[str, Any] = {
        "session_sha256": digest(cookie),
        "idle_minutes": settings.session_idle_minutes,
        "break_glass_idle_minutes": BREAK_GLASS_IDLE_MINUTES,
    }
    cursor = connection.cursor(row_factory=class_row(PersonSession))
    found = await (await cursor.execute(query("person_session_read"), values)).fetchone()
    if found is not None and found.is_stale:
        await connection.execute(query("person_session_seen"), values)
    return found


async def end(
    connection: AsyncConnection[Any],
    *,
    cookie: str | None = None,
    number: str | None = None,
    why: str,
) -> str | None:
    """End a session by its cookie or number; return its number, None where none was open."""
    values = {
        "session_sha256": digest(cookie) if cookie else None,
        "number": number,
        "why": why,
    }
    row = await (await connection.execute(query("person_session_end"), values)).fetchone()
    return row[0] if row else None


def is_persons(cookie: str) -> bool:
    """Say whether a cookie claims to be a person's session."""
    return cookie.startswith(PREFIX)


def digest(secret: str) -> bytes:
    """Hash a random secret; 256 random bits need no salt and no slow hash."""
    return sha256(secret.encode()).digest()


def set_cookie(
    response: Response, cookie: str, request: Request, settings: Settings, *, lasts_s: int
) -> None:
    """Hand the browser its session.

    Lax, not strict: the way back from the identity provider is a navigation from another site,
    and a strict cookie would be missing on the first page. Changing requests are guarded by
    their origin instead (docs/adr/0024-sessions-and-other-sites.md).
    """
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=lasts_s,
        httponly=True,
        samesite="lax",
        secure=is_https(request, settings),
    )


def is_https(request: Request, settings: Settings) -> bool:
    """Say whether browsers reach this city by https."""
    public = settings.public_url or ""
    return public.startswith("https:") or request.url.scheme == "https"
