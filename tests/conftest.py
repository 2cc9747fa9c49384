"""Fixtures for every test: a private PostGIS, a database for each test, a city that serves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from gis.postgis.cluster import Cluster
from gis.postgis.load_city import load_city
from tests.postgres import fresh_database, make_template, private_cluster
from tests.serving import CityServer, serving
from tests.small_city import write_small_city

# a busy machine is no failure; speed is measured in tests/bench
settings.register_profile("city", deadline=None)
settings.load_profile("city")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A running cluster with a migrated template, shared by the session."""
    with private_cluster() as cluster:
        make_template(cluster)
        yield cluster


@pytest.fixture
def database_url(postgres: Cluster) -> Iterator[str]:
    """The address of an empty, migrated database (as its owner)."""
    with fresh_database(postgres) as url:
        yield url


@pytest.fixture(scope="session")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city folder with two districts and three streets."""
    return write_small_city(tmp_path_factory.mktemp("small_city"))


@pytest.fixture
def city_url(database_url: str, small_city: Path) -> str:
    """The address of a database with the small city loaded."""
    load_city(database_url, small_city)
    return database_url


@pytest.fixture
def city(city_url: str) -> Iterator[CityServer]:
    """The small city's service, on a real socket."""
    with serving(city_url) as server:
        yield server
