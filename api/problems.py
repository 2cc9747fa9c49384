"""Everything that goes wrong, as RFC 9457 problem documents; the only place that writes them."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
STOPPED = "SW008"  # raised by the triggers that heed an incident's stop
MEANINGS = {
    400: "The request could not be read.",
    401: "No token or session, or a wrong one.",
    403: "This role may not do that, or the request came from another site.",
    404: "There is no such thing.",
    405: "This address knows no such method.",
    408: "The body took too long to arrive.",
    409: "It contradicts what is stored; the detail says what.",
    413: "The body is larger than 2 MB.",
    415: "The body has another media type than this address takes.",
    422: "The content is not what this address takes; the detail says where.",
    429: "Too many tries; Retry-After says when to come back.",
    502: "The city's identity provider does not answer.",
    503: "The database does not answer or its disk is full; try again after Retry-After seconds.",
}
SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "description": "a stable name: urn:stadtwart:problem:…"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what, which value, and the remedy"},
        "instance": {"type": "string", "description": "the address, or the id of an error"},
    },
}


class Problem(HTTPException):
    """A refusal with its reason; `kind` is a stable name for programs, `detail` for people."""

    def __init__(
        self, status: int, kind: str, detail: str, *, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(status, detail, headers)
        self.kind = kind


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe a route's problems for OpenAPI."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {code: {"description": MEANINGS[code], "content": content} for code in statuses}


def problem(
    status: int,
    kind: str,
    detail: str,
    *,
    instance: str,
    headers: dict[str, str] | None = None,
) -> Response:
    """Write one problem document."""
    body = {
        "type": f"urn:stadtwart:problem:{kind}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": instance,
    }
    return Response(msgspec.json.encode(body), status, headers, MEDIA_TYPE)


def unexpected(error: Exception, path: str) -> Response:
    """Answer with an id alone; the log has the id and the trace."""
    number = uuid4()
    logger.error("unexpected error id=%s path=%s", number, path, exc_info=error)
    detail = f"Something went wrong here, not with you. Tell the operator this id: {number}"
    return problem(500, "unexpected", detail, instance=f"urn:uuid:{number}")


def add_handlers(app: FastAPI) -> None:
    """Translate each kind of exception into its problem."""
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(msgspec.MsgspecError, _not_the_message)
    app.add_exception_handler(psycopg.OperationalError, _database_away)
    app.add_exception_handler(psycopg.DataError, _not_storable)
    app.add_exception_handler(psycopg.DatabaseError, _stopped)


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise TypeError("registered for HTTPException") from error
    kind = error.kind if isinstance(error, Problem) else f"http-{error.status_code}"
    headers = dict(error.headers) if error.headers else None
    path = request.url.path
    return problem(error.status_code, kind, error.detail, instance=path, headers=headers)


async def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise TypeError("registered for RequestValidationError") from error
    found = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:5]]
    return problem(422, "invalid", "; ".join(found), instance=request.url.path)


async def _not_the_message(request: Request, error: Exception) -> Response:
    return problem(422, "invalid", str(error), instance=request.url.path)


async def _not_storable(request: Request, error: Exception) -> Response:
    logger.info("value refused by database path=%s reason=%s", request.url.path, error)
    detail = "a value cannot be stored: text holds a zero character, or a number is too large"
    return problem(422, "invalid", detail, instance=request.url.path)


async def _database_away(request: Request, error: Exception) -> Response:
    if isinstance(error, psycopg.errors.DiskFull):
        return _database_full(request, error)
    logger.warning("database away path=%s reason=%s", request.url.path, _first_line(error))
    request.app.state.service.notice_broken_connections()
    detail = f"the database does not answer: try again in {RETRY_AFTER_S} s, nothing was stored"
    headers = {"Retry-After": str(RETRY_AFTER_S)}
    path = request.url.path
    return problem(503, "database-away", detail, instance=path, headers=headers)


def _database_full(request: Request, error: Exception) -> Response:
    """Answer 503, not 507: whoever sends waits and sends again, whatever stopped the city.

    A disk that is full for the write-ahead log takes the server down: that is "database-away".
    """
    logger.error("database full path=%s reason=%s", request.url.path, _first_line(error))
    detail = (
        f"the disk of the database is full: try again in {RETRY_AFTER_S} s, nothing was stored; "
        "an operator must make room"
    )
    headers = {"Retry-After": str(RETRY_AFTER_S)}
    return problem(503, "database-full", detail, instance=request.url.path, headers=headers)


async def _stopped(request: Request, error: Exception) -> Response:
    """Translate the database's word that a person has stopped this; all else is unexpected."""
    if not isinstance(error, psycopg.Error) or error.sqlstate != STOPPED:
        raise error
    return problem(409, "stopped", _first_line(error), instance=request.url.path)


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]
