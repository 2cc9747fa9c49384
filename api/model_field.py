"""What a detector does in this city: the last 30 days beside the 30 before."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal

from api.fields import Shown
from api.governance_work import rows
from api.service import Service
from governance import drift

KEPT_S = 60.0


class FieldPeriod(Shown):
    """What a detector reported in 30 days, each damage once, and what people said of it."""

    damages: int
    confirmed: int
    dismissed: int
    unsure: int


class FieldShift(Shown):
    """One share in both periods; `low` and `high`: interval of the difference now minus before."""

    aspect: Literal["dismissed", "class", "score"]
    name: str
    share_before: float | None
    n_before: int
    share_now: float | None
    n_now: int
    low: float | None
    high: float | None
    drift: Literal["changed", "not changed", "too few"]


class Field30Days(Shown):
    """A detector in this city: the last 30 days beside the 30 before."""

    drift: Literal["changed", "not changed", "too few"]
    now: FieldPeriod
    before: FieldPeriod
    shifts: list[FieldShift]


async def field_of(service: Service, card: Mapping[str, Any]) -> Field30Days | None:
    """Compare a detector's last 30 days with the 30 before; None for other systems.

    The answer is kept for `KEPT_S`: the page is open to everybody, and the question reads every
    sighting of 60 days.
    """
    if card["system"] != "detector":
        return None
    model_sha256 = card["model_sha256"]
    kept: Field30Days | None
    asked_at, kept = service.in_field.get(model_sha256, (-KEPT_S, None))
    if kept is None or time.monotonic() - asked_at >= KEPT_S:
        kept = await _compared(service, model_sha256)
        service.in_field[model_sha256] = (time.monotonic(), kept)
    return kept


async def _compared(service: Service, model_sha256: str) -> Field30Days:
    found = await rows(service, "model_field_figures", model_sha256=model_sha256)
    now, before = (drift.period_of(row) for row in found)
    shifts = drift.shifts(now, before)
    return Field30Days(
        drift=drift.overall(shifts).value,
        now=_period(now),
        before=_period(before),
        shifts=[FieldShift(**asdict(one) | {"drift": one.drift.value}) for one in shifts],
    )


def _period(one: drift.Period) -> FieldPeriod:
    return FieldPeriod(
        damages=one.damages,
        confirmed=one.confirmed,
        dismissed=one.dismissed,
        unsure=one.unsure,
    )
