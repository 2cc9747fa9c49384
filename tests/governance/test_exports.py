"""Register and cards in other houses' formats, read by readers we did not write."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from huggingface_hub import ModelCard

from gis.postgis.governance import exports
from gis.postgis.governance.shipped import ShippedModel, shipped_models
from governance.card_facts import figures_of
from governance.figures import NoFigureError, at
from governance.model_papers import readme
from governance.register_exports import atrs_fields
from governance.schema import faults
from tests.governance.conftest import Connection

MODELS = list(shipped_models())


@pytest.fixture
def texts(approved: Connection) -> dict[str, str]:
    """Every export of the approved city."""
    return exports.texts(approved)


def test_the_public_register_fits_the_dutch_publication_standard(texts: dict[str, str]) -> None:
    records = json.loads(texts["algoritmeregister.json"])
    assert [one["source_id"] for one in records] == ["road-damage", "watering"]
    for record in records:
        assert faults(record, "algoritmeregister") == []
        assert record["status"] == "In ontwikkeling"
    assert "AP50" not in records[1]["methods_and_models"]
    assert "95 %" in records[0]["methods_and_models"], "figures come along with their interval"


def test_the_vendored_dutch_schema_notices_a_wrong_record(texts: dict[str, str]) -> None:
    record = json.loads(texts["algoritmeregister.json"])[0]
    wrong: list[dict[str, Any]] = [
        record | {"status": "in use"},
        record | {"name": "x" * 101},
        record | {"category": ["Asphalt"]},
        {key: value for key, value in record.items() if key != "contact_email"},
    ]
    assert all(faults(one, "algoritmeregister") for one in wrong)


def test_the_british_table_has_every_required_attribute(texts: dict[str, str]) -> None:
    rows = list(csv.DictReader(io.StringIO(texts["atrs.csv"])))
    assert len(rows) == 2 * len(atrs_fields())
    assert [row["reference_number"] for row in rows[:65]] == [
        field["reference_number"] for field in atrs_fields()
    ]
    empty = [row for row in rows if row["required"] == "TRUE" and not row["value"].strip()]
    assert empty == []


@pytest.mark.parametrize("model", MODELS, ids=lambda one: one.folder.name)
def test_hugging_face_reads_the_cards_we_serve(model: ShippedModel, tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    file.write_text(readme(model.card, model_sha256=model.model_sha256), encoding="utf-8")
    card = ModelCard.load(file)
    data = card.data.to_dict()
    assert data["license"] in ("agpl-3.0", "eupl-1.2")
    values = [one.metric_value for one in card.data.eval_results]
    assert values == [one.value for one in figures_of(model.card)]
    assert model.card["out_of_scope"] in card.content


@pytest.mark.parametrize("model", MODELS, ids=lambda one: one.folder.name)
def test_hugging_face_reads_the_card_beside_each_released_model(model: ShippedModel) -> None:
    card = ModelCard.load(model.folder / "README.md")
    assert card.data.to_dict()["library_name"] in ("onnxruntime", "xgboost")


def test_the_watering_models_readme_says_what_its_card_says() -> None:
    for model in MODELS:
        if model.system == "watering":
            text = (model.folder / "README.md").read_text(encoding="utf-8")
            assert text == readme(model.card, model_sha256=model.model_sha256), (
                f"run `stadtwart governance readme {model.place}`"
            )


def test_the_bill_of_materials_is_cyclonedx_with_the_councils_questions(
    texts: dict[str, str],
) -> None:
    boms = {name: text for name, text in texts.items() if name.endswith("bom.cdx.json")}
    assert len(boms) == 2
    for text in boms.values():
        assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
        model = json.loads(text)["components"][0]
        said = model["modelCard"]["considerations"]
        assert {one["name"] for one in said["environmentalConsiderations"]["properties"]} >= {
            "energy",
            "ecological.risk",
        }
        assert len(said["fairnessAssessments"]) == 3
        assert model["components"], "each file with its own hash"


def test_the_validator_notices_a_broken_bill_of_materials(texts: dict[str, str]) -> None:
    text = next(text for name, text in texts.items() if name.endswith("bom.cdx.json"))
    broken = text.replace('"machine-learning-model"', '"clever-thing"')
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(broken) is not None


def test_figures_are_read_from_the_card_and_a_wrong_place_is_an_error(
    approved: Connection,
) -> None:
    rows = approved.execute("SELECT body FROM register_public ORDER BY record_id").fetchall()
    cards = {one.card_sha256: one.card for one in MODELS}
    for (record,) in rows:
        assert exports.said_figures(record, cards, "de") != []
    with pytest.raises(NoFigureError, match="/evaluation/nowhere"):
        at(MODELS[0].card, "/evaluation/nowhere")
