"""What a check may look at: the database, its catalogue, the released models, the published log."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from psycopg import Connection

from gis.postgis.audit.place import Place
from gis.postgis.data_folder import data_folder
from gis.postgis.governance.catalogue import Catalogue, read_catalogue
from gis.postgis.governance.shipped import ShippedModel, shipped_models
from gis.postgis.queries import query


@dataclass(frozen=True, slots=True)
class Inspection:
    """One look at the city, shared by all checks of a run."""

    connection: Connection[Any]  # autocommitting
    catalogue: Catalogue
    models: tuple[ShippedModel, ...]
    log: Place
    now: datetime

    def rows(self, name: str, values: Mapping[str, Any] | None = None) -> list[Any]:
        """Run a named query."""
        return self.connection.execute(query(name), values).fetchall()


def inspect(connection: Connection[Any], environ: Mapping[str, str] = os.environ) -> Inspection:
    """Begin to look."""
    folder = data_folder(environ) / "audit"
    return Inspection(
        connection,
        read_catalogue(connection),
        tuple(shipped_models()),
        Place(folder / "keys", folder / "public"),
        datetime.now(UTC),
    )
