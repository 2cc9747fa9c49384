"""The way to the database: its address, and a pool whose connections hold only the app's rights."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from gis.postgis.cluster import Cluster
from gis.postgis.data_folder import data_folder

APP_ROLE = "stadtwart_app"
Pool = AsyncConnectionPool[AsyncConnection[Any]]


def embedded_cluster(environ: Mapping[str, str] = os.environ) -> Cluster:
    """Return the cluster of this machine's data folder."""
    return Cluster(data_folder(environ) / "postgres")


def start_database(environ: Mapping[str, str] = os.environ) -> str:
    """Return the database's address: DATABASE_URL where set, else the embedded cluster, started."""
    return environ.get("DATABASE_URL") or embedded_cluster(environ).start()


def make_pool(url: str, *, most: int = 12, wait_s: float = 5.0, is_for_jobs: bool = False) -> Pool:
    """Make a closed pool of autocommitting connections; open it with `await pool.open()`.

    Autocommit because one statement is one transaction here; the few flows of several
    statements say `async with connection.transaction()`. The job queue brings its own
    transactions, and its connections are tried before they are lent: one more round trip,
    so not for ingest.
    """
    return AsyncConnectionPool(
        url,
        min_size=2,
        max_size=most,
        timeout=wait_s,
        open=False,
        kwargs={"connect_timeout": 5} | ({} if is_for_jobs else {"autocommit": True}),
        configure=take_app_role,
        check=AsyncConnectionPool.check_connection if is_for_jobs else None,
        reconnect_timeout=30,
        name="stadtwart",
    )


async def take_app_role(connection: AsyncConnection[Any]) -> None:
    """Give up the owner's rights, so that the append-only tables are append-only for us too."""
    await connection.execute(f"SET ROLE {APP_ROLE}")
    await connection.execute("SET TIME ZONE 'UTC'")
    await connection.commit()
