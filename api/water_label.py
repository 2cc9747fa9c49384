"""The AI label of a tree's water: which method speaks, and that no person has checked it."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from pydantic import WithJsonSchema

from contracts.ai_label import AiLabel

SYSTEM = "stadtwart watering"
BALANCE = "water balance (FAO-56)"
RULE = "stated rule, no forecast"
PROMISED = 0.8  # share of truths that the shown interval is made to hold
LABEL_DE = "Wasserbilanz (Modell)"
LABEL_EN = "water balance (model)"
_SCHEMA = msgspec.json.schema(AiLabel)["$defs"]["AiLabel"]

Label = Annotated[dict[str, Any], WithJsonSchema(_SCHEMA)]


def water_label(run: dict[str, Any], method: str | None) -> dict[str, Any]:
    """Label what the newest run says; `model_sha256` is the run's digest where no model spoke."""
    model = run["model"] or {}
    names = {"model": model.get("version", BALANCE), "rule": RULE}
    label = AiLabel(
        system=SYSTEM,
        model_name=names.get(method or "", BALANCE),
        model_sha256=model["sha256"] if method == "model" and model else run["digest"],
        made_at=run["ran_at"],
        confidence=PROMISED,
        human_status="not reviewed",
        simulated=run["simulated"],
    )
    return dict(msgspec.to_builtins(label))
