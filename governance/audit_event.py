"""One audit event: what happened, to what, by whom, with which model. Pure values and bytes.

The bytes are what the log stores and hashes; they are never written again from parsed
data. No names, places, pictures or free text of people belong into an event.
"""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

import msgspec

from governance.event_fields import SHA256, Value
from governance.event_types import NotLoggedError, require_allowed

ActorKind = Literal["person", "vehicle", "machine"]


class Actor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who acted: a person's or device's reference, never a name."""

    kind: ActorKind
    ref: str


class Subject(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was acted upon."""

    kind: str
    id: str


class AuditEvent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of the log; `data` holds strings, whole numbers and truths, no floats."""

    id: UUID
    type: str  # "batch.accepted", "verdict.given", …
    time: datetime  # UTC, the server's clock
    actor: Actor
    subject: Subject
    system: str = "stadtwart"
    model: str | None = None  # sha256 of the model file, where one was involved
    data: dict[str, Value] = {}
    v: Literal[1] = 1


def event_id() -> UUID:
    """Make a UUIDv7 (RFC 9562): sorted by time, unique by 74 random bits."""
    stamp = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10), "big")
    number = (stamp << 80) | (0x7 << 76) | ((noise >> 62 & 0xFFF) << 64)
    return UUID(int=number | (0b10 << 62) | (noise & (1 << 62) - 1))


def event(
    kind: str,
    *,
    actor: Actor,
    subject: Subject,
    model: str | None = None,
    data: dict[str, Value] | None = None,
) -> AuditEvent:
    """Make an event that happens now.

    Raises NotLoggedError for a type, a data field or a value that is not on the list of
    governance/event_types.py.
    """
    require_allowed(
        kind,
        actor=(actor.kind, actor.ref),
        subject=(subject.kind, subject.id),
        data=data or {},
    )
    if model is not None and not SHA256.fits(model):
        raise NotLoggedError(f"{kind}: the model is named by {SHA256.says}, not {model[:60]!r}")
    return AuditEvent(
        id=event_id(),
        type=kind,
        time=datetime.now(UTC),
        actor=actor,
        subject=subject,
        model=model,
        data=data or {},
    )


def canonical(happened: AuditEvent) -> bytes:
    """Write the event as RFC 8785 would: sorted keys, no spaces, UTF-8.

    Floats are refused, because their text differs between languages; with strings,
    whole numbers below 2^53 and truths only, plain sorted JSON is the canonical form.

    Raises ValueError for a float or a number of 2^53 and more.
    """
    body = msgspec.to_builtins(happened)
    _refuse_floats(body)
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise ValueError(f"audit events hold no floats, found {value}")
    if isinstance(value, int) and abs(value) >= 2**53:
        raise ValueError(f"audit events hold whole numbers below 2^53, found {value}")
    for inner in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        _refuse_floats(inner)
