"""One night's forecast for every state: balance, the model's opinion, and which one decides.

Curves are REW at the ends of days: value 0 is this morning, value 14 the end of the fourteenth day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irrigation.arrays import Numbers, Singles, Truths
from irrigation.balance.water_balance import Account, run
from irrigation.feeds.sky import AHEAD_DAYS, Sky
from irrigation.night.tree_model import ANCHORS_D, SENSOR_REACH, Opinion, TreeModel
from irrigation.night.tree_states import States

START_SHARE = 0.7  # REW ninety days ago; a guess that ninety days of weather wash out
LEARNED, BALANCE = "learned", "balance"


@dataclass(frozen=True, slots=True)
class Forecast:
    """Arrays `(days, states)`; `q…` are those of the deciding method."""

    past: Singles  # REW by balance at the ends of the past days
    depletion_mm: Singles  # (states,) this morning, after the sensors
    balance: Singles  # (14, states) at the ends of the coming days
    model: Singles | None  # (15, states)
    q10: Singles  # (15, states)
    q50: Singles
    q90: Singles
    by_model: Truths  # (states,) the model decides at one horizon at least
    moved: Singles | None = None  # (explain.MOVERS, states): the model's reasons


def predict(
    states: States,
    sky: Sky,
    model: TreeModel | None,
    *,
    gate: dict[int, str],
    reach: Numbers,
) -> Forecast:
    """Run the balance through the past, move it by the sensors, look ahead, ask the model."""
    plots = states.plots
    behind = _behind(states, sky)
    free = behind.extractable(plots.capacity_mm)
    now = np.clip(free[-1] + states.shift, 0, 1).astype(np.float32)
    depletion = np.clip((1 - now) * plots.capacity_mm, 0, plots.capacity_mm)
    ahead = run(
        plots,
        depletion_mm=depletion,
        rain_mm=sky.ahead(sky.rain_mm),
        et0_mm=sky.ahead(sky.et0_mm),
    )
    balance = ahead.extractable(plots.capacity_mm)
    line = np.vstack([now[None, :], balance])
    said = None if model is None else model.opinion(states, _moved(behind, depletion), sky, now)
    own = np.array([said is not None and gate.get(days) == LEARNED for days in ANCHORS_D])
    return Forecast(
        past=free,
        depletion_mm=depletion,
        balance=balance,
        model=None if said is None else _curve(line, said, np.ones(len(ANCHORS_D), bool)),
        **_deciding(states, line, said, own, reach),
        by_model=np.full(len(states), bool(own.any())),
        moved=None if said is None else said.moved,
    )


def free_run(states: States, sky: Sky) -> Singles:
    """REW `(past days, states)` by the balance alone, no sensor asked."""
    return _behind(states, sky).extractable(states.plots.capacity_mm)


def _behind(states: States, sky: Sky) -> Account:
    return run(
        states.plots,
        depletion_mm=states.plots.capacity_mm * np.float32(1 - START_SHARE),
        rain_mm=sky.behind(sky.rain_mm),
        et0_mm=sky.behind(sky.et0_mm),
        litres=states.litres,
    )


def _moved(account: Account, depletion_mm: Singles) -> Account:
    """The account with this morning's state as the sensors left it."""
    depletion = account.depletion_mm.copy()
    depletion[-1] = depletion_mm
    return Account(depletion, account.drainage_mm, account.transpired_mm, account.unmet_mm)


def _deciding(
    states: States, line: Singles, said: Opinion | None, own: Truths, reach: Numbers
) -> dict[str, Singles]:
    """q10, q50 and q90: the model where the gate lets it, else the balance with its own errors."""
    middle = line if said is None else _curve(line, said, own)
    grows = np.sqrt(np.maximum(reach**2 - reach[0] ** 2, 0))
    sure = np.minimum(np.hypot(SENSOR_REACH, grows), reach)
    width = np.where(states.anchored[None, :], sure[:, None], reach[:, None])
    below, above = width, width
    if said is not None:
        below = np.where(own[:, None], said.below, width)
        above = np.where(own[:, None], said.above, width)
    to_days = _weights()
    return {
        "q10": np.clip(middle - to_days @ below, 0, 1).astype(np.float32),
        "q50": middle,
        "q90": np.clip(middle + to_days @ above, 0, 1).astype(np.float32),
    }


def _curve(line: Singles, said: Opinion, own: Truths) -> Singles:
    """The balance's curve plus what the model adds at its anchors, in between by straight lines."""
    added = np.where(own[:, None], said.level - line[list(ANCHORS_D)], 0.0)
    return np.clip(line + _weights() @ added, 0, 1).astype(np.float32)


def _weights() -> Numbers:
    """`(15, anchors)`: how much of each anchor counts on each day."""
    days = np.arange(AHEAD_DAYS + 1)
    return np.stack([np.interp(days, ANCHORS_D, row) for row in np.eye(len(ANCHORS_D))], axis=1)
