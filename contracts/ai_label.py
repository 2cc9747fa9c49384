"""The label on everything a machine made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from contracts.units import Instant, Sha256, Share

HumanStatus = Literal["not reviewed", "confirmed", "not a damage", "unsure", "false alarm"]


class AiLabel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who made this, how sure it was, and whether a person has looked at it."""

    version: Literal[1] = 1
    system: str  # "stadtwart road damage"
    model_name: str
    model_sha256: Sha256
    made_at: Instant
    confidence: Share
    human_status: HumanStatus
    simulated: bool  # made from rendered pictures or made-up positions


def flat(label: Mapping[str, Any]) -> dict[str, Any]:
    """Return a label as columns, for formats without nesting: CSV, GeoPackage, tiles, GPX.

    >>> flat({"version": 1, "system": "stadtwart watering"})
    {'ai_version': 1, 'ai_system': 'stadtwart watering'}
    """
    return {f"ai_{name}": value for name, value in label.items()}


def in_words(label: Mapping[str, Any]) -> str:
    """Return a label as one line of `name=value`, for formats with free text only: ICS, GPX."""
    return "; ".join(f"{name}={value}" for name, value in flat(label).items())
