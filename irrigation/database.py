"""The way of the watering programs to the city's database: one connection, the app's rights."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from gis.postgis.database import APP_ROLE
from gis.postgis.queries import query
from irrigation.errors import NoTreesError


@contextmanager
def connected(url: str) -> Iterator[psycopg.Connection]:
    """Lend a connection inside one transaction, with no more rights than the service has."""
    with psycopg.connect(url) as connection:
        connection.execute(f"SET ROLE {APP_ROLE}".encode())
        connection.execute("SET TIME ZONE 'UTC'")
        yield connection


def require_trees(connection: psycopg.Connection) -> None:
    """Refuse to go on without trees, naming the command that brings them."""
    row = connection.execute(query("tree_count")).fetchone()
    if row is None or row[0] == 0:
        raise NoTreesError
