"""Named queries: one SQL file each under sql/, its first line a comment that says what for."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import LiteralString, cast

FOLDER = Path(__file__).parent / "sql"


@cache
def query(name: str) -> LiteralString:
    """Return the SQL text of a query; the file is ours, so it counts as literal.

    Raises FileNotFoundError for a name without a file.
    """
    return cast(LiteralString, (FOLDER / f"{name}.sql").read_text(encoding="utf-8"))
