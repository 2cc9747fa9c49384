"""The register records that ship with the program, filled with the city and its models. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "register"


@dataclass(frozen=True, slots=True)
class CardInUse:
    """The card of a model that a record names."""

    name: str
    version: str
    model_sha256: str
    card_sha256: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RegisterOwner:
    """What of the city stands in its records."""

    city: str
    organisation: str
    contact: str
    log_origin: str | None = None
    log_key: str | None = None


def seeds(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """Return the records as they ship: placeholders {city}, models named by their system."""
    return [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]


def fill(
    seed: dict[str, Any], owner: RegisterOwner, cards: Mapping[str, CardInUse]
) -> dict[str, Any]:
    """Put the city and the models' digests into a record.

    Raises KeyError where a model it names is not installed.
    """
    record: dict[str, Any] = _with_words(seed, owner)
    if isinstance(record["models"], str):
        card = cards[record["models"]]
        record["models"] = [
            {
                "name": card.name,
                "version": card.version,
                "model_sha256": card.model_sha256,
                "card_sha256": card.card_sha256,
            }
        ]
        for one in record["datasets"]:
            if one["sha256"] == "trained_on":
                one["sha256"] = card.body["trained_on"]["sha256"]
    for figure in record["benefit_figures"]:
        figure["card_sha256"] = cards[figure["card_sha256"]].card_sha256
    record["audit_log"] |= {"origin": owner.log_origin, "key": owner.log_key}
    return record


def _with_words(value: Any, owner: RegisterOwner) -> Any:
    if isinstance(value, dict):
        return {key: _with_words(one, owner) for key, one in value.items()}
    if isinstance(value, list):
        return [_with_words(one, owner) for one in value]
    if isinstance(value, str):
        words = {"city": owner.city, "organisation": owner.organisation, "contact": owner.contact}
        for name, text in words.items():
            value = value.replace(f"{{{name}}}", text)
    return value
