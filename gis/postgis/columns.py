"""Columns of values as PostgreSQL array literals, for `unnest`.

The driver's own dumper of lists asks each element for its type: 3 µs apiece, three quarters of
what the server spent on a sighting. These joins take a fifth of that. Pure text.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID


def numbers(values: Iterable[float | None]) -> str:
    """Write numbers and truths; `repr` keeps every digit of a float.

    >>> numbers([1, 0.1, None, True])
    '{1,0.1,NULL,True}'
    """
    return "{" + ",".join(["NULL" if value is None else repr(value) for value in values]) + "}"


def uuids(values: Iterable[UUID]) -> str:
    """Write identifiers."""
    return "{" + ",".join([value.hex for value in values]) + "}"


def times(values: Iterable[datetime]) -> str:
    """Write times with their zone."""
    return "{" + ",".join([value.isoformat() for value in values]) + "}"


def words(values: Iterable[str]) -> str:
    """Write texts a contract holds to letters and digits: classes and hashes need no quotes."""
    return "{" + ",".join(values) + "}"


def texts(values: Iterable[str | None]) -> str:
    r"""Write any text, quoted.

    >>> print(texts(['a "b"', None, "c\\d"]))
    {"a \"b\"",NULL,"c\\d"}
    """
    return "{" + ",".join(["NULL" if value is None else _quoted(value) for value in values]) + "}"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
