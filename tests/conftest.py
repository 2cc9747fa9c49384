"""Fixtures for every test: a private PostGIS, a database for each test, a city that serves."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg.conninfo import conninfo_to_dict

from gis.postgis.cluster import Cluster
from gis.postgis.load_city import load_city
from tests.postgres import TEMPLATE, fresh_database, make_template, private_cluster
from tests.serving import CityServer, serving
from tests.small_city import write_small_city

# a busy machine is no failure; speed is measured in tests/bench
settings.register_profile("city", deadline=None)
settings.load_profile("city")

# a setting of container images that makes each of the many programs started here compile anew
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

PROCESSES = 2  # each with a PostgreSQL of its own; more would not fit an office machine's memory
LONGEST = ("tests/flows", "tests/faults", "tests/api/bench", "tests/web")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Share the tests between two processes; named files, or wrong ones, stay in this one."""
    cores = len(os.sched_getaffinity(0))
    is_shared = cores > 1 and any(Path(one).is_dir() for one in config.args)
    return min(PROCESSES, cores) if is_shared else 0


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the longest, so that both processes end at about the same time."""
    first = tuple(str(config.rootpath / one) for one in LONGEST)
    items.sort(key=lambda item: not str(item.path).startswith(first))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A running cluster with a migrated template, shared by the session."""
    with private_cluster() as cluster:
        make_template(cluster)
        yield cluster


@pytest.fixture
def database_url(request: pytest.FixtureRequest, postgres: Cluster) -> Iterator[str]:
    """The address of a migrated database (as its owner); empty, unless the city is asked for."""
    has_city = "city_url" in request.fixturenames
    template = request.getfixturevalue("city_template") if has_city else TEMPLATE
    with fresh_database(postgres, template=template) as url:
        if has_city:
            _loaded_just_now(url)
        yield url


def _loaded_just_now(url: str) -> None:
    """Let the events of the cloned city be new: one that waits for minutes is a fault."""
    with psycopg.connect(url) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")  # events never change
        connection.execute("UPDATE audit_outbox SET recorded_at = now()")


@pytest.fixture(scope="session")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city folder with two districts and three streets."""
    return write_small_city(tmp_path_factory.mktemp("small_city"))


@pytest.fixture(scope="session")
def city_template(postgres: Cluster, small_city: Path) -> Iterator[str]:
    """A database with the small city loaded once, to be cloned for each test."""
    with fresh_database(postgres) as url:
        load_city(url, small_city)
        yield str(conninfo_to_dict(url)["dbname"])


@pytest.fixture
def city_url(database_url: str) -> str:
    """The address of a database with the small city loaded."""
    return database_url


@pytest.fixture
def city(city_url: str) -> Iterator[CityServer]:
    """The small city's service, on a real socket."""
    with serving(city_url) as server:
        yield server
