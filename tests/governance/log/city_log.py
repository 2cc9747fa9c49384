"""A city's log for tests: events into the outbox, the sequencer, the published files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from gis.postgis import outbox
from gis.postgis.audit.place import Place
from gis.postgis.audit.service import Service
from gis.postgis.audit.store import Store, open_row, row_of
from gis.postgis.queries import query
from governance.audit_event import Actor, Subject, event

BASE = "halle.example/ki-protokoll"


@dataclass(frozen=True)
class CityLog:
    """A database and a folder, and what a test does with them."""

    url: str
    folder: Path
    year: int = 2027

    @property
    def place(self) -> Place:
        """Keys and published files."""
        return Place(self.folder / "keys", self.folder / "public")

    def published(self, name: str = "2027") -> Path:
        """The published folder of a log."""
        return self.place.public / name

    def service(self, **settings: Any) -> Service:
        """The sequencer of this city."""
        year = self.year
        return replace(
            Service(self.url, self.place, lambda: year, base=BASE, publish_every_s=0.05),
            **settings,
        )

    def sequence(self, **settings: Any) -> None:
        """Run the sequencer until nothing waits."""
        self.service(**settings).run(is_stopped=lambda: False, until_empty=True)

    def tell(self, count: int, *, first: int = 0) -> list[UUID]:
        """Write events into the outbox, as the application does, 50 a transaction."""
        happened = [
            event(
                "verdict.given",
                actor=Actor("person", "road:token"),
                subject=Subject("damage", str(first + number)),
                data={"verdict": "confirmed", "seconds_spent": first + number},
            )
            for number in range(count)
        ]
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("SET ROLE stadtwart_app")
            for start in range(0, count, 50):
                with connection.transaction():
                    connection.cursor().executemany(
                        query("audit_record"),
                        [outbox.parameters(one) for one in happened[start : start + 50]],
                    )
        return [one.id for one in happened]

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Look into the database as its owner."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(statement.encode(), values).fetchall()

    def as_superuser(self, *statements: str, event_id: UUID | None = None) -> None:
        """Do what only the database's superuser can: switch the triggers off and change rows."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            for statement in statements:
                connection.execute(statement.encode(), [event_id] if event_id else None)

    def store(self, connection: psycopg.Connection[Any], origin: str | None = None) -> Store:
        """The rows of a log."""
        row = row_of(connection, origin) if origin else open_row(connection)
        assert row is not None
        return Store(connection, row)

    def checkpoint(self, name: str = "2027") -> str:
        """The published checkpoint."""
        return (self.published(name) / "checkpoint").read_text()
