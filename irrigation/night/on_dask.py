"""The same prediction on a Dask cluster, for a Land's millions of trees; optional extra `dask`.

States are cut into parts and sent to the workers; parts come back in order, so the result equals
the one of a single machine. Workers need this program and its models installed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np

from irrigation.arrays import Numbers
from irrigation.balance.water_balance import Plots
from irrigation.errors import IrrigationError
from irrigation.feeds.sky import Sky
from irrigation.model.released import Release
from irrigation.night.nightly import predict_here
from irrigation.night.tree_forecast import Forecast
from irrigation.night.tree_states import States

PART = 2_000  # states a task


class ClusterMissingError(IrrigationError):
    """The Dask extra or the cluster is not there."""

    exit_code = 9


def predictor(
    address: str, *, part: int = PART, patience_s: int = 20
) -> Callable[[States, Sky, Release | None, dict[int, str], Numbers], Forecast]:
    """Return a prediction that runs on the scheduler's workers.

    It raises ClusterMissingError where Dask is not installed or nobody answers.
    """

    def predict(
        states: States, sky: Sky, release: Release | None, gate: dict[int, str], reach: Numbers
    ) -> Forecast:
        if not len(states):
            return predict_here(states, sky, release, gate, reach)
        parts = [_cut(states, start, start + part) for start in range(0, len(states), part)]
        with _client(address, patience_s=patience_s) as client:
            common = client.scatter([sky, release, gate, reach], broadcast=True)
            tasks = [client.submit(_one, one, *common, pure=False) for one in parts]
            return _joined(client.gather(tasks))

    return predict


def _client(address: str, *, patience_s: int) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise ClusterMissingError(
            "Dask is not installed: pip install 'stadtwart[server,dask]'"
        ) from None
    try:
        return Client(address, timeout=patience_s)  # type: ignore[no-untyped-call]
    except OSError as error:
        raise ClusterMissingError(f"no Dask scheduler answers at {address}: {error}") from None


def _one(
    states: States, sky: Sky, release: Release | None, gate: dict[int, str], reach: Numbers
) -> Forecast:
    return predict_here(states, sky, release, gate, reach)


def _cut(states: States, start: int, end: int) -> States:
    part = slice(start, end)
    plots = states.plots
    count = len(states.shift[part])
    return States(
        plots=Plots(**{one.name: getattr(plots, one.name)[part] for one in fields(plots)}),
        litres=np.ascontiguousarray(states.litres[:, part]),
        shift=states.shift[part],
        anchored=states.anchored[part],
        due=states.due[part],
        of_tree=np.arange(count),
    )


def _joined(parts: list[Forecast]) -> Forecast:
    """Side by side; a model that one worker could not read is left out for all."""
    joined: dict[str, Any] = {}
    for one in fields(Forecast):
        values = [getattr(part, one.name) for part in parts]
        if any(value is None for value in values):
            joined[one.name] = None
        else:
            joined[one.name] = np.concatenate(values, axis=-1)
    return Forecast(**joined)
