"""The life of a damage, as pure rules; the database holds the same rules as keys and triggers."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from contracts.ai_label import HumanStatus

Verdict = Literal["confirmed", "not a damage", "unsure"]


class State(StrEnum):
    """Where a damage stands between a machine's claim and a mended road."""

    WAITING = "waiting"  # no person has decided, or the decision was taken back
    CONFIRMED = "confirmed"  # a person says: this is a damage
    DISMISSED = "dismissed"  # a person says: it is none; later sightings are absorbed
    UNSURE = "unsure"  # a person looked and cannot tell
    ORDERED = "ordered"  # in an open work order
    REPAIRED = "repaired"  # its work order is completed; seen again later, it is a new damage


AFTER_VERDICT: dict[Verdict, State] = {
    "confirmed": State.CONFIRMED,
    "not a damage": State.DISMISSED,
    "unsure": State.UNSURE,
}
HUMAN_STATUS: dict[State, HumanStatus] = {
    State.WAITING: "not reviewed",
    State.CONFIRMED: "confirmed",
    State.DISMISSED: "not a damage",
    State.UNSURE: "unsure",
    State.ORDERED: "confirmed",
    State.REPAIRED: "confirmed",
}


def may_be_decided(state: State) -> bool:
    """Say whether a verdict or an undo is still possible: an ordered damage is settled."""
    return state not in (State.ORDERED, State.REPAIRED)


def needs_reason(verdict: Verdict) -> bool:
    """Say whether a verdict must explain itself: everything but plain agreement."""
    return verdict != "confirmed"
