"""The rules of a city's profile, as the values that schedule, litres and tours take."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, TypeVar

from gis.watering_profile import WateringProfile
from irrigation.errors import IrrigationError
from irrigation.plan.litres import LitresRule
from irrigation.plan.schedule import Thresholds
from irrigation.tours.parts import Handling

Rule = TypeVar("Rule", Thresholds, LitresRule, Handling)


@dataclass(frozen=True, slots=True)
class WateringRules:
    """All rules of a city."""

    thresholds: Thresholds
    litres: LitresRule
    handling: Handling


def rules_of(profile: WateringProfile) -> WateringRules:
    """Build the rules; raise IrrigationError for a number no rule knows or that contradicts."""
    return WateringRules(
        _build(Thresholds, "thresholds", profile.thresholds),
        _build(LitresRule, "litres", profile.litres),
        _build(Handling, "handling", profile.handling),
    )


def _build(kind: type[Rule], table: str, given: dict[str, float]) -> Rule:
    known = {one.name: one.type for one in fields(kind)}
    if unknown := sorted(set(given) - set(known)):
        raise IrrigationError(
            f"city.toml [watering.{table}] has {', '.join(unknown)}; it knows {', '.join(known)}"
        )
    values: dict[str, Any] = {
        name: int(value) if known[name] == "int" else value for name, value in given.items()
    }
    try:
        return kind(**values)
    except ValueError as error:
        raise IrrigationError(f"city.toml [watering.{table}]: {error}") from error
