"""Forms of pages that work without a script: fields of a POST as a message, refused like JSON."""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import parse_qsl

from fastapi import Request
from pydantic import BaseModel, ValidationError

from api.problems import Problem

Message = TypeVar("Message", bound=BaseModel)
MEDIA_TYPE = "application/x-www-form-urlencoded"
MOST_FIELDS = 50


async def read_form(request: Request, message: type[Message]) -> Message:
    """Read the fields as a message; an empty field is one that was not filled in.

    Raises Problem 415 for another media type, 422 for fields that are not the message.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip()
    if kind != MEDIA_TYPE:
        raise Problem(415, "no-form", f"this address takes {MEDIA_TYPE}, not {kind!r}")
    try:
        pairs = parse_qsl(
            (await request.body()).decode(), max_num_fields=MOST_FIELDS, strict_parsing=True
        )
        return message.model_validate({name: value for name, value in pairs if value.strip()})
    except ValidationError as error:
        raise Problem(422, "invalid", in_words(error)) from error
    except ValueError as error:
        raise Problem(422, "invalid", f"the form cannot be read: {error}") from error


def in_words(error: ValidationError) -> str:
    """Name the first fields that are wrong."""
    found = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:5]]
    return "; ".join(found)
