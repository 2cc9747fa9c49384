"""What tours, reports and inspections look like on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from api.fields import NO_CONTROL, Reason, Sent, Shown
from api.watering_shapes import TreeId

Outcome = Literal["watered", "not reachable", "dead"]
ShortNote = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500, pattern=NO_CONTROL, strip_whitespace=True),
]


class Asked(Shown):
    """The computation that was asked for."""

    job_id: UUID


class Report(Shown):
    """What a crew reported for a tree."""

    report_id: UUID
    outcome: Outcome
    litres: float | None
    at: datetime
    note: str | None


class TourStop(Shown):
    """A line of a tour; a demand above the tank comes in parts."""

    seq: int
    kind: Literal["depot", "refill", "tree"]
    tree_id: str | None
    number: str | None
    street: str
    genus: str
    species_german: str
    name: str
    urgency: str | None
    litres: int
    part: int
    parts: int
    arrives_at: datetime
    leaves_at: datetime
    break_min: float
    lon: float
    lat: float
    report: Report | None


class Tour(Shown):
    """One vehicle's day."""

    tour_id: str
    plan_id: str
    vehicle_id: str
    vehicle: str
    tank_l: int
    for_day: date
    begins_at: datetime
    ends_at: datetime
    litres: int
    length_m: float
    duration_s: int
    driving_times: str
    solver: str
    state: Literal["planned", "driving", "done", "failed", "replaced", "withdrawn"]
    failed_reason: str | None
    stops: list[TourStop]
    line: dict[str, Any]
    ai_label: dict[str, Any]


class Unserved(Shown):
    """A tree of the plan that is on no tour."""

    tree_id: str
    number: str | None
    street: str
    reason_de: str
    reason_en: str


class Tours(Shown):
    """A plan's tours and how far they are."""

    state: Literal["none", "computing", "ready", "failed"]
    progress: float
    reason: str | None
    tours: list[Tour]
    unserved: list[Unserved]


class Failure(Sent):
    """A vehicle cannot go on behind this stop."""

    after_seq: Annotated[int, Field(ge=0, le=10_000)]
    reason: Reason


class NewReport(Sent):
    """What happened at a tree; the phone makes the id, so that sending twice stores once."""

    tree_id: TreeId
    outcome: Outcome
    litres: Annotated[float, Field(ge=0, le=20_000)] | None = None
    at: AwareDatetime
    note: ShortNote | None = None

    @model_validator(mode="after")
    def _litres_fit(self) -> NewReport:
        if (self.outcome == "watered") != (self.litres is not None):
            raise ValueError("litres belong to the outcome 'watered', and to no other")
        return self


class Stored(Shown):
    """A report that the city has."""

    report_id: UUID
    stored: bool  # false: it was there already


class Inspection(Shown):
    """A tree that a person looks at because a crew says it is dead."""

    inspection_id: str
    tree_id: str
    number: str | None
    street: str
    genus: str
    asked_at: datetime
    outcome: Literal["dead", "alive"] | None
    inspected_at: datetime | None
    note: str | None
    report_note: str | None
    longitude_deg: float | None
    latitude_deg: float | None


class Inspections(Shown):
    """Open ones first."""

    items: list[Inspection]


class Inspected(Sent):
    """What a person found."""

    outcome: Literal["dead", "alive"]
    note: ShortNote | None = None
