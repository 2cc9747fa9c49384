"""What a model's page says of its card: sentences, figures by split, models beside it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from governance.card_facts import Measured, figures_of
from governance.card_words import call, limits_of, say

ENERGY = {  # field of the card: German, English, unit
    "wh_per_1000_frames": ("je 1.000 Bilder", "per 1,000 frames", "Wh"),
    "wh_per_1000_forecasts": ("je 1.000 Vorhersagen", "per 1,000 forecasts", "Wh"),
    "frames": ("gemessen an Bildern", "measured on frames", ""),
    "forecasts": ("gemessen an Vorhersagen", "measured on forecasts", ""),
    "seconds": ("Dauer der Messung", "duration of the measurement", "s"),
    "method": ("Messweg", "method", ""),
    "work": ("umfasst", "covers", ""),
}


def said_of(card: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return the card's sentences and tables as the page shows them."""
    compared = card.get("compared", {})
    return {
        "use": say(card["intended_use"], language),
        "not_for": say(card["out_of_scope"], language),
        "limits": limits_of(card, language),
        "groups": [
            (split, list(found))
            for split, found in groupby(figures_of(card), lambda one: one.split)
        ],
        "compared": sorted(compared.items(), key=lambda item: item[0] != "released"),
        "sources": [say(source, language) for source in card["attribution"]],
        "energy": list(_energy(card.get("energy") or {}, language)),
    }


def _split(one: Measured) -> str:
    return one.split


def _energy(stated: Mapping[str, Any], language: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Name each field of the card's energy in words; numbers stay numbers."""
    for name, value in stated.items():
        if not isinstance(value, Mapping):
            shown = call(value, language) if isinstance(value, str) else value
            yield ENERGY.get(name, (name, name, "")), shown
