"""The nightly run: which trees are how dry, and how dry they will be.

weather -> trees and waterings -> what the sensors say -> distinct states -> balance and model ->
urgency, dates and litres -> archive, with a digest of the whole table in the audit log.
"""

from __future__ import annotations

import json
import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import psycopg

from gis.postgis import outbox
from gis.postgis.queries import query
from gis.watering_profile import watering_of
from governance.audit_event import Actor, Subject, event
from governance.model_files import claimed_sha256
from irrigation.arrays import Numbers, Truths
from irrigation.balance import assimilate
from irrigation.balance.assimilate import Residuals
from irrigation.database import connected, require_trees
from irrigation.errors import ModelError
from irrigation.feeds import weather_store
from irrigation.feeds.sky import Sky, WeatherState
from irrigation.model import released
from irrigation.model.released import Release
from irrigation.night import archive, local_gate, night_read, outcome, tree_forecast, tree_states
from irrigation.night.archive import SHOWN_PAST_DAYS, Night
from irrigation.night.night_read import Trees
from irrigation.night.tree_forecast import Forecast
from irrigation.night.tree_model import TreeModel, balance_reach
from irrigation.night.tree_states import States
from irrigation.plan import rule
from irrigation.plan.litres import LitresRule
from irrigation.plan.schedule import Thresholds
from irrigation.plan.watering_rules import rules_of
from irrigation.trees import tree_profile
from irrigation.trees.tree_profile import TreeProfile

logger = logging.getLogger(__name__)

Predict = Callable[[States, Sky, Release | None, dict[int, str], Numbers], Forecast]


@dataclass(frozen=True, slots=True)
class Ran:
    """What a person is told of a run."""

    run_id: int
    for_day: date
    trees: int
    states: int
    methods: dict[str, int]
    urgency: dict[str, int]
    weather: str
    digest: str
    seconds: float


def run(url: str, *, for_day: date, now: datetime, predict: Predict | None = None) -> Ran:
    """Do one night, in one transaction: no archive without its event, no event without it."""
    started = time.monotonic()
    with connected(url) as connection:
        require_trees(connection)
        profile = tree_profile.stored(connection)
        sky = weather_store.sky(connection, profile.weather_feed, for_day=for_day, now=now)
        trees = night_read.trees(connection)
        thresholds, litres = _rules(connection)
        release = _approved(connection, released.newest())
        gate = local_gate.read(connection, before=for_day)
        states = _states(connection, trees, sky)
        forecast = None
        if sky.state is not WeatherState.RULE:
            forecast = (predict or predict_here)(
                states,
                sky,
                release,
                gate.choice,
                balance_reach(None if release is None else release.card),
            )
        facts = (trees.girth_cm, trees.crown_m, trees.planted_year)
        found = outcome.judge(
            states, forecast, facts, on=for_day, thresholds=thresholds, rule=litres
        )
        night = Night(for_day, trees.tree_id, states, forecast, found)
        about = {
            "weather": _weather_words(sky, profile),
            "model": _model_words(release, forecast, gate),
            "thresholds": {
                "act_below": thresholds.act_below,
                "urgent_below": thresholds.urgent_below,
            },
        }
        return _keep(connection, night, sky, about, started=started)


def predict_here(
    states: States, sky: Sky, release: Release | None, gate: dict[int, str], reach: Numbers
) -> Forecast:
    """Predict on this machine; a model that does not fit the program is left out, and said so."""
    model = None
    if release is not None:
        try:
            model = TreeModel.of(release, has_forecast=sky.forecast_issued_on is not None)
            return tree_forecast.predict(states, sky, model, gate=gate, reach=reach)
        except ModelError as error:
            logger.error("model left out, the balance decides reason=%s", error)
    return tree_forecast.predict(states, sky, None, gate=gate, reach=reach)


def _approved(connection: psycopg.Connection, release: Release | None) -> Release | None:
    """Return the release unless people approved others only: then the balance decides."""
    if release is None:
        return None
    wanted = {"system": "watering", "model_sha256": claimed_sha256(release.card)}
    row = connection.execute(query("model_may_decide"), wanted).fetchone()
    if row and row[0]:
        return release
    logger.warning("model left out, nobody approved it sha256=%s", wanted["model_sha256"])
    return None


def _rules(connection: psycopg.Connection) -> tuple[Thresholds, LitresRule]:
    """The city's thresholds and litres, as the plans use them; the defaults where it says none."""
    row = connection.execute(query("watering_rules")).fetchone()
    if row is None or row[0] is None:
        return Thresholds(), LitresRule()
    rules = rules_of(watering_of(row[0]))
    return rules.thresholds, rules.litres


