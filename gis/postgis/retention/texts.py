"""Every column that can hold words has a rule that deletes it, or a stated reason why none does.

The list is texts.toml; the database's own catalogue says whether it is complete.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from psycopg import Connection

from gis.postgis.queries import query

FILE = Path(__file__).parent / "texts.toml"
WHOLE_ROW = "*"


@dataclass(frozen=True, slots=True)
class Texts:
    """What becomes of each column: `table.column`, or `table.*` where whole rows go."""

    rule_of: dict[str, str]  # column: kind of rules.RULES
    why_kept: dict[str, str]  # column: the reason

    def is_settled(self, column: str) -> bool:
        """Say whether a column stands in the list."""
        whole = f"{column.partition('.')[0]}.{WHOLE_ROW}"
        return column in self.rule_of or column in self.why_kept or whole in self.rule_of


@cache
def read_texts() -> Texts:
    """Read the list; raise ValueError for a column that stands there twice."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    ruled = [(column, kind) for kind, columns in told["rules"].items() for column in columns]
    kept = [(column, group["why"]) for group in told["kept"] for column in group["columns"]]
    names = [column for column, _ in (*ruled, *kept)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{FILE.name} says twice what becomes of {', '.join(twice)}")
    return Texts(dict(ruled), dict(kept))


def columns_with_words(connection: Connection[Any]) -> list[str]:
    """Return every `table.column` of the catalogue that can hold words."""
    return [row[0] for row in connection.execute(query("retention_columns"))]
