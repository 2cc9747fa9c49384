"""The learned forecast: honest splits, monotone in rain, gated, its files checked by the card."""

from __future__ import annotations

import doctest
import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irrigation.__main__ import main
from irrigation.errors import ModelError, StationsError
from irrigation.evaluation import card, crossval, evaluate, gate, scores, tasks
from irrigation.evaluation.crossval import Plan
from irrigation.evaluation.tasks import Ground
from irrigation.model import boosted, explain, outlook, released, stations
from irrigation.model.boosted import FORECAST, NOWCAST
from irrigation.model.outlook import Outlook
from irrigation.model.stations import Panel
from tests.irrigation.made_stations import make_table, write_stations
from tests.irrigation.shared_data import tree_file

SMALL = Plan(
    horizons=(7,),
    outlooks=("imperfect",),
    site_folds=3,
    time_blocks=2,
    forecast=msgspec.structs.replace(FORECAST, trees=15, spread_trees=8),
    nowcast=msgspec.structs.replace(NOWCAST, trees=15, spread_trees=8),
)


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Panel:
    return stations.read(write_stations(tmp_path_factory.mktemp("made"), make_table(sites=8)))


@pytest.fixture(scope="module")
def report(panel: Panel) -> dict[str, object]:
    return evaluate.run(panel, SMALL)


@pytest.fixture(scope="module")
def release(
    panel: Panel, report: dict[str, object], tmp_path_factory: pytest.TempPathFactory
) -> released.Release:
    folder = tmp_path_factory.mktemp("models") / "soil-0.0.1"
    folder.mkdir()
    made = {"file": "made.parquet", "sha256": "0" * 64}
    trained = released.train(panel, SMALL, folder)
    content = card.build(
        name="soil", version="0.0.1", trained=trained, stations=made, report=report
    )
    (folder / "card.json").write_text(json.dumps(content))
    return released.read(folder)


def test_no_site_and_no_season_is_both_learned_and_tested(panel: Panel) -> None:
    tested = np.zeros(panel.water_mm.shape, dtype=int)
    for split in crossval.splits(panel, SMALL, days_ahead=7, blocks=4):
        groups = [mask.any(axis=1) for mask in (split.grow, split.calibrate, split.test)]
        assert (np.sum(groups, axis=0) <= 1).all()
        seen_days = np.flatnonzero((split.grow | split.calibrate).any(axis=0))
        asked = np.flatnonzero(split.test.any(axis=0))
        reached = np.unique(np.concatenate([seen_days, seen_days + 7]))
        assert not np.isin(asked, reached).any()
        tested += split.test
    assert (tested == 1).all()


def test_every_figure_stands_beside_its_baselines(report: dict[str, object]) -> None:
    cell = report["forecast"][0]  # type: ignore[index]
    names = {"persistence", "climatology", "balance", "learned", "gated"}
    assert set(cell["rmse_vwc"]) == set(cell["rmse_rew"]) == names
    assert cell["site_days"] > 500
    assert 0.5 < cell["interval_80"]["coverage"] <= 1
    assert set(report["nowcast"]["rmse_rew"]) == {  # type: ignore[index]
        "climatology", "balance", "learned", "gated"
    }  # fmt: skip
    json.dumps(report, allow_nan=False)


def test_more_rain_ahead_never_makes_the_forecast_drier(
    panel: Panel, release: released.Release
) -> None:
    learned, _ = release.learned("forecast-7-imperfect")
    plain = Ground.of(panel, ("imperfect",))
    said = plain.outlooks["imperfect"]
    everybody = np.ones(len(panel.sites), dtype=bool)
    answers = []
    for extra_mm in (0.0, 3.0, 30.0):
        more = Outlook(said.rain_mm + extra_mm, said.et0_mm)
        ground = Ground(panel, plain.sensor, plain.came, {"imperfect": more})
        task = tasks.forecast(ground, "imperfect", days=7, ask=everybody, warm_up_days=30)
        use = task.usable
        answers.append(learned.answer(task.features.stack()[use], task.base[use]))
    assert (np.diff(answers, axis=0) >= -1e-4).all()
    assert np.diff(answers, axis=0).max() > 0


def test_the_gate_lets_persistence_through_where_nothing_can_be_learned() -> None:
    random = np.random.default_rng(1)
    truth = random.normal(0, 1, (4, 50))
    use = np.ones(truth.shape, dtype=bool)
    candidates = {"persistence": np.zeros(truth.shape), "learned": random.normal(0, 1, truth.shape)}
    verdict = gate.choose(candidates, truth, use)
    assert verdict.chosen == "persistence"
    assert verdict.errors["persistence"] < verdict.errors["learned"]


def test_a_site_without_any_temperature_is_left_out_and_not_guessed(tmp_path: Path) -> None:
    table = make_table(sites=6)
    table.loc[table["wban"] == "00003", ["t_daily_max", "t_daily_min"]] = np.nan
    found = stations.read(write_stations(tmp_path, table))
    now = tasks.nowcast(found, sensors=np.ones(6, dtype=bool))
    assert now.usable.any(axis=1).tolist() == [True, True, True, False, True, True]


