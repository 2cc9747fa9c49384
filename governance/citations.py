"""Which law a paper cites, and what we know of it: each citation stands in citations.toml.

A paper ends with the list of what it cites, each in our own words, with its source, and with the
note where nobody has read it here. Nothing of this is legal advice; the city's officer confirms.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "citations.toml"
PLACE = re.compile(r"(?P<kind>Art\.|§§?|Anhang)[  ](?P<first>[IVX]+\b|\d+[a-z]?)")
MORE = re.compile(r"(?P<how>, | und | bis )(?P<next>\d+)\b(?![.]\d)")
CLAUSE = re.compile(r"[);|?:\n]|\. [A-ZÄÖÜ]")
NO_LAW = "DSGVO"


@dataclass(frozen=True, slots=True)
class Citation:
    """One article or paragraph: what it says in our words, and where that was read."""

    law: str
    place: str  # "Art. 35", "§ 69", "Anhang III"
    says: str
    source: str
    read: bool


@dataclass(frozen=True, slots=True)
class Cited:
    """A law's place as a text names it."""

    law: str
    place: str


def cited(text: str, paper: str = "") -> list[Cited]:
    """List what a text cites, in order, each once; `paper` says which law goes without saying."""
    found = dict.fromkeys(_cited(text, _told()["default_law"].get(paper, NO_LAW)))
    return [one for one in found if one.law != "Dienstvereinbarung"]


def lookup(one: Cited) -> Citation | None:
    """Return what we know of a citation; None for one nobody has written down."""
    return _table().get((one.law, one.place))


def table() -> list[Citation]:
    """Return every citation."""
    return list(_table().values())


def appendix(text: str, paper: str) -> str:
    """Write the list of what a paper cites; empty for papers that carry none."""
    if paper not in _told()["appendix"]:
        return ""
    rows = [known for one in cited(text, paper) if (known := lookup(one))]
    lines = [
        f"| {one.place} {one.law} | {one.says} | {one.source} | {_standing(one)} |" for one in rows
    ]
    return "\n".join(
        [
            "",
            "## Zitierte Vorschriften",
            "",
            f"In eigenen Worten, gelesen am {_told()['read_on']:%d.%m.%Y}; keine Rechtsberatung. "
            "Den geltenden Wortlaut bestätigt die datenschutzbeauftragte Stelle.",
            "",
            "| Vorschrift | Inhalt | Quelle | Stand |",
            "|---|---|---|---|",
            *lines,
            "",
        ]
    )


def _cited(text: str, default: str) -> Iterator[Cited]:
    for match in PLACE.finditer(text):
        kind = "§" if match["kind"].startswith("§") else match["kind"]
        rest = text[match.end() :]
        law = _law_behind(rest, default)
        yield Cited(law, f"{kind} {match['first']}")
        while more := MORE.match(rest):
            first = int(match["first"]) if more["how"] == " bis " else int(more["next"]) - 1
            for number in range(first + 1, int(more["next"]) + 1):
                yield Cited(law, f"{kind} {number}")
            rest = rest[more.end() :]


def _law_behind(rest: str, default: str) -> str:
    """Find the law in the same clause: "Art. 6 Abs. 1 Buchst. e, Abs. 3 DSGVO"."""
    end = CLAUSE.search(rest)
    clause = rest[: end.start()] if end else rest
    if clause.endswith("der Verordnung (EU"):  # its own bracket ends the clause
        clause = rest
    names = {**{law: law for law in _told()["laws"]}, **_told()["other_names"]}
    places = [(at, law) for name, law in names.items() if (at := clause.find(name)) >= 0]
    return min(places)[1] if places else default


def _standing(one: Citation) -> str:
    return "nachgelesen" if one.read else "nicht nachgelesen: zu bestätigen"


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def _table() -> dict[tuple[str, str], Citation]:
    return {(one["law"], one["place"]): Citation(**one) for one in _told()["citation"]}
