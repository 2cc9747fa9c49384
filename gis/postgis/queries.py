"""Named queries: one SQL file each under sql/, its first line a comment that says what for."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import LiteralString

FOLDER = Path(__file__).parent / "sql"


@cache
def query(name: str) -> LiteralString:
    """Return the SQL text of a query.

    Raises FileNotFoundError for a name without a file.
    """
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
