"""The report's words and numbers in German and English; a missing word stops the report."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

Language = Literal["de", "en"]
LANGUAGES: tuple[Language, ...] = ("de", "en")
NARROW = "\u202f"  # narrow no-break space between thousands, and before units (DIN 5008)
MINUS = "\u2212"
DIGITS = {"days": 1, "hours": 1, "km": 1, "kWh": 2, "kg": 2, "Wh": 2, "score": 2, "EUR": 2}
SYMBOLS = {"km": "km", "kWh": "kWh", "kg": "kg", "Wh": "Wh", "EUR": "€"}


@cache
def all_words() -> dict[str, dict[str, str]]:
    """Load every text, by key and language."""
    file = Path(__file__).with_name("words.toml")
    loaded: dict[str, dict[str, str]] = tomllib.loads(file.read_text(encoding="utf-8"))
    return loaded


def say(key: str, language: Language) -> str:
    """Return one text; raise KeyError for a key that words.toml lacks."""
    return all_words()[key][language]


def number(value: float | None, unit: str, language: Language) -> str:
    """Write a value as people of the language write it, with its unit.

    >>> number(0.1234, "share", "de")
    '12,3\u202f%'
    >>> number(-12345.6, "litres", "en")
    '\u221212\u202f346\u202fL'
    """
    if value is None:
        return "–"
    if unit == "share":
        return f"{plain(value * 100, 1, language)}{NARROW}%"
    text = plain(value, DIGITS.get(unit, 0), language)
    if unit in ("count", "score"):
        return text
    if unit == "litres":
        return f"{text}{NARROW}{'l' if language == 'de' else 'L'}"
    return f"{text}{NARROW}{SYMBOLS.get(unit) or say(f'unit.{unit}', language)}"


def plain(value: float, digits: int, language: Language) -> str:
    """Write a number without unit; thousands apart, decimal comma in German."""
    text = f"{abs(value):,.{digits}f}".replace(",", NARROW)
    if language == "de":
        text = text.replace(".", ",")
    is_zero = not text.strip("0,.")
    return text if value >= 0 or is_zero else MINUS + text


def day(value: date, language: Language) -> str:
    """Write a day: 24.12.2026 or 24 December 2026."""
    if language == "de":
        return f"{value.day:02d}.{value.month:02d}.{value.year}"
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime, zone: str, language: Language) -> str:
    """Write a moment in the city's time zone."""
    local = value.astimezone(ZoneInfo(zone))
    return f"{day(local.date(), language)}, {local:%H:%M}"


MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
