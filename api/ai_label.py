"""The AI label of a damage: who claims it, how surely, and whether a person has looked."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import msgspec
from pydantic import WithJsonSchema

import vision
from api.states import HUMAN_STATUS, State
from contracts.ai_label import AiLabel

SYSTEM = "stadtwart road damage"
UNKNOWN = "unknown model"
_SCHEMA = msgspec.json.schema(AiLabel)["$defs"]["AiLabel"]

Label = Annotated[dict[str, Any], WithJsonSchema(_SCHEMA)]


def label_of(row: dict[str, Any]) -> dict[str, Any]:
    """Label one row of damage_report."""
    label = AiLabel(
        system=SYSTEM,
        model_name=model_names().get(row["model_sha256"], UNKNOWN),
        model_sha256=row["model_sha256"],
        made_at=row["made_at"],
        confidence=row["confidence"],
        human_status=HUMAN_STATUS[State(row["state"])],
        simulated=row["simulated"],
    )
    return dict(msgspec.to_builtins(label))


@cache
def model_names(folder: Path | None = None) -> dict[str, str]:
    """Read the released models' names by the sha256 of their file, from the cards."""
    cards = folder or Path(str(vision.__file__)).parent / "models"
    found = [json.loads(card.read_text(encoding="utf-8")) for card in cards.glob("*/card.json")]
    return {card["sha256"]: f"{card['name']} {card['version']}" for card in found}
