"""The same night on a cluster: two workers, the same result to the bit."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from irrigation.model import released
from irrigation.night import on_dask
from irrigation.night.on_dask import ClusterMissingError
from irrigation.night.tree_forecast import Forecast
from irrigation.night.tree_model import balance_reach
from tests.irrigation.night.test_states import a_sky, ask, some_trees

distributed = pytest.importorskip("distributed")


def test_two_workers_find_what_one_machine_finds() -> None:
    sky = a_sky()
    states = some_trees(1200, merge=True, sky=sky)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        predict = on_dask.predictor(cluster.scheduler_address, part=150)
        there = predict(states, sky, released.newest(), {}, balance_reach(None))
    here = ask(states, sky, {})
    for field in fields(Forecast):
        np.testing.assert_array_equal(getattr(there, field.name), getattr(here, field.name))


def test_a_missing_cluster_is_named() -> None:
    sky = a_sky()
    states = some_trees(10, merge=True, sky=sky)
    predict = on_dask.predictor("tcp://127.0.0.1:9", patience_s=1)
    with pytest.raises(ClusterMissingError, match="no Dask scheduler"):
        predict(states, sky, None, {}, balance_reach(None))
