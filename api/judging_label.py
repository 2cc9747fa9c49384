"""The AI label of the second detector's alarm: which network spoke, and what a person said."""

from __future__ import annotations

from typing import Any

import msgspec

from contracts.ai_label import AiLabel, HumanStatus

SYSTEM = "stadtwart second detector"
MODEL_NAMES = {"face": "YuNet 2023mar (faces)", "plate": "LPD-YuNet 2023mar (number plates)"}
HUMAN_STATUS: dict[str | None, HumanStatus] = {
    None: "not reviewed",
    "really visible": "confirmed",
    "false alarm": "false alarm",
}


def judging_label(row: dict[str, Any]) -> dict[str, Any] | None:
    """Label one row of `judgings` by its surest claim; None where what it saw is deleted."""
    if not row["seen"]:
        return None
    surest = max(row["seen"], key=lambda one: one["score"])
    label = AiLabel(
        system=SYSTEM,
        model_name=MODEL_NAMES[surest["kind"]],
        model_sha256=row[f"{surest['kind']}_model_sha256"],
        made_at=row["judged_at"],
        confidence=surest["score"],
        human_status=HUMAN_STATUS[row["answer"]],
        simulated=row["simulated"],
    )
    return dict(msgspec.to_builtins(label))