def _states(connection: psycopg.Connection, trees: Trees, sky: Sky) -> States:
    """Distinct states: equal inputs, equal waterings, equal news from the sensors."""
    given = night_read.given(connection, trees, sky)
    count = len(trees)
    none, nobody = np.zeros(count), np.zeros(count, dtype=bool)
    since = night_read.days_since_watered(connection, trees, sky.for_day)
    due = rule.due(trees.site_age_years, since) if sky.state is WeatherState.RULE else nobody

    def split(shift: Numbers, anchored: Truths) -> States:
        return tree_states.distinct(
            trees.plots,
            given,
            days=sky.past,
            shift=shift.astype(np.float32),
            anchored=anchored,
            due=due,
        )

    states = split(none, nobody)
    said = night_read.said(connection, until=sky.for_day - timedelta(days=1))
    if not said or sky.state is WeatherState.RULE:
        return states
    newest = {one.tree_id: one for one in sorted(said, key=lambda one: one.day)}
    at = trees.places(list(newest))
    known = [(place, one) for place, one in zip(at, newest.values(), strict=True) if place >= 0]
    free = tree_forecast.free_run(states, sky)
    back = np.array([(sky.for_day - one.day).days - 1 for _, one in known], np.int64)
    place = np.array([place for place, _ in known], np.int64)
    use = back < sky.past
    place, back = place[use], back[use]
    rew = np.array([one.rew for _, one in known], np.float64)[use]
    residual = rew - free[sky.past - 1 - back, states.of_tree[place]]
    shift, anchored = assimilate.shifts(
        Residuals(place.astype(np.float64), residual, back.astype(np.float64)),
        night_read.places_m(connection, trees),
        trees.genus,
    )
    return split(shift, anchored)


def _keep(
    connection: psycopg.Connection,
    night: Night,
    sky: Sky,
    about: dict[str, Any],
    *,
    started: float,
) -> Ran:
    per_state = np.bincount(night.states.of_tree, minlength=len(night.states)).tolist()
    methods, urgency = Counter[str](), Counter[str]()
    for method, level, count in zip(
        night.outcome.method, night.outcome.urgency, per_state, strict=True
    ):
        methods[method] += count
        urgency[level] += count
    counts = {name: methods[name] for name in ("model", "balance", "rule")}
    digest = night.digest
    connection.execute(query("forecast_partitions"), {"for_day": night.for_day})
    past = slice(max(sky.past - SHOWN_PAST_DAYS, 0), sky.past)
    row = connection.execute(
        query("night_run_store"),
        {
            "for_day": night.for_day,
            "seconds": time.monotonic() - started,
            "trees": len(night.tree_id),
            "states": len(night.states),
            "methods": json.dumps(counts),
            **{name: None if value is None else json.dumps(value) for name, value in about.items()},
            "past_days": sky.days[past],
            "past_rain_mm": sky.rain_mm[past].tolist(),
            "past_et0_mm": sky.et0_mm[past].tolist(),
            "ahead_rain_mm": sky.ahead(sky.rain_mm).tolist(),
            "ahead_et0_mm": sky.ahead(sky.et0_mm).tolist(),
            "digest": digest,
            "simulated": sky.simulated,
        },
    ).fetchone()
    if row is None:
        raise RuntimeError("the run was not stored")
    archive.write(connection, night, row[0])
    connection.execute(query("forecast_analyze"))
    told = event(
        "night.run",
        actor=Actor("machine", "irrigation.night"),
        subject=Subject("night_run", str(row[0])),
        data={
            "for_day": night.for_day.isoformat(),
            "trees": len(night.tree_id),
            "states": len(night.states),
            **{f"by_{name}": count for name, count in counts.items()},
            "weather": sky.state.value,
            "digest": digest,
        },
    )
    connection.execute(query("audit_record"), outbox.parameters(told))
    return Ran(
        run_id=row[0],
        for_day=night.for_day,
        trees=len(night.tree_id),
        states=len(night.states),
        methods=counts,
        urgency=dict(urgency),
        weather=sky.state.value,
        digest=digest,
        seconds=round(time.monotonic() - started, 2),
    )


def _weather_words(sky: Sky, profile: TreeProfile) -> dict[str, Any]:
    issued = sky.forecast_issued_on
    return {
        "source": "simulated" if sky.simulated else profile.weather_feed.source,
        "observed_until": sky.observed_until.isoformat(),
        "forecast_issued_on": issued.isoformat() if issued else None,
        "age_h": sky.age_h,
        "state": sky.state.value,
        "filled_days": sky.filled_days,
        "radiation_estimated_days": sky.radiation_estimated_days,
    }


def _model_words(
    release: Release | None, forecast: Forecast | None, gate: local_gate.Gate
) -> dict[str, Any] | None:
    """Which model spoke and who decides; None where none is installed or none was asked."""
    if release is None or forecast is None or forecast.model is None:
        return None
    return {
        "version": f"{release.card['name']} {release.card['version']}",
        "sha256": claimed_sha256(release.card),
        "label": release.card["label"],
        "gate": {str(days): choice for days, choice in gate.choice.items()},
        "why": gate.why,
        "local_sensors": release.card["trained_on"]["local_sensors"] > 0,
    }