def test_nothing_to_calibrate_on_is_said_and_not_guessed() -> None:
    never = np.zeros((2, 5), dtype=bool)
    with pytest.raises(StationsError, match="Give more stations"):
        gate.choose({"balance": np.zeros((2, 5))}, np.zeros((2, 5)), never)


def test_a_tie_goes_to_the_baseline() -> None:
    same = np.zeros((2, 5))
    use = np.ones(same.shape, dtype=bool)
    assert gate.choose({"balance": same, "learned": same}, same, use).chosen == "balance"


def test_a_released_model_is_measured_only_at_sites_it_has_not_seen(
    panel: Panel, release: released.Release, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match="trained on some of these sites"):
        released.run(release, panel, SMALL)
    table = make_table(sites=5, seed=11)
    table["wban"] = "9" + table["wban"].str[1:]
    new = stations.read(write_stations(tmp_path, table))
    found = released.measure(new, SMALL, release)
    assert "sites it has not seen" in found["how"]
    assert found["sites"] == 5
    assert "cross-validation" in found["within_file_cross_validation"]["how"]


def test_a_changed_model_file_is_not_used(release: released.Release, tmp_path: Path) -> None:
    about = release.card["parts"]["nowcast"]
    for name in ("mean.ubj", "spread.ubj"):
        (tmp_path / name).write_bytes((release.folder / "nowcast" / name).read_bytes() + b"x")
    with pytest.raises(ModelError, match="is not the file its card describes"):
        boosted.load(tmp_path, about)


def test_the_card_says_what_the_model_is_and_what_it_missed(release: released.Release) -> None:
    page = card.render(release.card)
    assert "ohne Messwerte aus dieser Stadt" in page
    assert page.count("| met |") + page.count("| **missed** |") == len(
        release.card["evaluation"]["targets"]
    )


def test_contributions_add_up_to_the_answer(panel: Panel, release: released.Release) -> None:
    learned, _ = release.learned("nowcast")
    task = tasks.nowcast(panel, sensors=np.ones(len(panel.sites), dtype=bool))
    table, base = task.features.stack()[task.usable][:20], task.base[task.usable][:20]
    parts = learned.contributions(table).sum(axis=1) + boosted.TRUST * base
    assert parts == pytest.approx(learned.answer(table, base), abs=1e-4)


def test_the_reasons_given_for_a_forecast_leave_nothing_out(
    panel: Panel, release: released.Release
) -> None:
    learned, _ = release.learned("forecast-7-imperfect")
    ground, everybody = Ground.of(panel, ("imperfect",)), np.ones(len(panel.sites), dtype=bool)
    task = tasks.forecast(ground, "imperfect", days=7, ask=everybody, warm_up_days=30)
    table, base = task.features.stack()[task.usable][:20], task.base[task.usable][:20]
    moved = explain.by_topic(learned.names, learned.contributions(table), balance_mm=base)
    assert moved.sum(axis=0) == pytest.approx(learned.answer(table, base), abs=1e-4)


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=40))
def test_average_precision_does_not_depend_on_the_order_of_the_sites(
    rows: list[tuple[int, bool]],
) -> None:
    score = np.array([row[0] for row in rows], dtype=float)
    event = np.array([row[1] for row in rows])
    found = scores.average_precision(score, event)
    back = scores.average_precision(score[::-1], event[::-1])
    assert found == pytest.approx(back, nan_ok=True)
    if event.any():
        assert event.mean() - 1e-9 <= found <= 1 or score.std() > 0


def test_a_wet_year_without_a_dry_day_has_no_average_precision() -> None:
    never = np.zeros((3, 4), dtype=bool)
    found = scores.average_precision_by_site(np.ones((3, 4)), never, ~never)
    assert found == {"average_precision": None, "interval_95_over_sites": None}


def test_the_examples_of_the_scores_are_true() -> None:
    assert doctest.testmod(scores).failed == 0


def test_the_command_measures_real_stations(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file without the columns ends with its own exit code; a small real panel is scored."""
    real = stations.read(tree_file("uscrn_daily_2020.parquet"))
    some = np.zeros(len(real.sites), dtype=bool)
    some[::8] = True
    found = evaluate.run(real.only(some), SMALL)
    cell = found["forecast"][0]
    assert found["sites"] == 8
    assert cell["rmse_vwc"]["persistence"]["rmse"] > 0.02
    assert cell["rmse_vwc"]["learned"]["rmse"] < cell["rmse_vwc"]["climatology"]["rmse"]
    assert main(["evaluate", "--stations", str(tmp_path / "none.parquet")]) == 5
    assert "does not exist" in capsys.readouterr().err


def test_the_noise_of_the_imperfect_weather_is_stated(report: dict[str, object]) -> None:
    assert report["imperfect_weather"]["noise"] == outlook.NOISE  # type: ignore[index]


def test_the_shipped_model_is_whole_and_its_page_is_its_card() -> None:
    shipped = released.newest()
    assert shipped is not None
    for part in shipped.card["parts"]:
        learned, _ = shipped.learned(part)
        assert learned.names
    for variant in shipped.card["rankings"]:
        assert shipped.ranking(variant).num_boosted_rounds() > 0
    assert (shipped.folder / "card.md").read_text() == card.render(shipped.card)
    assert shipped.card["trained_on"]["local_sensors"] == 0
