"""What templates know beside the city's profile: the released models, from their cards."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import irrigation
from api.report_context import cards
from governance.card_words import limits_of

LABELS = {
    "D00": "Längsriss (D00)",
    "D10": "Querriss (D10)",
    "D20": "Netzriss (D20)",
    "D40": "Schlagloch (D40)",
    "any_damage": "irgendein Schaden",
}


def facts(*, made_on: date, software: str) -> dict[str, Any]:
    """Return the newest detector and soil model, the program's version and the day."""
    return {
        "made_on": made_on,
        "software": software,
        "detector": detector(max(cards().values(), key=lambda card: str(card["made_at"]))),
        "soil": _soil(),
    }


def detector(card: Any) -> dict[str, Any]:
    """Return a detector's card as templates read it: figures of the test split."""
    test = card["evaluation"]["test"]
    rows = {**test["classes"], "any_damage": test["any_damage"]}
    return {
        **{name: card[name] for name in ("name", "version", "sha256", "size_bytes", "licence")},
        "base_model": card["base_model"],
        "limits": [limit.text for limit in limits_of(card, "de")],
        "images": test["images"],
        "precision": test["any_damage"]["precision"],
        "recall": test["any_damage"]["recall"],
        "classes": [_row(LABELS[name], found) for name, found in rows.items() if found["n"]],
    }


def _row(label: str, found: Any) -> dict[str, Any]:
    low, high = found["ap50_interval_95"]
    kept = {name: found[name] for name in ("n", "ap50", "precision", "recall")}
    return {"label": label, "low": low, "high": high, **kept}


def _soil() -> dict[str, Any]:
    place = Path(str(irrigation.__file__)).parent / "models"
    found = [json.loads(one.read_text(encoding="utf-8")) for one in place.glob("*/card.json")]
    newest: dict[str, Any] = max(found, key=lambda card: str(card["made_at"]))
    return {"name": newest["name"], "version": newest["version"]}
