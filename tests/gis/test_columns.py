"""Whatever goes in as a column comes out of PostgreSQL as the same values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import psycopg

from gis.postgis import columns

FLOATS = [0.0, -0.0, 0.1, 1e-300, 1.7976931348623157e308, 51.48213371234567, None]
INTEGERS = [0, -1, 2**62, None]
TIMES = [
    datetime(2026, 5, 4, 8, 30, 0, 123456, UTC),
    datetime(2026, 5, 4, tzinfo=timezone(timedelta(hours=2))),
]
TEXTS = ["", 'a "b"', "c\\d", "{e,f}", "NULL", "null", "line\nbreak\ttab", "ä–€𝄞", " ", None]


def test_values_survive_the_way_into_the_database(database_url: str) -> None:
    sent: list[tuple[bytes, str, list[object]]] = [
        (b"float8[]", columns.plain(FLOATS), list(FLOATS)),
        (b"bigint[]", columns.plain(INTEGERS), list(INTEGERS)),
        (b"bool[]", columns.plain([True, False, None]), [True, False, None]),
        (b"uuid[]", columns.plain([UUID(int=7)]), [UUID(int=7)]),
        (b"timestamptz[]", columns.plain(TIMES), list(TIMES)),
        (b"text[]", columns.plain(["D40", None]), ["D40", None]),
        (b"text[]", columns.texts(TEXTS), list(TEXTS)),
        (b"text[]", columns.texts([]), []),
        (b"float8[]", columns.plain([]), []),
    ]
    with psycopg.connect(database_url) as connection:
        for kind, literal, values in sent:
            row = connection.execute(b"SELECT %s::" + kind, [literal]).fetchone()
            assert row is not None
            assert row[0] == values, literal
