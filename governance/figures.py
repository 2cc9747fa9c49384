"""Figures by reference: a place in a model card (JSON Pointer, RFC 6901), never a copied number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class NoFigureError(LookupError):
    """A reference leads nowhere."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its 95 % interval and the count behind it, as the card has them."""

    label: Mapping[str, str]
    value: float
    low: float | None
    high: float | None
    n: int | None
    unit: str
    card_sha256: str


def at(card: Any, pointer: str) -> Any:
    """Follow a JSON Pointer.

    Raises NoFigureError where it leads nowhere.

    >>> at({"a": {"b/c": [7, 8]}}, "/a/b~1c/1")
    8
    """
    here = card
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        try:
            here = here[int(key)] if isinstance(here, list) else here[key]
        except (KeyError, IndexError, ValueError, TypeError) as error:
            raise NoFigureError(f"the card has nothing at {pointer!r}") from error
    return here


def resolve(reference: Mapping[str, Any], card: Mapping[str, Any]) -> Figure:
    """Read a figure of a register record from the card it refers to."""
    interval = at(card, reference["interval"]) if reference.get("interval") else None
    low, high = interval if isinstance(interval, list) else (None, None)
    return Figure(
        label=reference["label"],
        value=float(at(card, reference["value"])),
        low=low,
        high=high,
        n=int(at(card, reference["n"])) if reference.get("n") else None,
        unit=reference["unit"],
        card_sha256=reference["card_sha256"],
    )
