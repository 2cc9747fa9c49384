"""Choose from which score on a damage is reported."""

from __future__ import annotations

from math import ceil
from typing import Any

from vision.training.measure.evaluate import ANY

FEWEST_LABELS = 20  # below this a class takes the threshold of all damages together
ACCEPTED = 0.05  # false alarms of a class per picture of sound road: a choice of the department
FEWEST_SOUND = 20  # pictures of sound road below which nothing is known of false alarms


def thresholds(development: dict[str, Any]) -> dict[str, float]:
    """Choose each class's threshold where F1 is best on the development roads.

    A class with fewer than 20 labels there takes the threshold of all damages together:
    its own would be chance. Where that means more false alarms on sound road than the
    department accepts, the threshold is raised until it does not.
    """
    together = development[ANY]["threshold"]
    return {
        name: max(
            round(row["threshold"] if row["n"] >= FEWEST_LABELS else together, 3),
            _quiet_from(development.get("sound"), name),
        )
        for name, row in development["classes"].items()
    }


def _quiet_from(sound: dict[str, Any] | None, name: str) -> float:
    """Return the lowest score with at most `ACCEPTED` false alarms; 0 where nothing is known."""
    if sound is None or sound["pictures"] < FEWEST_SOUND:
        return 0.0
    rows = sound["alarms"].get(name, [])
    found = [r["threshold"] for r in rows if r["false_alarms_per_picture"] == ACCEPTED]
    return ceil(found[0] * 1000) / 1000 if found else 0.0
