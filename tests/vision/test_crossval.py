"""Cross-validation: no road in two roles, test roads left alone, a stop loses nothing."""

from __future__ import annotations

import csv
import json
import shutil
from hashlib import sha256
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from vision.runtime import model_file
from vision.training import recipe as recipes
from vision.training.data import manifest
from vision.training.data.manifest import Picture
from vision.training.measure import crossval
from vision.training.recipe import Recipe

EPOCHS = 2
CPU = recipes.load(Path(recipes.__file__).parent / "recipes/cpu.toml")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Picture]:
    """Eight roads of two regions, one of them a test road, two grey pictures each."""
    folder = tmp_path_factory.mktemp("roads")
    (folder / "images").mkdir()
    (folder / "labels").mkdir()
    rows = []
    for road in range(8):
        for number in range(2):
            name = f"{road}-{number}"
            frame = np.full((400, 640, 3), 80 + 10 * road + number, np.uint8)
            cv2.imwrite(str(folder / f"images/{name}.jpg"), frame)
            (folder / f"labels/{name}.txt").write_text("3 0.5 0.5 0.1 0.1\n")
            split = "test" if road == 7 else "train"
            group = f"BR_{'DF' if road < 3 else 'RS'}_{road}"
            digest = sha256((folder / f"images/{name}.jpg").read_bytes()).hexdigest()
            rows.append([f"images/{name}.jpg", split, group, "CC0-1.0", digest])
    with (folder / "manifest.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["file", "split", "group", "licence", "sha256"], *rows])
    return manifest.read(folder)


def roles(recipe: Recipe, pictures: list[Picture]) -> dict[str, set[str]]:
    """Which roads a recipe uses for what."""
    found: dict[str, set[str]] = {}
    for picture in pictures:
        found.setdefault(manifest.role_of(picture, recipe.data), set()).add(picture.group)
    return found


def test_a_left_out_region_is_measured_and_nowhere_trained_on(pictures: list[Picture]) -> None:
    left_out = [s for s in crossval.studies(CPU, pictures, epochs=3) if "left out" in s.kind]
    assert [study.name for study in left_out] == CPU.data.regions
    for study in left_out[:2]:
        found = roles(study.recipe, pictures)
        assert all(road.startswith(study.name) for road in found["development"])
        assert not any(road.startswith(study.name) for road in found["train"])
        assert found["test"] == {"BR_RS_7"}
        assert study.recipe.schedule.epochs == 3


def test_a_smaller_share_of_roads_is_part_of_the_larger(pictures: list[Picture]) -> None:
    shares = [s for s in crossval.studies(CPU, pictures, epochs=3) if s.kind == "share of roads"]
    trained = [roles(study.recipe, pictures)["train"] for study in shares]
    assert [len(roads) for roads in trained] == [2, 4, 7]
    assert trained[0] < trained[1] < trained[2]


def test_each_road_is_measured_in_one_fold_and_trained_on_in_the_others(
    pictures: list[Picture],
) -> None:
    left_out = [s for s in crossval.studies(CPU, pictures, epochs=3) if s.kind == "fold of roads"]
    found = [roles(study.recipe, pictures) for study in left_out]
    measured = [road for part in found for road in part["development"]]
    assert sorted(measured) == [f"BR_{'DF' if road < 3 else 'RS'}_{road}" for road in range(7)]
    assert all(len(part["train"]) == 7 - len(part["development"]) for part in found)


def test_what_else_was_tried_differs_in_one_thing(pictures: list[Picture]) -> None:
    studies = list(crossval.studies(CPU, pictures, epochs=3))
    usual = next(study.recipe for study in studies if study.name == "1")
    tried = {study.name: study.recipe for study in studies if study.kind == "tried"}
    assert tried["random start"].network.start == "random"
    assert tried["random start"].schedule == usual.schedule
    assert tried["YOLO26n"].data.development_groups == usual.data.development_groups
    assert len(tried) == len(CPU.variants)


def test_a_change_of_an_unknown_value_is_refused_by_name() -> None:
    with pytest.raises(msgspec.ValidationError, match="pastd"):
        recipes.changed(CPU, {"crops": {"pastd": 0.5}})


def test_a_stopped_cross_validation_goes_on_where_it_stopped(
    pictures: list[Picture], tmp_path: Path
) -> None:
    begun: list[Path] = []

    def train(recipe: Recipe, folder: Path) -> Path:
        """Lay out the held-out pictures; the trained model is the released one."""
        begun.append(folder)
        if len(begun) == 3:
            raise KeyboardInterrupt
        held = [p for p in pictures if manifest.role_of(p, recipe.data) == "development"]
        for kind in ("images", "labels"):
            (folder / "dataset" / kind / "development").mkdir(parents=True)
        for picture in held:
            shutil.copy(picture.path, folder / "dataset/images/development")
            shutil.copy(picture.labels, folder / "dataset/labels/development")
        facts = {"train": {"pictures": 9, "groups": 4}}
        (folder / "dataset/dataset.json").write_text(json.dumps(facts))
        return model_file.newest_release()

    two_regions = recipes.load(Path(recipes.__file__).parent / "recipes/cpu.toml")
    two_regions.data.regions.remove("CN")
    two_regions.data.development_groups[:] = ["BR_RS_3"]
    with pytest.raises(KeyboardInterrupt):
        crossval.run(two_regions, pictures, epochs=EPOCHS, out=tmp_path, train=train)
    found = crossval.run(two_regions, pictures, epochs=EPOCHS, out=tmp_path, train=train)
    assert len(begun) == len(set(begun)) + 1  # only the interrupted one began twice
    assert json.loads((tmp_path / "crossval.json").read_text()) == found
    region = found["region left out"]["BR_DF"]
    assert region["roads"] == 3
    assert region["D40"]["n"] == 6
    low, high = region["D40"]["ap50_interval_95"]
    assert 0 <= low <= region["D40"]["ap50"] <= high <= 1
    assert found["mean of left-out regions"]["D40"]["parts"] == 2
    assert "draws" not in region["D40"]
