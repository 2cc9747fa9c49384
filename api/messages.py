"""Truck messages at the rim: decode with msgspec, describe in OpenAPI from the same definition."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from api.problems import SCHEMA, Problem
from contracts.ai_label import AiLabel
from contracts.batch import Batch, Receipt
from contracts.coverage import Coverage, CoverageReceipt, StreetMap
from contracts.enrolment import Enrolment, EnrolmentReceipt
from contracts.heartbeat import Heartbeat
from governance.audit_event import AuditEvent
from governance.report.model import Report

Message = TypeVar("Message")
MESSAGES = (
    *(Batch, Receipt, Heartbeat, Coverage, CoverageReceipt, StreetMap),
    *(Enrolment, EnrolmentReceipt, AiLabel, AuditEvent, Report),
)
AUDIT_EVENTS = {
    "type": "object",
    "required": ["items"],
    "properties": {
        "items": {"type": "array", "items": {"$ref": "#/components/schemas/AuditEvent"}}
    },
}


def decode(decoder: msgspec.json.Decoder[Message], body: bytes) -> Message:
    """Read a message; raise Problem 422 that names the place in it."""
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Problem(422, "invalid", f"{error}") from error


def body_of(message: str) -> dict[str, Any]:
    """Describe a request body by one of the messages."""
    schema = {"$ref": f"#/components/schemas/{message}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def json_answer(status: int, message: str, description: str) -> dict[int | str, dict[str, Any]]:
    """Describe an answer by one of the messages."""
    schema = {"$ref": f"#/components/schemas/{message}"}
    return {
        status: {"description": description, "content": {"application/json": {"schema": schema}}}
    }


def components() -> dict[str, Any]:
    """Return the schemas of all messages and of problems, as OpenAPI names them."""
    _, found = msgspec.json.schema_components(MESSAGES, ref_template="#/components/schemas/{name}")
    return {**found, "Problem": SCHEMA, "AuditEvents": AUDIT_EVENTS}
