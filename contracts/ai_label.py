"""The label on everything a machine made."""

from __future__ import annotations

from typing import Literal

import msgspec

from contracts.units import Instant, Sha256, Share

HumanStatus = Literal["not reviewed", "confirmed", "not a damage", "unsure"]


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
