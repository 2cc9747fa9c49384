"""Roads stay whole, each split shows each class, and a second look finds what slipped."""

from __future__ import annotations

import json
import re
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision.__main__ import main
from vision.errors import DataError
from vision.training.data import likeness, manifest
from vision.training.data.archives import write_pair
from vision.training.data.manifest import Entry
from vision.training.data.split import Plan, split
from vision.training.data.stratify import Facts, divide

THREE = {"train": 0.6, "val": 0.2, "test": 0.2}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Twelve roads with three small pictures each; no two look alike."""
    folder = tmp_path / "set"
    random = np.random.default_rng(1)
    entries = []
    for number in range(36):
        cells = random.integers(0, 255, (10, 16, 3), np.uint8)
        picture = cv2.resize(cells, (160, 100), interpolation=cv2.INTER_NEAREST)
        jpeg = cv2.imencode(".jpg", picture)[1].tobytes()
        entries.append(
            Entry(
                file=write_pair(folder, f"{number}.jpg", jpeg, ["3 0.5 0.5 0.1 0.1"]),
                split="train",
                group=f"road {number // 3:02d}",
                licence="CC0-1.0",
                sha256=sha256(jpeg).hexdigest(),
                country="Brazil",
                source_file=f"{number}.jpg",
                n_boxes="1",
                derived_classes="D00;D10;D20 (type derived by geometry)",
            )
        )
    manifest.append(folder, entries)
    return folder


def splits_of(folder: Path, column: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in manifest.rows(folder):
        found.setdefault(row[column], set()).add(row["split"])
    return found


def retell(data: Path, change: Any) -> None:
    rows = manifest.rows(data)
    for row in rows:
        change(row)
    manifest.write(data / "manifest.csv", rows)


@given(
    sizes=st.lists(st.integers(1, 30), min_size=3, max_size=30),
    kinds=st.lists(st.sampled_from(["D00", "D40", ""]), min_size=30, max_size=30),
    seed=st.integers(0, 9),
)
@settings(max_examples=30, deadline=None)
def test_no_split_stays_empty_and_the_same_seed_divides_the_same(
    sizes: list[int], kinds: list[str], seed: int
) -> None:
    pictures = [
        Facts(f"road {number}", "Japan", {kinds[number]: 1} if kinds[number] else {})
        for number, size in enumerate(sizes)
        for _ in range(size)
    ]
    chosen = divide(pictures, THREE, seed=seed)
    assert set(chosen) == {picture.road for picture in pictures}
    assert set(chosen.values()) == set(THREE)
    assert chosen == divide(pictures, THREE, seed=seed)


def test_each_country_and_class_comes_into_each_split_near_its_share() -> None:
    random = np.random.default_rng(3)
    pictures = []
    for number in range(60):
        country = ("Japan", "Norway", "Czech")[number % 3]
        for _ in range(int(random.integers(5, 40))):
            kind = str(random.choice(["D00", "D20", "D40", ""]))
            pictures.append(Facts(f"road {number}", country, {kind: 1} if kind else {}))
    chosen = divide(pictures, THREE, seed=0)
    for what in [(country, kind) for country in ("Japan", "Norway") for kind in ("D40", "D00")]:
        here = Counter(
            chosen[one.road] for one in pictures if one.country == what[0] and what[1] in one.boxes
        )
        for name, share in THREE.items():
            assert here[name] / here.total() == pytest.approx(share, abs=0.08), (what, name)
    total = Counter(chosen[one.road] for one in pictures)
    for name, share in THREE.items():
        assert total[name] / total.total() == pytest.approx(share, abs=0.03)


@pytest.mark.parametrize(
    "shares", [{}, {"train": 1.5, "test": -0.5}, {"train": 0.5, "test": 0.4}, {"../x": 1.0}]
)
def test_shares_that_are_none_are_refused(shares: dict[str, float]) -> None:
    with pytest.raises(DataError, match="correct them"):
        divide([Facts("a", "b", {})], shares, seed=0)
    with pytest.raises(DataError, match="1 roads cannot fill 3 splits"):
        divide([Facts("a", "b", {})], THREE, seed=0)


def test_a_set_is_split_by_road_with_its_files_and_papers(data: Path, tmp_path: Path) -> None:
    told = split(data, tmp_path / "out", Plan(THREE, seed=1))
    out = tmp_path / "out"
    pictures = manifest.read(out)
    manifest.verify(pictures)
    assert len(pictures) == 36
    assert all(len(found) == 1 for found in splits_of(out, "group").values())
    assert set(splits_of(out, "split")) == set(THREE)
    assert all(one.labels.is_file() for one in pictures)
    assert all(one.path.parent.name == one.split for one in pictures)
    assert sum(one["pictures"] for one in told["splits"].values()) == 36
    assert json.loads((out / "split.json").read_text()) == told
    assert manifest.rows(out)[0]["derived_classes"] == "D00;D10;D20 (type derived by geometry)"
    again = split(data, tmp_path / "again", Plan(THREE, seed=1))
    assert again == told
    with pytest.raises(DataError, match="is not empty: name a new folder"):
        split(data, out, Plan(THREE, seed=1))


def test_one_place_under_two_names_of_roads_stays_together(data: Path, tmp_path: Path) -> None:
    rows = manifest.rows(data)
    roads_seen = sorted({row["group"] for row in rows})
    first, last = (next(r for r in rows if r["group"] == roads_seen[n]) for n in (0, -1))
    overwrite(data, last, road_again(data / first["file"]))
    told = split(data, tmp_path / "out", Plan(THREE, seed=1))
    assert told["joined_roads"] == [roads_seen[-1]]
    where = splits_of(tmp_path / "out", "group")
    assert where[roads_seen[0]] == where[roads_seen[-1]]


def test_what_the_first_hash_missed_stops_the_split_until_a_person_has_looked(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two pictures with one's gradients and another's light: alike to one hash alone."""
    one, other = gradients_alike()
    marks = [likeness.scene_mark(one), likeness.scene_mark(other)]
    assert likeness.scenes(["a", "b"], marks) == {"a": "a", "b": "b"}
    rows = manifest.rows(data)
    for row in rows:
        row["country"] = "Chile" if row["group"] == rows[0]["group"] else "Brazil"
    manifest.write(data / "manifest.csv", rows)
    overwrite(data, manifest.rows(data)[0], one)
    overwrite(data, manifest.rows(data)[-1], other)
    told = ["data", "split", "--data", str(data), "--out", str(tmp_path / "out")]
    told += ["--test-country", "Chile", "--shares", "train=0.5,val=0.2,test=0.3"]
    assert main(told) == 4
    said = capsys.readouterr().err
    assert "1 pairs of pictures look alike" in said
    names = re.findall(r"(\S+\.jpg) and (\S+\.jpg) \(", said)[0]
    assert not (tmp_path / "out").exists()
    looked = tmp_path / "looked.csv"
    looked.write_text(f"first,second\n{names[1]},{names[0]}\n")
    assert main([*told, "--looked-at", str(looked)]) == 0
    splits = json.loads(capsys.readouterr().out)["splits"]
    assert splits["test"]["countries"] == {"Chile": 3}
    assert "Chile" not in {**splits["train"]["countries"], **splits["val"]["countries"]}


