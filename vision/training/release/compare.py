"""Measure several models on the same roads, so that one card tells what each step was worth.

Each model gets its thresholds by the same rule on the development roads, before the test roads are
looked at. Labels of people and vehicles are not needed here, so no teacher is asked.
"""

from __future__ import annotations

import dataclasses
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from vision.errors import DataError
from vision.runtime import model_file
from vision.runtime.detections import DAMAGE_CLASSES
from vision.runtime.model_file import Model
from vision.training.data import manifest
from vision.training.data.manifest import Picture
from vision.training.measure.evaluate import ANY, evaluate
from vision.training.measure.thresholds import thresholds
from vision.training.recipe import Recipe

OWN = "released"  # the model whose card tells the result: always the first row


@dataclass(frozen=True, slots=True)
class Roads:
    """Pictures of one role, laid out as `evaluate` reads them."""

    folder: Path
    pictures: list[Picture]

    @property
    def digest(self) -> str:
        """Name the pictures by one sha256."""
        return manifest.digest(self.pictures)


def compare(
    folder: Path, others: Mapping[str, Path], *, data: Path, recipe: Recipe
) -> dict[str, dict[str, Any]]:
    """Measure a model folder's own model and the others; return one row for each, by name.

    Rows that the card has from before stay, as long as they were measured on the same pictures.
    Raises DataError where a picture is missing or changed, or a name stands for two models.
    """
    if OWN in others:
        raise DataError(f"--with {OWN}=…: that name stands for the card's own model, take another")
    pictures = [p for name in recipe.data.sources for p in manifest.read(data / name)]
    manifest.verify(pictures)
    by_role = {
        role: [p for p in pictures if manifest.role_of(p, recipe.data) == role]
        for role in ("development", "test")
    }
    by_role["sound"] = [p for p in by_role["test"] if not p.labels.read_text().strip()]
    with tempfile.TemporaryDirectory(prefix="stadtwart-compare-") as place:
        roads = {role: _lay_out(Path(place) / role, chosen) for role, chosen in by_role.items()}
        named = {OWN: folder / "model.onnx"} | dict(others)
        rows = {name: _measure(path, roads) for name, path in named.items()}
    return _kept(folder, rows[OWN]["test_digest"]) | rows


def _kept(folder: Path, test_digest: str) -> dict[str, dict[str, Any]]:
    """Return the card's rows of before that compare with new ones."""
    before = json.loads((folder / "card.json").read_text()).get("compared", {})
    return {name: row for name, row in before.items() if row["test_digest"] == test_digest}


def _lay_out(folder: Path, pictures: Sequence[Picture]) -> Roads:
    for part in ("images", "labels"):
        (folder / part).mkdir(parents=True)
    rows = ["file,group,country"]
    for picture in pictures:
        (folder / "images" / picture.path.name).symlink_to(picture.path.resolve())
        (folder / "labels" / picture.labels.name).symlink_to(picture.labels.resolve())
        rows.append(f"{picture.path.name},{picture.group},{picture.country}")
    (folder / "groups.csv").write_text("\n".join(rows) + "\n")
    return Roads(folder, list(pictures))


def _measure(path: Path, roads: Mapping[str, Roads]) -> dict[str, Any]:
    """Choose thresholds on the development roads, then measure on the test roads."""
    model = model_file.load(path)
    development = _evaluate(model, roads["development"])
    chosen = thresholds(development)
    model = dataclasses.replace(model, card=msgspec.structs.replace(model.card, thresholds=chosen))
    return {
        "name": model.card.name,
        "version": model.card.version,
        "sha256": model.card.sha256,
        "recipe": _recipe_of(path),
        "thresholds": chosen,
        "development": _brief(development),
        "test": _brief(_evaluate(model, roads["test"])),
        "sound": _alarms(model, roads["sound"]),
        "test_digest": roads["test"].digest,
    }


def _evaluate(model: Model, roads: Roads) -> dict[str, Any]:
    return evaluate(
        model,
        images=roads.folder / "images",
        labels=roads.folder / "labels",
        classes=DAMAGE_CLASSES,
        manifest=roads.folder / "groups.csv",
    )


def _brief(result: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what a table has room for."""
    wanted = ("n", "ap50", "ap50_interval_95", "best_f1")
    rows = {"D40": result["classes"]["D40"], ANY: result[ANY]}
    short = {name: {key: row.get(key) for key in wanted} for name, row in rows.items()}
    return {"pictures": result["images"], "roads": result["groups"]} | short


def _alarms(model: Model, roads: Roads) -> dict[str, Any]:
    """Count alarms on test pictures without a label: every detection there counts as false."""
    if not roads.pictures:
        return {"pictures": 0, "D40": None, ANY: None}
    result = _evaluate(model, roads)
    return {
        "pictures": result["images"],
        "D40": result["classes"]["D40"]["false_alarms_per_picture"],
        ANY: result["false_positives_per_image"],
    }


def _recipe_of(path: Path) -> dict[str, Any] | None:
    """Read what a model was trained with: from its card, else from the run it was exported in."""
    card = json.loads(path.with_name("card.json").read_text())
    run = path.parent.parent / "run.json"
    if "training" in card:
        recipe = card["training"]["recipe"]
        pictures = card["training"]["dataset"]["train"]["pictures"]
    elif run.is_file():
        facts = json.loads(run.read_text())
        recipe, pictures = facts["recipe"], facts["dataset"]["train"]["pictures"]
    else:
        return None
    return {
        "architecture": recipe["network"]["architecture"],
        "start": recipe["network"].get("start", "coco"),
        "input_px": [recipe["network"]["input_width_px"], recipe["network"]["input_height_px"]],
        "epochs": recipe["schedule"]["epochs"],
        "pictures": pictures,
    }
