"""Fixtures for every test: a private PostGIS, and a database of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gis.postgis.cluster import Cluster
from tests.postgres import fresh_database, make_template, private_cluster


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