def test_a_country_that_nobody_photographed_is_named(data: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no picture is from 'Peru': name one of \['Brazil'\]"):
        split(data, tmp_path / "out", Plan(THREE, 0, ["Peru"]))


def test_a_changed_picture_is_not_split(data: Path, tmp_path: Path) -> None:
    (data / manifest.rows(data)[0]["file"]).write_bytes(b"changed")
    with pytest.raises(DataError, match=r"is [0-9a-f]{12}…, not"):
        split(data, tmp_path / "out", Plan(THREE, 0))


def overwrite(data: Path, row: dict[str, str], picture: Any) -> None:
    """Put another picture under a name of the set, with its papers in order."""
    jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()
    (data / row["file"]).write_bytes(jpeg)
    digest = sha256(jpeg).hexdigest()
    retell(data, lambda one: one.update(sha256=digest) if one["file"] == row["file"] else None)


def road_again(path: Path) -> Any:
    """Return the same view, brighter and softer."""
    picture = cv2.imread(str(path))
    assert picture is not None
    return cv2.GaussianBlur(cv2.convertScaleAbs(picture, alpha=0.9, beta=20), (3, 3), 0)


def gradients_alike() -> list[Any]:
    """Return two pictures that get brighter and darker at the same places, by other amounts."""
    random = np.random.default_rng(7)
    signs = random.choice([-1, 1], (16, 16))
    found = []
    for _ in range(2):
        steps = random.choice([1, 40], signs.shape, p=[0.7, 0.3])
        walk = np.cumsum(signs * steps, axis=1)
        cells = np.concatenate([np.zeros((16, 1)), walk], axis=1)
        low, high = cells.min(axis=1, keepdims=True), cells.max(axis=1, keepdims=True)
        grey = (20 + 215 * (cells - low) / (high - low)).astype(np.uint8)
        found.append(cv2.merge([np.kron(grey, np.ones((20, 20), np.uint8))] * 3))
    return found
