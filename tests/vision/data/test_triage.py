"""What people decide at the desk becomes a training set, and the export is in the log."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.api.test_desk import decide
from tests.messages import batch, jpeg, mask_receipt, moved
from tests.serving import CityServer
from vision.errors import DataError
from vision.training.data import manifest
from vision.training.data.triage import collect


def test_a_confirmed_finding_is_labelled_and_a_dismissed_one_is_sound_road(
    city: CityServer, tmp_path: Path
) -> None:
    colours = {20: "grey", 70: "white", 120: "black"}
    pictures = {north_m: jpeg(colour=colour) for north_m, colour in colours.items()}
    receipts = {north_m: mask_receipt(picture) for north_m, picture in pictures.items()}
    city.send(batch(*(moved(north_m, picture=receipts[north_m]) for north_m in pictures)))
    city.wait_for_merge()
    with city.client("vehicle") as truck:
        for north_m, picture in pictures.items():
            address = f"/pictures/{receipts[north_m]['picture_sha256']}"
            headers = {"Content-Type": "image/jpeg"}
            truck.put(address, content=picture, headers=headers).raise_for_status()
    first, second, _undecided = (
        row[0] for row in city.rows("SELECT damage_id FROM damage ORDER BY damage_id")
    )
    with city.client("road") as road:
        decide(road, first, "confirmed").raise_for_status()
        decide(road, second, "not a damage").raise_for_status()

    done = collect(city.database_url, tmp_path / "lessons")

    assert (done.confirmed, done.dismissed, done.without_picture) == (1, 1, 0)
    kept = manifest.read(tmp_path / "lessons")
    manifest.verify(kept)
    labels = {picture.path.name.split("-")[1]: picture.labels.read_text() for picture in kept}
    x1, y1, x2, y2 = receipts[20]["damage"]
    assert labels[str(second)] == ""
    kind, across, down, *_ = labels[str(first)].split()
    assert kind == "3"
    assert float(across) == pytest.approx((x1 + x2) / 2 / 64, abs=1e-6)
    assert float(down) == pytest.approx((y1 + y2) / 2 / 48, abs=1e-6)
    with (tmp_path / "lessons/manifest.csv").open() as file:
        text = file.read()
    assert "a shadow" not in text  # the reviewer's words stay where they are
    assert {row["group"] for row in csv.DictReader(text.splitlines())} != {""}
    logged = city.rows("SELECT kind FROM audit_outbox WHERE kind = 'pictures.exported'")
    assert len(logged) == 1


def test_without_a_verdict_there_is_nothing_to_learn(city: CityServer, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="confirm or dismiss some"):
        collect(city.database_url, tmp_path / "lessons")
    (tmp_path / "full").mkdir()
    (tmp_path / "full/old.txt").write_text("kept")
    with pytest.raises(DataError, match="not empty"):
        collect(city.database_url, tmp_path / "full")
