"""A planted city, made once and cloned for each test: the import takes longer than the tests."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import psycopg
import pytest

from gis.postgis.cluster import Cluster
from tests.irrigation.a_city import with_weather
from tests.postgres import fresh_database

_number = count(1)


@pytest.fixture(scope="session")
def planted(postgres: Cluster) -> Iterator[str]:
    """The name of a database with Musterstadt's trees, sensors and weather; nobody writes to it."""
    with fresh_database(postgres) as url:
        with_weather(url)
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT current_database()").fetchone()
        assert row is not None
        yield str(row[0])


@pytest.fixture
def city_with_weather(postgres: Cluster, planted: str) -> Iterator[str]:
    """The address of a clone of the planted city."""
    name = f"planted_{next(_number)}"
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {planted}".encode())
        try:
            yield postgres.url(name)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
