"""A city's own server: the database belongs to an ordinary role, not to a superuser."""

from __future__ import annotations

import psycopg
import pytest

from gis.postgis.cluster import Cluster
from gis.postgis.errors import MigrationError
from gis.postgis.migrate import migrate


def test_an_ordinary_owner_is_told_what_is_missing_and_then_can_go_on(postgres: Cluster) -> None:
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as admin:
        admin.execute("CREATE ROLE town_owner LOGIN CREATEROLE")
        admin.execute("CREATE DATABASE town OWNER town_owner")
    owner_url = postgres.url("town").replace("stadtwart@", "town_owner@", 1)
    with pytest.raises(MigrationError, match="CREATE EXTENSION postgis"):
        migrate(owner_url)
    with psycopg.connect(postgres.url("town"), autocommit=True) as admin:
        admin.execute("CREATE EXTENSION postgis")
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as admin:
        admin.execute("GRANT stadtwart_app TO town_owner WITH ADMIN OPTION")
    assert migrate(owner_url)
    assert migrate(owner_url) == []
