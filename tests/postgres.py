"""A private PostGIS for tests: one cluster a session, one cloned database a test."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

from gis.postgis.cluster import Cluster
from gis.postgis.migrate import migrate

TEMPLATE = "migrated"
# PostGIS brings 8,500 coordinate systems, a third of the bytes; Europe's and the world's stay
FAR_AWAY = """
    DELETE FROM spatial_ref_sys
    WHERE NOT (srid IN (3035, 3857, 4258, 4326, 5674) OR srid BETWEEN 25828 AND 25838
        OR srid BETWEEN 31466 AND 31469 OR srid BETWEEN 32601 AND 32760)
"""
_number = count(1)


@contextmanager
def private_cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Run a cluster in a short, world-enterable folder and remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="sw-"))
    folder.chmod(0o755)  # the server's user must be able to enter
    cluster = Cluster(folder / "pg", durable=durable)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def make_template(cluster: Cluster) -> None:
    """Migrate one database, to be cloned for each test; kept small, for a clone copies it all."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE}".encode())
    migrate(cluster.url(TEMPLATE))
    with psycopg.connect(cluster.url(TEMPLATE), autocommit=True) as connection:
        connection.execute(FAR_AWAY)
        connection.execute("VACUUM FULL spatial_ref_sys")


@contextmanager
def fresh_database(cluster: Cluster, *, template: str = TEMPLATE) -> Iterator[str]:
    """Clone a template, hand out the clone's address (as the owner), drop it afterwards."""
    name = f"test_{next(_number)}"
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        try:
            yield cluster.url(name)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
