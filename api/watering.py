"""What the parks team gave, how the forecast stands today, and how good it has been."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from psycopg.rows import dict_row
from pydantic import AwareDatetime, Field

from api import intake
from api.fields import LARGEST_ID, Sent, Shown
from api.intake import Receipt
from api.problems import answers
from api.service import TheService
from api.trees import Thresholds, newest_run, thresholds_of
from api.water_label import LABEL_DE, LABEL_EN
from api.who import Allow, Caller
from gis.postgis.queries import query
from irrigation.feeds.intake import Watering
from irrigation.feeds.sky import judge
from irrigation.model.released import LABEL as MODEL_LABEL
from irrigation.night.verify import Skill

router = APIRouter(tags=["watering"])
Reader = Annotated[Caller, Depends(Allow("parks", "auditor"))]
Parks = Annotated[Caller, Depends(Allow("parks"))]


class WeatherState(Shown):
    """Where the weather comes from and how far it can be trusted."""

    source: str
    observed_until: date
    forecast_issued_at: date | None
    age_h: float
    state: Literal["fresh", "stale", "rule"]
    radiation_estimated_days: int
    filled_days: int


class NightRun(Shown):
    """The newest nightly run."""

    run_id: int
    for_day: date
    ran_at: datetime
    trees: int
    states: int
    seconds: float
    methods: dict[str, int]
    digest: str


class ModelState(Shown):
    """The installed model and who decides at which horizon."""

    version: str
    sha256: str
    gate: dict[str, str]
    gate_reason: str
    local_sensors: bool
    label_de: str
    label_en: str


class Alarm(Shown):
    """A figure that left its band."""

    raised_at: datetime
    horizon_d: int
    measure: Literal["skill", "coverage"]
    value: float
    low: float
    high: float
    checks: int


class Status(Shown):
    """How the forecast stands this morning."""

    weather: WeatherState | None
    night_run: NightRun | None
    model: ModelState | None
    thresholds: Thresholds | None
    alarms: list[Alarm]
    simulated: bool
    label_de: str
    label_en: str


class SkillOfHorizon(Shown):
    """How good the forecasts of one horizon have been, against the stated baselines."""

    horizon_d: int
    n: int
    trees: int
    method: str
    rmse: float
    rmse_balance: float
    rmse_model: float | None
    rmse_persistence: float
    rmse_climatology: float
    best_baseline: str
    skill: float
    interval_coverage: float
    verified_until: date


class NewWatering(Sent):
    """Water given to a tree; `watering_id` is made where it was given."""

    watering_id: UUID
    tree_id: Annotated[int, Field(ge=1, le=LARGEST_ID)]
    at: AwareDatetime
    litres: Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]
    by_kind: Literal["crew", "citizen"]
    source: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")] = "api"


class NewWaterings(Sent):
    """One delivery."""

    waterings: Annotated[list[NewWatering], Field(min_length=1, max_length=5000)]


@router.get("/watering/status", responses=answers(401, 403, 503))
async def status(service: TheService, _caller: Reader) -> Status:
    """Tell where weather, run and model stand; the age of the weather is that of now."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        run = await newest_run(cursor)
        await cursor.execute(query("alarm_list"))
        alarms = [Alarm(**row) for row in await cursor.fetchall()]
        await cursor.execute(query("city_is_simulated"))
        city = await cursor.fetchone()
        weather = await _weather(cursor)
    return Status(
        weather=weather,
        night_run=None if run is None else NightRun(**_only(run, NightRun)),
        model=None if run is None or run["model"] is None else _model(run["model"]),
        thresholds=thresholds_of(run),
        alarms=alarms,
        simulated=bool((city and city["simulated"]) or (run and run["simulated"])),
        label_de=LABEL_DE,
        label_en=LABEL_EN,
    )


@router.get("/watering/skill", responses=answers(401, 403, 503))
async def skill(service: TheService, _caller: Reader) -> list[SkillOfHorizon]:
    """Tell how good the forecasts have been, by horizon; empty where no sensor has checked one."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(query("skill_by_horizon"), {"since": date(1970, 1, 1)})
        rows = await cursor.fetchall()
    return [SkillOfHorizon(**Skill.of(row).as_dict()) for row in rows]


@router.post("/waterings", responses=answers(401, 403, 413, 422, 503))
async def take_waterings(given: NewWaterings, service: TheService, caller: Parks) -> Receipt:
    """Store waterings; an id counts once. Tomorrow's balance knows them."""
    by_source: dict[str, list[Watering]] = {}
    for one in given.waterings:
        watering = Watering(one.watering_id, one.tree_id, one.at, one.litres, one.by_kind)
        by_source.setdefault(one.source, []).append(watering)
    return await intake.store_waterings(service, caller, by_source, at=datetime.now(UTC))


async def _weather(cursor: Any) -> WeatherState | None:
    """The weather as of now, not as of the run."""
    await cursor.execute(query("weather_state"))
    row = await cursor.fetchone()
    if row is None or row["observed_until"] is None:
        return None
    until = row["observed_until"]
    midnight = datetime(until.year, until.month, until.day, tzinfo=UTC)
    age_h = max((datetime.now(UTC) - midnight).total_seconds() / 3600 - 24, 0.0)
    state = judge(age_h, fresh_h=row["fresh_h"], rule_h=row["rule_h"])
    return WeatherState(
        source=row["source"],
        observed_until=until,
        forecast_issued_at=row["forecast_issued_on"],
        age_h=round(age_h, 1),
        state=state.value,
        radiation_estimated_days=row["radiation_estimated_days"],
        filled_days=row["filled_days"],
    )


def _model(model: dict[str, Any]) -> ModelState:
    label = model.get("label", MODEL_LABEL)
    return ModelState(
        version=model["version"],
        sha256=model["sha256"],
        gate=model["gate"],
        gate_reason=model["why"],
        local_sensors=model["local_sensors"],
        label_de=label["de"],
        label_en=label["en"],
    )


def _only(row: dict[str, Any], model: type[Shown]) -> dict[str, Any]:
    return {name: row[name] for name in model.model_fields}
