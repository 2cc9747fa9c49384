"""A person stands in decisions under a reference; without its key the reference leads nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import AsyncConnection

from gis.postgis import sealed_payload
from gis.postgis.database import take_app_role
from gis.postgis.person_reference import reference, reference_under
from governance.event_fields import SHA256
from governance.log import payload

ERIKA, MAX = UUID(int=1), UUID(int=2)


@asynccontextmanager
async def application(url: str) -> AsyncIterator[AsyncConnection[Any]]:
    """A connection with the application's rights."""
    async with await AsyncConnection.connect(url, autocommit=True) as connection:
        await take_app_role(connection)
        yield connection


def forget(url: str, statement: str) -> None:
    """Delete as the keeper may."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET ROLE stadtwart_keeper")
        connection.execute(statement.encode())


def references(url: str, *wanted: tuple[UUID, int]) -> list[str]:
    """Ask for references, all at once."""

    async def ask(person_id: UUID, year: int) -> str:
        async with application(url) as connection:
            return await reference(connection, person_id, year)

    async def ask_all() -> list[str]:
        return await asyncio.gather(*(ask(*one) for one in wanted))

    return asyncio.run(ask_all())


def test_a_person_has_one_reference_a_year_however_many_ask_at_once(database_url: str) -> None:
    same = references(database_url, *[(ERIKA, 2027)] * 8)
    others = references(database_url, (ERIKA, 2028), (MAX, 2027))
    assert len(set(same)) == 1
    assert len({same[0], *others}) == 3, "another year, another person: another reference"
    assert SHA256.fits(same[0])


def test_without_its_key_a_reference_leads_to_nobody_and_the_person_begins_anew(
    database_url: str,
) -> None:
    (before,) = references(database_url, (ERIKA, 2027))
    with psycopg.connect(database_url) as connection:
        keys = [bytes(one) for (one,) in connection.execute("SELECT key FROM person_key")]
    assert [reference_under(key, person_id=ERIKA, year=2027) for key in keys] == [before]
    forget(database_url, "DELETE FROM person_key")
    (after,) = references(database_url, (ERIKA, 2027))
    assert after != before


def test_the_application_may_make_keys_but_not_delete_them(database_url: str) -> None:
    references(database_url, (ERIKA, 2027))
    for verb in ("DELETE FROM person_key", "UPDATE person_key SET key = key"):
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("SET ROLE stadtwart_app")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(verb.encode())


def test_a_note_beside_the_log_is_read_by_its_commitment_and_gone_without_its_key(
    database_url: str,
) -> None:
    async def keep_and_read() -> tuple[str, bytes, str]:
        async with application(database_url) as connection:
            committed = await sealed_payload.keep(connection, "Anruf von Frau Mustermann")
            found = await sealed_payload.read(connection, committed)
            assert found is not None
            return committed, *found

    committed, salt, text = asyncio.run(keep_and_read())
    assert text == "Anruf von Frau Mustermann"
    assert payload.commitment(salt, text.encode()).hex() == committed
    with psycopg.connect(database_url) as connection:
        ((sealed,),) = connection.execute("SELECT sealed FROM sealed_payload").fetchall()
    assert b"Mustermann" not in bytes(sealed)
    forget(database_url, "DELETE FROM payload_key")

    async def read_again() -> object:
        async with application(database_url) as connection:
            return await sealed_payload.read(connection, committed)

    assert asyncio.run(read_again()) is None
