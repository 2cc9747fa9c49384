"""What the database itself promises: triggers, constraints, columns and rights, read at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from gis.postgis.queries import query


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table or view."""

    table: str
    name: str
    type: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The schema as PostgreSQL describes it, not as our migrations meant it."""

    triggers: dict[tuple[str, str], str]  # (table, name): text of the function
    constraints: tuple[tuple[str, str], ...]  # table, definition
    columns: tuple[Column, ...]

    def fires(self, table: str, trigger: str, *, calling: str = "") -> bool:
        """Say whether a trigger is there, enabled, and its function holds a text."""
        return calling in self.triggers.get((table, trigger), "\0")

    def holds(self, table: str, fragment: str) -> bool:
        """Say whether a validated constraint of the table contains a text."""
        return any(name == table and fragment in text for name, text in self.constraints)

    def has_table(self, table: str) -> bool:
        """Say whether there is such a table or view."""
        return any(column.table == table for column in self.columns)

    def column(self, table: str, name: str) -> Column | None:
        """Return a column."""
        wanted = (column for column in self.columns if (column.table, column.name) == (table, name))
        return next(wanted, None)


def read_catalogue(connection: Connection[Any]) -> Catalogue:
    """Read pg_catalog."""
    triggers = connection.execute(query("governance_triggers")).fetchall()
    columns = connection.execute(query("governance_columns")).fetchall()
    return Catalogue(
        triggers={(table, name): body for table, name, body in triggers},
        constraints=tuple(connection.execute(query("governance_constraints")).fetchall()),
        columns=tuple(Column(*row[:4]) for row in columns),
    )


def changing_rights(connection: Connection[Any], tables: Iterable[str]) -> list[tuple[str, str]]:
    """Return (table, right) where the service could rewrite what may only grow."""
    rows = connection.execute(query("governance_privileges"), {"tables": list(tables)})
    return [(str(table), str(right)) for table, right in rows]
