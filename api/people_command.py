"""`stadtwart people`: who is inside, shut somebody out, and the account behind the emergency glass.

It works as the database's owner, on the machine itself; each change leaves its event.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import secrets
import sys
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from api.break_glass import SHORTEST_PASSWORD, hash_password
from gis.postgis import outbox
from gis.postgis.person_reference import reference
from gis.postgis.queries import query
from governance.audit_event import Actor, Subject, event

OPERATOR = Actor("person", "operator:cli")
Connection = psycopg.AsyncConnection[Any]


class PeopleError(Exception):
    """The wish cannot be fulfilled; the message says why."""

    exit_code = 2


def add_verbs(parser: argparse.ArgumentParser) -> None:
    """Describe the verbs of `stadtwart people`."""
    verbs = parser.add_subparsers(dest="action", required=True)
    verbs.add_parser("list", help="everybody who ever logged in as themselves")
    verbs.add_parser("sessions", help="who is inside now")
    end = verbs.add_parser("end-session", help="end a session at once")
    end.add_argument("number", help="as `people sessions` shows it")
    for verb, text in (("disable", "shut somebody out"), ("enable", "let somebody in again")):
        one = verbs.add_parser(verb, help=text)
        one.add_argument("person_id", type=UUID, help="as `people list` shows it")
    glass = verbs.add_parser("break-glass", help="make the local admin account for emergencies")
    glass.add_argument("name", help="3 to 40 small letters, digits and dashes")
    how = glass.add_mutually_exclusive_group()
    how.add_argument("--generate", action="store_true", help="make a password and print it once")
    how.add_argument("--password-stdin", action="store_true", help="read it from standard input")


def run(arguments: argparse.Namespace, url: str) -> str:
    """Do what the line asks; return what to print."""
    return asyncio.run(_run(arguments, url))


async def _run(arguments: argparse.Namespace, url: str) -> str:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        if arguments.action == "list":
            return await _list(connection)
        if arguments.action == "sessions":
            return await _sessions(connection)
        if arguments.action == "end-session":
            return await _end(connection, arguments.number)
        if arguments.action == "break-glass":
            return await _break_glass(connection, arguments)
        return await _disable(
            connection, arguments.person_id, disabled=arguments.action == "disable"
        )


async def _list(connection: Connection) -> str:
    rows = await _rows(connection, "people")
    lines = [
        f"{row['person_id']}  {row['kind']:<11}  {','.join(row['roles']) or '-':<14}  "
        f"{_minute(row['last_login_at'])}  {row['display_name'] or '-'}"
        + ("  disabled" if row["disabled_at"] else "")
        for row in rows
    ]
    return "\n".join(lines) or "nobody has logged in yet"


async def _sessions(connection: Connection) -> str:
    rows = await _rows(connection, "person_sessions")
    lines = [
        f"{row['number']}  {row['kind']:<11}  {row['role']:<8}  since {_minute(row['opened_at'])}  "
        f"seen {_minute(row['seen_at'])}  {row['display_name'] or '-'}"
        for row in rows
    ]
    return "\n".join(lines) or "nobody is inside"


async def _end(connection: Connection, number: str) -> str:
    values = {"session_sha256": None, "number": number, "why": "ended by an admin"}
    if not await _rows(connection, "person_session_end", values):
        raise PeopleError(f"there is no open session {number}: see `stadtwart people sessions`")
    ended = event(
        "session.ended",
        actor=OPERATOR,
        subject=Subject("session", number),
        data={"by": "operator"},
    )
    await outbox.record(connection, ended)
    return f"session {number} has ended"


async def _disable(connection: Connection, person_id: UUID, *, disabled: bool) -> str:
    values = {"person_id": person_id, "disabled": disabled}
    (row,) = await _rows(connection, "person_disable", values)
    if not row["people"]:
        raise PeopleError(f"there is no person {person_id}: see `stadtwart people list`")
    named = await _named(connection, person_id)
    changed = event(
        "person.disabled" if disabled else "person.enabled",
        actor=OPERATOR,
        subject=Subject("account", named),
        data={"sessions_ended": row["sessions"]} if disabled else {},
    )
    await outbox.record(connection, changed)
    if not disabled:
        return f"{person_id} may log in again"
    return f"{person_id} is shut out; {row['sessions']} sessions ended"


async def _break_glass(connection: Connection, arguments: argparse.Namespace) -> str:
    password = _password(arguments)
    try:
        values = {"account_name": arguments.name, "password_hash": hash_password(password)}
        (row,) = await _rows(connection, "break_glass_store", values)
    except ValueError as error:
        raise PeopleError(str(error)) from error
    except psycopg.errors.CheckViolation as error:
        detail = "a name has 3 to 40 small letters, digits and dashes"
        raise PeopleError(f"{arguments.name!r}: {detail}") from error
    named = await _named(connection, row["person_id"])
    created = event("break_glass.created", actor=OPERATOR, subject=Subject("account", named))
    await outbox.record(connection, created)
    said = f"emergency account {arguments.name} is ready; each use of it is loud"
    return f"{said}\npassword: {password}" if arguments.generate else said


def _password(arguments: argparse.Namespace) -> str:
    if arguments.generate:
        return secrets.token_urlsafe(18)
    if arguments.password_stdin:
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass(f"password ({SHORTEST_PASSWORD} characters or more): ")
    if first != getpass.getpass("again: "):
        raise PeopleError("the two passwords differ")
    return first


async def _named(connection: Connection, person_id: UUID) -> str:
    return await reference(connection, person_id, datetime.now(UTC).year)


async def _rows(
    connection: Connection, name: str, values: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    cursor = connection.cursor(row_factory=dict_row)
    return await (await cursor.execute(query(name), values)).fetchall()


def _minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never           "
