"""The energy of a thousand forecasts is measured and stands in the soil model's card."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from irrigation.evaluation import energy
from irrigation.model import released, stations
from tests.irrigation.made_stations import make_table


def test_forecasts_cost_energy_and_the_card_says_how_it_was_found(tmp_path: Path) -> None:
    shipped = released.newest()
    assert shipped is not None
    folder = tmp_path / shipped.folder.name
    shutil.copytree(shipped.folder, folder)
    make_table(sites=6).to_parquet(tmp_path / "stations.parquet")
    panel = stations.read(tmp_path / "stations.parquet")
    found = energy.measure(released.read(folder), panel, stated_w=60)
    energy.write(released.read(folder), found)
    card = json.loads((folder / "card.json").read_text())
    assert card["energy"]["forecasts"] > 6 * 200
    assert card["energy"]["method"]
    assert card["energy"]["wh_per_1000_forecasts"] > 0
    assert "Wh per 1,000 forecasts" in (folder / "card.md").read_text()
