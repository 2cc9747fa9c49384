"""`stadtwart templates`: fill the Musterversionen from a city's profile: Markdown, ODT, PDF."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from api import document_files
from api.pdf import PdfLibraryError
from api.template_facts import facts
from gis.city import CityFolderError, read_facts
from gis.profile import read_profile
from governance.templates import fill


def main(argv: list[str] | None = None) -> int:
    """Run one verb and return the exit code."""
    parser = argparse.ArgumentParser(prog="stadtwart templates", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    render = verbs.add_parser("render", help="fill the templates; nothing is left blank")
    render.add_argument(
        "--city", type=Path, required=True, metavar="DIR", help="folder with city.toml"
    )
    render.add_argument("--out", type=Path, required=True, metavar="DIR")
    render.add_argument("--only", action="append", choices=fill.names(), metavar="NAME")
    render.add_argument("--format", action="append", choices=("md", "odt", "pdf"))
    render.set_defaults(run=_render)
    listed = verbs.add_parser("list", help="names and the profile fields each one asks for")
    listed.set_defaults(run=_list)
    given = parser.parse_args(argv)
    try:
        return int(given.run(given))
    except (fill.TemplateError, CityFolderError, PdfLibraryError) as error:
        print(f"templates: {error}", file=sys.stderr)
        return int(getattr(error, "exit_code", 5))


def _list(_given: argparse.Namespace) -> int:
    for name in fill.names():
        print(f"{name}: {', '.join(f'[{table}] {field}' for table, field in fill.fields_of(name))}")
    return 0


def _render(given: argparse.Namespace) -> int:
    formats = given.format or ("md", "odt", "pdf")
    for name, text in texts(given.city, given.only, on=datetime.now(UTC).date()).items():
        given.out.mkdir(parents=True, exist_ok=True)
        for ending in formats:
            file = given.out / f"{name}.{ending}"
            file.write_bytes(as_file(text, ending))
            print(file)
    return 0


def texts(folder: Path, only: list[str] | None, *, on: date) -> dict[str, str]:
    """Fill the templates for a city; all are filled before the first is written.

    Raises TemplateError for a field the profile lacks, CityFolderError for an unreadable profile.
    """
    file = folder / "city.toml"
    city = read_facts(folder)
    tables = tables_of(folder)
    known = facts(made_on=on, software=version("stadtwart"))
    lacking = {
        name: found for name in only or fill.names() if (found := fill.missing(name, tables))
    }
    if lacking:
        named = "; ".join(f"{name}: {', '.join(found)}" for name, found in lacking.items())
        raise fill.TemplateError(
            f"{file} lacks fields: {named}. Fill them in (docs/templates.md says what each asks)"
        )
    told = {**tables, "city": msgspec.to_builtins(city)}
    return {name: fill.fill(name, told, known, source=str(file)) for name in only or fill.names()}


def tables_of(folder: Path) -> dict[str, Mapping[str, Any]]:
    """Return the profile's tables with their fields, None where the city says nothing."""
    city = {"city": msgspec.to_builtins(read_facts(folder))}
    return {**city, **msgspec.to_builtins(read_profile(folder))}


def as_file(text: str, ending: str) -> bytes:
    """Write one document in one of the three forms."""
    title = fill.title_of(text)
    if ending == "pdf":
        return document_files.pdf_from(text, title=title, footer=title)
    if ending == "odt":
        return document_files.odt_from(text, title=title)
    return text.encode()
