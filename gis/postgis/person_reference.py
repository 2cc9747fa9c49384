"""How a person is named in decisions and in the audit log: a reference that may be cut.

The reference is an HMAC under a key of this person and year. Who holds the key can say which
references are this person's; once the key is deleted nobody can, and the log need not change.
"""

from __future__ import annotations

import hmac
import os
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from gis.postgis.queries import query

KEY_BYTES = 32


async def reference(connection: AsyncConnection[Any], person_id: UUID, year: int) -> str:
    """Return the person's reference of a year, 64 hexadecimal digits, making its key first.

    After an erasure the same person gets another key, so another reference.
    """
    wanted = {"person_id": person_id, "year": year}
    row = await _key(connection, wanted)
    if row is None:
        fresh = wanted | {"key": os.urandom(KEY_BYTES)}
        await connection.execute(query("person_key_make"), fresh)
        row = await _key(connection, wanted)  # ours, or the one of whoever was quicker
    if row is None:
        raise RuntimeError(f"the key of person {person_id} vanished while it was made")
    return reference_under(row[0], person_id=person_id, year=year)


def reference_under(key: bytes, *, person_id: UUID, year: int) -> str:
    """Return the reference that a key makes: HMAC-SHA256 over purpose, year and person."""
    message = f"stadtwart person reference v1\n{year}\n{person_id}"
    return hmac.new(key, message.encode(), "sha256").hexdigest()


async def _key(connection: AsyncConnection[Any], wanted: dict[str, Any]) -> tuple[bytes] | None:
    return await (await connection.execute(query("person_key"), wanted)).fetchone()
