"""Fill a template from a city's profile; what the profile lacks is named, never left blank."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.exceptions import UndefinedError

from governance.citations import appendix
from governance.report.words import day, number, plain

FOLDER = Path(__file__).parent / "de"
FREE = ("detector", "soil", "software", "made_on", "name")  # not from the profile
LEFTOVER = re.compile(
    r"\{\{|\}\}|\{%|%\}|\bTODO\b|\bXXX\b|_{4,}|\[\s*\.\.\.\s*\]|\bNone\b|…\s*einfügen"
)


class TemplateError(ValueError):
    """A document cannot be filled; the message names template, field and remedy."""

    exit_code = 5


def names() -> list[str]:
    """List the templates by name, in the order in which a city needs them."""
    return sorted(file.name.removesuffix(".md") for file in FOLDER.glob("*.md"))


def fields_of(name: str) -> list[tuple[str, str]]:
    """List the profile fields a template asks for, as table and field."""
    tree = _environment().parse(_source(name))
    asked = {
        (one.node.name, one.attr)
        for one in tree.find_all(nodes.Getattr)
        if isinstance(one.node, nodes.Name) and one.node.name not in (*FREE, "loop")
    }
    local = {one.name for one in tree.find_all(nodes.Name) if one.ctx == "store"}
    return sorted(pair for pair in asked if pair[0] not in local)


def missing(name: str, profile: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """List what the profile lacks for this template, as `[table] field`."""
    return [
        f"[{table}] {field}"
        for table, field in fields_of(name)
        if profile.get(table, {}).get(field) is None
    ]


def fill(
    name: str, profile: Mapping[str, Mapping[str, Any]], facts: Mapping[str, Any], *, source: str
) -> str:
    """Return the document as Markdown; `source` is the profile's file, for the message.

    Raises TemplateError for a field that the profile lacks, and for anything left unfilled.
    """
    if lacking := missing(name, profile):
        raise TemplateError(
            f"{name}: {source} lacks {', '.join(lacking)}: fill them in (docs/templates.md says "
            "what each one asks)"
        )
    try:
        text = _environment().from_string(_source(name)).render(**profile, **facts)
    except UndefinedError as error:
        raise TemplateError(f"{name}: {error.message} (template {FOLDER / name}.md)") from error
    if found := LEFTOVER.search(text):
        raise TemplateError(f"{name}: {found.group()!r} was left in the text (template's mistake)")
    return text + appendix(text, name)


def title_of(text: str) -> str:
    """Return the first heading of a document."""
    return next(line[2:].strip() for line in text.split("\n") if line.startswith("# "))


def _source(name: str) -> str:
    file = FOLDER / f"{name}.md"
    if not file.is_file():
        raise TemplateError(f"no template {name!r}: choose from {', '.join(names())}")
    return file.read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    """The texts are Markdown, not HTML: nothing is escaped here, the renderer refuses raw HTML."""
    made = Environment(  # noqa: S701
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["zahl"] = _number
    made.filters["prozent"] = lambda share: number(share, "share", "de")
    made.filters["tag"] = lambda value: day(value, "de")
    made.filters["fahrzeugen"] = lambda one: "einem Fahrzeug" if one == 1 else f"{one} Fahrzeugen"
    return made


def _number(value: float | date, digits: int = 0) -> str:
    return plain(float(value), digits, "de")  # type: ignore[arg-type]  # a template passes numbers
