"""Datasheets are Croissant, read by the format's own program, and name the data of the cards."""

from __future__ import annotations

import json
import warnings
from hashlib import sha256
from pathlib import Path

import pytest

from gis.postgis.governance.shipped import newest

SHARED = Path(__file__).parents[3] / "shared/data"
SHEETS = sorted((Path(__file__).parents[2] / "datasets/datasheets").glob("*.json"))


@pytest.mark.parametrize("file", SHEETS, ids=lambda file: file.stem)
def test_mlcroissant_reads_the_datasheet(file: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own, about its own dependencies
        import mlcroissant

        metadata = mlcroissant.Dataset(jsonld=str(file)).metadata
    assert metadata.issues.errors == set()
    assert metadata.distribution
    said = json.loads(file.read_text(encoding="utf-8"))
    for name in ("rai:dataBiases", "rai:dataLimitations", "rai:personalSensitiveInformation"):
        assert said[name], name


def test_the_soil_models_card_and_its_datasheet_name_the_same_file() -> None:
    model = newest("watering")
    assert model is not None
    sheet = next(file for file in SHEETS if file.stem == "uscrn-daily-2020")
    (file,) = json.loads(sheet.read_text(encoding="utf-8"))["distribution"]
    assert file["sha256"] == model.card["trained_on"]["sha256"]


def test_each_set_the_detector_was_trained_on_has_a_datasheet_of_the_same_manifest() -> None:
    model = newest("detector")
    assert model is not None
    for name in model.card["training"]["recipe"]["data"]["sources"]:
        sheet = next(file for file in SHEETS if file.stem == name)
        (file,) = json.loads(sheet.read_text(encoding="utf-8"))["distribution"]
        manifest = SHARED / name / "manifest.csv"
        if not manifest.is_file():
            pytest.skip(f"{manifest} is not here to be compared")
        assert file["sha256"] == sha256(manifest.read_bytes()).hexdigest()


def test_mlcroissant_notices_a_datasheet_without_digest(tmp_path: Path) -> None:
    said = json.loads(SHEETS[0].read_text(encoding="utf-8"))
    del said["distribution"][0]["sha256"]
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(said), encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import mlcroissant

        with pytest.raises(mlcroissant.ValidationError, match="sha256"):
            mlcroissant.Dataset(jsonld=str(broken))
