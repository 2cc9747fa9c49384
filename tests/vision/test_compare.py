"""Models beside each other: the same roads for all, and the card says which are whose."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from vision.__main__ import main
from vision.errors import DataError
from vision.runtime.model_file import newest_release
from vision.training import recipe
from vision.training.recipe import Recipe
from vision.training.release import card
from vision.training.release.compare import OWN, compare
from vision.training.release.limit_pictures import CITY, Drive

RELEASE = newest_release().parent
BASELINE = Path(recipe.__file__).parent / "recipes/baseline.toml"
ROADS = {  # frame of Musterstadt: split and road; the last one shows no damage
    3: ("val", "first"),
    5: ("val", "second"),
    22: ("test", "third"),
    89: ("test", "fourth"),
    31: ("test", "fourth"),
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data set of five simulated frames with their true potholes."""
    drive, source = Drive(CITY), tmp_path / "data/street"
    rows = ["file,split,group,licence,sha256"]
    for frame, (split, group) in ROADS.items():
        name = f"musterstadt_{frame:04d}.jpg"
        file = f"images/{split}/{name}"
        (source / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(CITY / "drive/frames" / name, source / file)
        labels = (source / file.replace("images", "labels")).with_suffix(".txt")
        labels.parent.mkdir(parents=True, exist_ok=True)
        labels.write_text("" if frame == 31 else "\n".join(_lines(drive, name)))
        digest = sha256((source / file).read_bytes()).hexdigest()
        rows.append(f"{file},{split},{group},CC0-1.0,{digest}")
    (source / "manifest.csv").write_text("\n".join(rows) + "\n")
    return tmp_path / "data"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the released model, whose card was never compared."""
    copied = tmp_path / "model"
    copied.mkdir()
    shutil.copyfile(RELEASE / "model.onnx", copied / "model.onnx")
    content = json.loads((RELEASE / "card.json").read_text())
    content.pop("compared", None)
    (copied / "card.json").write_text(json.dumps(content))
    return copied


def plan() -> Recipe:
    """The baseline's recipe on the five frames."""
    own = {"sources": ["street"], "development_groups": ["first", "second"]}
    return recipe.changed(recipe.load(BASELINE), {"data": own})


def _lines(drive: Drive, name: str) -> list[str]:
    """Write every damage as a pothole: what is compared here is the counting."""
    lines = []
    for left, top, right, bottom in drive.truths(name).tolist():
        middle = (left + right) / 2 / 640, (top + bottom) / 2 / 400
        size = (right - left) / 640, (bottom - top) / 400
        lines.append("3 " + " ".join(f"{value:.6f}" for value in (*middle, *size)))
    return lines


def test_a_model_beside_itself_has_the_same_figures_on_the_same_roads(
    folder: Path, data: Path
) -> None:
    rows = compare(folder, {"twin": RELEASE / "model.onnx"}, data=data, recipe=plan())
    assert rows[OWN] == rows["twin"]
    own = rows[OWN]
    assert (own["development"]["pictures"], own["development"]["roads"]) == (2, 2)
    assert (own["test"]["pictures"], own["test"]["roads"], own["sound"]["pictures"]) == (3, 2, 1)
    assert own["test"]["D40"]["ap50"] > 0
    assert own["recipe"]["start"] == "coco"
    card.amend(folder, compared=rows)
    page = (folder / "README.md").read_text()
    assert page.index("| released: road-damage") < page.index("| twin: road-damage")
    (manifest := data / "street/manifest.csv").write_text(
        "".join(manifest.read_text().splitlines(keepends=True)[:-1])
    )
    assert set(compare(folder, {}, data=data, recipe=plan())) == {OWN}, "other test pictures"


def test_a_changed_picture_or_a_name_used_twice_stops_the_comparison(
    folder: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(DataError, match="stands for the card's own model"):
        compare(folder, {OWN: RELEASE / "model.onnx"}, data=data, recipe=plan())
    given = ["compare", "--card", str(folder), "--data", str(data), "--recipe", str(BASELINE)]
    assert main([*given, "--with", "without a path"]) == DataError.exit_code
    assert "write NAME=MODEL.onnx" in capsys.readouterr().err
    (data / "street/images/test/musterstadt_0022.jpg").write_bytes(b"another picture")
    with pytest.raises(DataError, match=r"musterstadt_0022\.jpg is"):
        compare(folder, {}, data=data, recipe=plan())
