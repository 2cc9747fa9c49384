"""The AI label of plans and tours: made by a machine, decided by a person, simulated or not."""

from __future__ import annotations

from typing import Any

HUMAN_STATUS = {
    "draft": "not reviewed",
    "approved": "confirmed",
    "on tour": "confirmed",
    "done": "confirmed",
    "rejected": "rejected",
}
LINE_DE = "KI-Vorschlag, von einem Menschen freigegeben"
LINE_EN = "AI proposal, approved by a person"
SIMULATED_DE = "simulierte Daten"
SIMULATED_EN = "simulated data"


def plan_label(plan: dict[str, Any]) -> dict[str, Any]:
    """Label one row of plan_list; without a model the proposal's own digest stands for it."""
    return {
        "version": 1,
        "system": "stadtwart watering",
        "model_name": plan["method"],
        "model_sha256": plan["model_sha256"] or plan["digest"],
        "made_at": plan["made_at"].isoformat(),
        "human_status": HUMAN_STATUS[plan["state"]],
        "simulated": plan["simulated"],
    }


def label_line(label: dict[str, Any], language: str = "de") -> str:
    """Write the label as one line, for files that hold text."""
    is_german = language == "de"
    confirmed = label["human_status"] == "confirmed"
    parts = [
        (LINE_DE if is_german else LINE_EN)
        if confirmed
        else ("KI-Vorschlag" if is_german else "AI proposal"),
        f"{label['system']}, {label['model_name']}, {label['model_sha256'][:12]}",
    ]
    if label["simulated"]:
        parts.append(SIMULATED_DE if is_german else SIMULATED_EN)
    return " · ".join(parts)
