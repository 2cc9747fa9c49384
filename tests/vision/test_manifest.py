"""Pictures keep their papers: a road has one role, and changed bytes are noticed."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from vision.errors import DataError
from vision.training import recipe
from vision.training.data import manifest
from vision.training.data.manifest import Picture, role_of

RECIPE = Path(recipe.__file__).with_name("recipes") / "cpu.toml"
ROADS = Path(__file__).parents[3] / "shared/data/roaddamage"


def data_set(folder: Path, content: bytes = b"jpeg", stated: str | None = None) -> Path:
    (folder / "images/train").mkdir(parents=True)
    (folder / "images/train/a.jpg").write_bytes(content)
    digest = stated or sha256(content).hexdigest()
    (folder / "manifest.csv").write_text(
        f"file,split,group,licence,sha256\nimages/train/a.jpg,train,ROAD_1,CC0-1.0,{digest}\n"
    )
    return folder


def picture(*, split: str, group: str) -> Picture:
    return Picture(Path("a.jpg"), Path("a.txt"), split, group, "CC0-1.0", "0" * 64)


def test_a_picture_finds_its_labels_by_name(tmp_path: Path) -> None:
    (one,) = manifest.read(data_set(tmp_path))
    assert one.labels == tmp_path / "labels/train/a.txt"
    manifest.verify([one])


def test_a_changed_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a\.jpg is .* not"):
        manifest.verify(manifest.read(data_set(tmp_path, stated="0" * 64)))


def test_a_missing_picture_is_named(tmp_path: Path) -> None:
    pictures = manifest.read(data_set(tmp_path))
    pictures[0].path.unlink()
    with pytest.raises(DataError, match="missing"):
        manifest.verify(pictures)


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"manifest\.csv is missing"):
        manifest.read(tmp_path)


def test_a_test_road_is_never_anything_else() -> None:
    data = recipe.load(RECIPE).data
    for group in [*data.development_groups, "CN_1", "ROAD"]:
        assert role_of(picture(split="test", group=group), data) == "test"


def test_development_roads_are_kept_out_of_training() -> None:
    data = recipe.load(RECIPE).data
    group = data.development_groups[0]
    assert role_of(picture(split="train", group=group), data) == "development"
    assert role_of(picture(split="val", group="CN_0120"), data) == "development"
    assert role_of(picture(split="train", group="CN_0120"), data) == "train"
    assert role_of(picture(split="elsewhere", group="CN_0120"), data) == "unused"


@pytest.mark.skipif(not ROADS.is_dir(), reason="../shared/data/roaddamage is absent")
def test_no_road_of_the_real_data_has_two_roles() -> None:
    data = recipe.load(RECIPE).data
    roles: dict[str, set[str]] = {}
    for one in manifest.read(ROADS):
        roles.setdefault(one.group, set()).add(role_of(one, data))
    shared = {group for group, found in roles.items() if len(found) > 1}
    assert not shared


def test_a_misspelt_key_in_a_recipe_stops_before_training(tmp_path: Path) -> None:
    text = RECIPE.read_text().replace("epochs", "epoch")
    (tmp_path / "recipe.toml").write_text(text)
    with pytest.raises(Exception, match="epoch"):
        recipe.load(tmp_path / "recipe.toml")


def test_the_recipe_for_a_graphics_card_splits_the_roads_alike() -> None:
    ordinary, card = recipe.load(RECIPE), recipe.load(RECIPE.with_name("gpu.toml"))
    assert card.data == ordinary.data
    assert (ordinary.schedule.device, card.schedule.device) == ("cpu", "cuda")
