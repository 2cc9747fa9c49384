"""A request's way to guideline, register and gate: a connection, a person, an answer."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
from fastapi.concurrency import run_in_threadpool
from psycopg.rows import dict_row

from api.problems import Problem
from api.service import Service
from api.who import Caller
from gis.postgis.database import APP_ROLE
from gis.postgis.governance.errors import RefusedError
from gis.postgis.governance.gate import Database, Person
from gis.postgis.governance.guideline_run import run_checks, store
from gis.postgis.governance.inspection import inspect
from gis.postgis.queries import query
from governance.audit_event import Actor
from governance.schema import SchemaError

Result = TypeVar("Result")
Row = dict[str, Any]


async def rows(service: Service, name: str, **values: Any) -> list[Row]:
    """Run a named query."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        return await (await cursor.execute(query(name), values)).fetchall()


async def work(service: Service, do: Callable[[Database], Result]) -> Result:
    """Do something that takes a while, on a connection of its own with the service's rights.

    Raises Problem 409 for what the rules refuse, 422 for what does not fit a schema.
    """
    return await run_in_threadpool(_work, address_of(service), do)


async def check_now(service: Service, actor: Actor) -> int:
    """Run every check of the guideline and keep the results; return the run's number."""
    return await run_in_threadpool(_check, address_of(service), actor)


def address_of(service: Service) -> str:
    """Return the database's address."""
    return str(service.pool.conninfo)


def person_of(caller: Caller) -> Person:
    """Return the caller as one who decides."""
    return Person(caller.ref, caller.person_id)


def _work(conninfo: str, do: Callable[[Database], Result]) -> Result:
    try:
        with psycopg.connect(conninfo, autocommit=True, connect_timeout=5) as connection:
            connection.execute(f"SET ROLE {APP_ROLE}".encode())
            return do(connection)
    except RefusedError as error:
        kind = f"refused-{error.reason.replace(' ', '-')}"
        raise Problem(409, kind, str(error)) from error
    except SchemaError as error:
        raise Problem(422, "invalid", str(error)) from error


def _check(conninfo: str, actor: Actor) -> int:
    """Look with the owner's eyes: the service's role does not see what waits for the log."""
    with psycopg.connect(conninfo, autocommit=True, connect_timeout=5) as connection:
        return store(connection, run_checks(inspect(connection, os.environ)), actor=actor)
