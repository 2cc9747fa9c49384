"""Our JSON Schemas (2020-12) and those written from published standards; the check against them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

FOLDER = Path(__file__).parent / "schemas"


class SchemaError(ValueError):
    """Data do not fit their schema; the message names the first places."""


@cache
def schema(name: str) -> dict[str, Any]:
    """Return `schemas/NAME.schema.json`."""
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.schema.json").read_text("utf-8"))
    return loaded


def faults(content: object, name: str) -> list[str]:
    """Say where content does not fit, as `place: what`; nothing means it fits."""
    checker = Draft202012Validator(schema(name), format_checker=FormatChecker())
    found = sorted(checker.iter_errors(content), key=lambda error: list(map(str, error.path)))
    return [f"{'/'.join(map(str, one.path)) or 'top'}: {one.message[:200]}" for one in found]


def require_valid(content: object, name: str, *, what: str) -> None:
    """Raise SchemaError unless content fits."""
    if found := faults(content, name):
        raise SchemaError(f"{what} does not fit {name}.schema.json: {'; '.join(found[:5])}")
