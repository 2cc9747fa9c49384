"""What was read from the city's records: rows by name, or nothing where a part is not in use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from governance.report.model import Figure, Unit
from governance.report.rates import wilson

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Readings:
    """Rows by the name of their query; a name without rows in `found` is not in use here."""

    found: Mapping[str, list[Row]]

    def uses(self, name: str) -> bool:
        """Say whether this part of the system exists in this city."""
        return name in self.found

    def rows(self, name: str) -> list[Row]:
        """Return the rows of a query; none where the part is not in use."""
        return self.found.get(name, [])

    def one(self, name: str) -> Row:
        """Return the single row of a query; an empty one where the part is not in use."""
        rows = self.rows(name)
        return rows[0] if rows else {}

    def source(self, name: str) -> str:
        """Name the query for the reader who wants to repeat it."""
        return f"report_{name}.sql"

    def count(
        self, key: str, name: str, column: str | None = None, *, unit: Unit = "count"
    ) -> Figure:
        """Return what a query counted; "not in use" where there is nothing to count."""
        if not self.uses(name):
            return absent(key, unit, self.source(name))
        value = self.one(name).get(column or key.rpartition(".")[2])
        return Figure(
            key=key,
            value=rounded(value or 0),
            unit=unit,
            standing="counted",
            source=self.source(name),
        )


def share(key: str, hits: int, cases: int, source: str) -> Figure:
    """Return a share with its interval; without cases there is none."""
    if cases == 0:
        return Figure(key=key, value=None, unit="share", standing="no cases", source=source, n=0)
    low, high = wilson(hits, cases)
    return Figure(
        key=key,
        value=rounded(hits / cases),
        unit="share",
        standing="counted",
        source=source,
        n=cases,
        low=rounded(low),
        high=rounded(high),
    )


def absent(key: str, unit: Unit, source: str, *, is_unknown: bool = False) -> Figure:
    """Return a figure that cannot be said: not in use here, or never recorded."""
    standing: Any = "unknown" if is_unknown else "not in use"
    return Figure(key=key, value=None, unit=unit, standing=standing, source=source)


def total(rows: Iterable[Row], column: str) -> int:
    """Add up a column of whole numbers."""
    return sum(int(row[column] or 0) for row in rows)


def rounded(value: Any) -> int | float:
    """Keep whole numbers; cut the rest to six decimals, so that JSON repeats to the byte."""
    return value if isinstance(value, int) else round(float(value), 6)
