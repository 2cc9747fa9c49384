"""Texts that belong to an audit event and may be erased: sealed beside the log, key apart.

Used where a note of a person belongs to an event. The caller's transaction holds note and event.
"""

from __future__ import annotations

import os
from typing import Any

from psycopg import AsyncConnection

from gis.postgis.queries import query
from governance.audit_event import event_id
from governance.log import payload


async def keep(connection: AsyncConnection[Any], text: str) -> str:
    """Seal a text and keep it; return its commitment in hexadecimal, for the event's data."""
    key, salt = os.urandom(payload.KEY_BYTES), os.urandom(payload.SALT_BYTES)
    nonce, raw = os.urandom(payload.NONCE_BYTES), text.encode()
    committed = payload.commitment(salt, raw)
    values = {
        "payload_id": event_id(),
        "commitment": committed,
        "sealed": payload.seal(raw, salt=salt, key=key, nonce=nonce),
        "key": key,
    }
    # a foreign key between two tables of one statement: checked at its end
    await connection.execute(query("payload_keep"), values)
    return committed.hex()


async def read(connection: AsyncConnection[Any], commitment: str) -> tuple[bytes, str] | None:
    """Return salt and text for a commitment; None once it is erased."""
    values = {"commitment": bytes.fromhex(commitment)}
    row = await (await connection.execute(query("payload_open"), values)).fetchone()
    if row is None:
        return None
    salt, text = payload.unseal(row[0], key=row[1], committed=values["commitment"])
    return salt, text.decode()
