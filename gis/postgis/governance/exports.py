"""The public register and the models' papers as files: for other registers, readers, auditors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from psycopg.rows import dict_row

from gis.postgis.governance.gate import Database
from gis.postgis.queries import query
from governance.figures import resolve
from governance.model_papers import ml_bom, readme
from governance.register_exports import algoritmeregister, atrs_csv, atrs_rows


def write(connection: Database, folder: Path) -> Iterator[Path]:
    """Write every export below a folder; yield the files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts(connection).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        yield path


def texts(connection: Database) -> dict[str, str]:
    """Return name and content of each export."""
    found = {"algoritmeregister.json": register_json(connection), "atrs.csv": atrs(connection)}
    for card in _rows(connection, "model_cards", model_sha256=None):
        place = f"models/{card['name']}-{card['model_version']}"
        found[f"{place}/README.md"] = readme(card["body"], model_sha256=card["model_sha256"])
        found[f"{place}/bom.cdx.json"] = bom(connection, card)
    return found


def register_json(connection: Database) -> str:
    """Return the public records in the Dutch publication standard."""
    cards = _cards(connection)
    records = [
        algoritmeregister(one["body"], said_figures(one["body"], cards, "de"))
        for one in _rows(connection, "register_public", record_id=None)
    ]
    return json.dumps(records, indent=1, ensure_ascii=False)


def atrs(connection: Database) -> str:
    """Return the public records as ATRS rows."""
    cards = _cards(connection)
    rows: list[dict[str, str]] = []
    for one in _rows(connection, "register_public", record_id=None):
        figures = said_figures(one["body"], cards, "en")
        day = one["published_at"].date().isoformat()
        rows += atrs_rows(one["body"], written_on=day, figures=figures)
    return atrs_csv(rows)


def bom(connection: Database, card: dict[str, Any]) -> str:
    """Return a model's bill of materials, with the answers of its public record."""
    public = _rows(connection, "register_public", record_id=None)
    named = [
        one["body"]
        for one in public
        if any(m["model_sha256"] == card["model_sha256"] for m in one["body"]["models"])
    ]
    made = ml_bom(
        card["body"],
        model_sha256=card["model_sha256"],
        card_sha256=card["card_sha256"],
        record=named[0] if named else None,
    )
    return json.dumps(made, indent=1, ensure_ascii=False)


def said_figures(
    record: dict[str, Any], cards: dict[str, dict[str, Any]], language: str
) -> list[str]:
    """Say a record's figures in words, read from the cards they refer to."""
    said = []
    for reference in record["benefit_figures"]:
        if card := cards.get(reference["card_sha256"]):
            one = resolve(reference, card)
            interval = f" (95 %: {one.low:.3f}…{one.high:.3f})" if one.low is not None else ""
            count = f", n = {one.n}" if one.n is not None else ""
            said.append(f"{one.label[language]}: {one.value:.3f}{interval}{count}")
    return said


def _cards(connection: Database) -> dict[str, dict[str, Any]]:
    rows = _rows(connection, "model_cards", model_sha256=None)
    return {one["card_sha256"]: one["body"] for one in rows}


def _rows(connection: Database, name: str, **values: Any) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query(name), values).fetchall()
