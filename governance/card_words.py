"""What cards say in English, in German: a card's own `limits_de` first, else the table beside it.

Cards are written by the workshops in English and signed off by their checksum, so their German is
kept apart. A sentence without German is shown in English and marked as such.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "card_words.toml"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a card as shown, and the language it is in."""

    text: str
    language: str


def limits_of(card: Mapping[str, Any], language: str) -> list[Sentence]:
    """Return a card's limits in the reader's language, as far as they are known in it."""
    if language == "de" and (own := card.get("limits_de")):
        return [Sentence(text, "de") for text in own]
    return [say(text, language) for text in card["limits"]]


def say(text: str, language: str) -> Sentence:
    """Return one English sentence in the reader's language, or as it stands."""
    german = _german().get(text) if language == "de" else None
    return Sentence(german, "de") if german else Sentence(text, "en")


def call(key: str, language: str) -> Sentence:
    """Return what a figure, a split or a condition is called, or its key where nobody named it."""
    for pattern, words in _names():
        if found := pattern.fullmatch(key):
            return Sentence(found.expand(words[language]), language)
    return Sentence(key, "en")


@cache
def _german() -> dict[str, str]:
    return {one["en"]: one["de"] for one in _file()["sentence"]}


@cache
def _names() -> list[tuple[re.Pattern[str], dict[str, str]]]:
    return [(re.compile(one["key"]), one) for one in _file()["figure"]]


def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
