"""A city whose models are approved and whose register is public, and a way to look at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from gis.postgis.cluster import Cluster
from gis.postgis.governance import demo
from gis.postgis.governance.guideline_run import check_of, run_checks, store
from gis.postgis.governance.inspection import inspect
from gis.postgis.governance.load import load
from gis.postgis.load_city import load_city
from governance.check_result import CheckResult
from governance.guideline import read_guideline
from tests.postgres import TEMPLATE

Connection = psycopg.Connection[Any]
_number = count(1)


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test a data folder without a log in it."""
    monkeypatch.setenv("STADTWART_DATA", str(tmp_path))


@pytest.fixture
def here(city_url: str) -> Iterator[Connection]:
    """A connection to the small city, where nothing is loaded, checked or approved."""
    with psycopg.connect(city_url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def ready_template(postgres: Cluster, small_city: Path) -> str:
    """A database with cards and records, checked once; to be cloned."""
    name = _clone(postgres, TEMPLATE)
    load_city(postgres.url(name), small_city)
    with psycopg.connect(postgres.url(name), autocommit=True) as connection:
        load(connection)
        store(connection, run_checks(inspect(connection)))
    return name


@pytest.fixture(scope="session")
def approved_template(postgres: Cluster, ready_template: str) -> str:
    """A database with approved models and published records; to be cloned."""
    name = _clone(postgres, ready_template)
    demo.approve(postgres.url(name))
    return name


@pytest.fixture
def ready(postgres: Cluster, ready_template: str) -> Iterator[Connection]:
    """A checked city with cards and records, where nothing is approved yet."""
    with _cloned(postgres, ready_template) as connection:
        yield connection


@pytest.fixture
def approved(postgres: Cluster, approved_template: str) -> Iterator[Connection]:
    """The small city with approved models and published records."""
    with _cloned(postgres, approved_template) as connection:
        yield connection


def checked(connection: Connection, rule_id: str) -> CheckResult:
    """Check one rule now."""
    rule = read_guideline().rule(rule_id)
    assert rule is not None, rule_id
    return check_of(rule)(inspect(connection))


def faults(result: CheckResult) -> list[str]:
    """Return what speaks against the rule."""
    return [one.en for one in result.evidence if one.is_fault]


def _clone(cluster: Cluster, template: str) -> str:
    name = f"governance_{next(_number)}"
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    return name


@contextmanager
def _cloned(cluster: Cluster, template: str) -> Iterator[Connection]:
    name = _clone(cluster, template)
    try:
        with psycopg.connect(cluster.url(name), autocommit=True) as connection:
            yield connection
    finally:
        with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
