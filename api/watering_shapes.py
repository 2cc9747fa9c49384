"""What plans, vehicles and tours look like on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from api.fields import Id, Reason, Sent, ShortText, Shown

PlanState = Literal["draft", "approved", "rejected", "on tour", "done"]
TreeId = Annotated[str, Field(pattern=r"^[1-9]\d{0,17}$")]
Litres = Annotated[int, Field(ge=1, le=20_000)]
Seconds = Annotated[int, Field(ge=0, le=86_400)]


class Place(Shown):
    """WGS 84."""

    lon: float
    lat: float


class Vehicle(Shown):
    """A watering vehicle of the city's profile."""

    vehicle_id: str
    name: str
    tank_l: int
    crew_hours_h: float
    depot: Place
    working: bool


class Vehicles(Shown):
    """All vehicles."""

    items: list[Vehicle]


class VehicleState(Sent):
    """Broken, or working again."""

    working: bool


class NewPlan(Sent):
    """What a plan shall hold at most; no vehicles means all that work."""

    for_day: date
    budget_l: Annotated[float, Field(ge=0, le=10_000_000)] | None = None
    hours_h: Annotated[float, Field(ge=0, le=1000)] | None = None
    vehicle_ids: Annotated[list[ShortText], Field(max_length=100, default_factory=list)]


class StopChange(Sent):
    """A person's change of one tree."""

    seen_version: Id
    tree_id: TreeId
    included: bool | None = None
    litres: Litres | None = None
    reason: Reason

    @model_validator(mode="after")
    def _changes_something(self) -> StopChange:
        if self.included is None and self.litres is None:
            raise ValueError("say what changes: included, litres or both")
        return self


class Approval(Sent):
    """A person approves what they saw."""

    seen_version: Id
    seconds_spent: Seconds


class Rejection(Sent):
    """A person rejects what they saw, and says why."""

    seen_version: Id
    reason: Reason


class DryBy(Shown):
    """When the tree falls below the threshold; null is not within the outlook."""

    earliest: date | None
    likely: date | None
    latest: date | None


class PlanStop(Shown):
    """A tree on the plan."""

    tree_id: str
    number: str | None
    street: str
    district: str
    genus: str
    litres: int
    litres_interval: tuple[int, int]
    litres_source_de: str
    litres_source_en: str
    needed_by: DryBy
    urgency: str
    reason_de: str
    reason_en: str
    included: bool
    changed_by_person: bool
    change_reason: str | None
    longitude_deg: float | None
    latitude_deg: float | None


class LeftOut(Shown):
    """A tree in need that is not on the plan."""

    tree_id: str
    number: str | None
    street: str
    urgency: str
    litres: int
    reason_de: str
    reason_en: str


class Fairness(Shown):
    """Need and plan of one district; share is planned ÷ needed litres, null without need."""

    district_id: str
    district: str
    trees: int
    trees_in_need: int
    need_l: int
    planned_l: int
    share: float | None
    waiting_urgent: int


class PlanHead(Shown):
    """A plan without its trees."""

    plan_id: str
    version: int
    for_day: date
    state: PlanState
    made_at: datetime
    budget_l: float | None
    hours_h: float | None
    vehicle_ids: list[str]
    trees: int
    litres_total: int
    litres_interval: tuple[int, int]
    decided_at: datetime | None
    decision_reason: str | None
    ai_label: dict[str, Any]


class Plans(Shown):
    """The newest 200 plans."""

    items: list[PlanHead]


class Rules(Shown):
    """The numbers this plan was made by, and where they come from."""

    act_below: float
    urgent_below: float
    source: str | None
    estimated_hours_h: float


class Plan(PlanHead):
    """A plan with its trees."""

    stops: list[PlanStop]
    left_out: list[LeftOut]
    fairness: list[Fairness]
    rules: Rules
