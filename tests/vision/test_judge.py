"""The second detector sees a face and a plate, trusts no changed model, and fetches its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from api.judge_process import InstalledModels, LookInterruptedError
from render_plates import plate
from tests.vision.data.ranged_server import Shelf, ranged_server
from tests.vision.drawn_face import drawn_face
from vision.judge import commands
from vision.judge.__main__ import answer
from vision.judge.findings import Answer, Finding, Question
from vision.judge.installed import Models, Standing, models, standing_of
from vision.judge.look import LONGEST_PX, is_like_a_plate, sizes
from vision.judge.plates import ANCHORS_PX, STRIDES_PX, anchors, decode

REAL = Path(__file__).parents[3] / "shared/data/anonymise"
Pixels = NDArray[np.uint8]


def jpeg(picture: Pixels) -> bytes:
    return cv2.imencode(".jpg", picture)[1].tobytes()


def car() -> Pixels:
    """A dark box with a German plate of 76 px."""
    picture = np.full((160, 240, 3), 40, np.uint8)
    cv2.rectangle(picture, (40, 20), (200, 140), (60, 30, 20), -1)
    shown = cv2.resize(plate(np.random.default_rng(3)), (76, 16), interpolation=cv2.INTER_AREA)
    picture[100:116, 82:158] = shown
    return picture


@pytest.fixture
def installed() -> InstalledModels:
    if standing_of(REAL) is not Standing.INSTALLED:
        pytest.skip("needs the face and plate models in ../shared/data/anonymise")
    return InstalledModels(REAL, face_score=0.7, plate_score=0.35)


def test_a_face_and_a_plate_are_seen_and_an_empty_road_is_not(installed: InstalledModels) -> None:
    async def look() -> list[Answer]:
        road = np.full((64, 64, 3), 90, np.uint8)
        async with installed.looking() as ask:
            return [await ask(jpeg(one)) for one in (drawn_face(96), car(), road)]

    face, plated, road = asyncio.run(look())
    assert {one.kind for one in face.findings} == {"face"}
    (x1, y1, x2, y2) = face.findings[0].box
    assert x1 < 48 < x2
    assert y1 < 48 < y2
    plates = [one for one in plated.findings if one.kind == "plate"]
    assert any(100 < (one.box[0] + one.box[2]) / 2 < 140 for one in plates), plated
    assert road == Answer(is_readable=True)


def test_a_process_that_cannot_load_its_models_says_nothing_of_a_picture(tmp_path: Path) -> None:
    async def look() -> None:
        async with InstalledModels(tmp_path, face_score=0.7, plate_score=0.35).looking() as ask:
            await ask(jpeg(car()))

    with pytest.raises(LookInterruptedError, match="did not start"):
        asyncio.run(look())


class Red:
    """Looks at nothing."""

    def look(self, picture: Pixels) -> list[Finding]:
        return [Finding("face", 0.9, (0, 0, picture.shape[1], picture.shape[0]))]


@pytest.mark.parametrize("broken", [b"", b"\xff\xd8\xff", b"no picture"])
def test_what_cannot_be_decoded_was_not_looked_at(broken: bytes) -> None:
    assert answer(Red(), Question(broken)) == Answer(is_readable=False)
    assert answer(Red(), Question(jpeg(car()))).findings[0].box == (0, 0, 240, 160)


def test_only_files_with_the_right_checksum_are_a_second_detector(tmp_path: Path) -> None:
    face, plates = b"face model", b"plate model"
    wanted = Models("f.onnx", sha256(face).hexdigest(), "p.onnx", sha256(plates).hexdigest())
    assert standing_of(tmp_path, wanted) is Standing.MISSING
    (tmp_path / "f.onnx").write_bytes(face)
    assert standing_of(tmp_path, wanted) is Standing.MISSING
    (tmp_path / "p.onnx").write_bytes(face)
    assert standing_of(tmp_path, wanted) is Standing.WRONG
    (tmp_path / "p.onnx").write_bytes(plates)
    assert standing_of(tmp_path, wanted) is Standing.INSTALLED


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[tuple[Shelf, Path]]:
    """A server with the two names, and a list that points there."""
    served = tmp_path / "served"
    served.mkdir()
    with ranged_server(served) as shelf:
        listed = tmp_path / "models.toml"
        asked = models()
        listed.write_text(
            "".join(
                f'[[file]]\nname = "{name}"\nurl = "{shelf.url}/{name}"\nsha256 = "{digest}"\n'
                for name, digest in (
                    (asked.face_name, asked.face_sha256),
                    (asked.plate_name, asked.plate_sha256),
                )
            )
        )
        yield shelf, listed


def test_a_model_that_is_another_one_on_the_way_is_refused(
    mirror: tuple[Shelf, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, listed = mirror
    (tmp_path / "served" / models().face_name).write_bytes(b"another model")
    given = ["fetch", "--list", str(listed), "--folder", str(tmp_path / "judge")]
    assert commands.main(given) == 4
    assert "changed there or on the way" in capsys.readouterr().err
    assert commands.main(["state", "--folder", str(tmp_path / "judge")]) == 1
    assert '"missing"' in capsys.readouterr().out


def test_the_models_are_fetched_once_and_are_there(
    mirror: tuple[Shelf, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if standing_of(REAL) is not Standing.INSTALLED:
        pytest.skip("needs the face and plate models in ../shared/data/anonymise")
    shelf, listed = mirror
    for name in (models().face_name, models().plate_name):
        (tmp_path / "served" / name).write_bytes((REAL / name).read_bytes())
    given = ["fetch", "--list", str(listed), "--folder", str(tmp_path / "judge")]
    assert commands.main(given) == commands.main(given) == 0
    assert '"installed"' in capsys.readouterr().out
    assert len(shelf.ranges) == 2, "the second call fetches nothing"


def test_every_anchor_of_every_stride_is_there() -> None:
    at = anchors(320, 256)
    assert len(at) == sum(
        (320 // stride) * (256 // stride) * len(sides)
        for stride, sides in zip(STRIDES_PX, ANCHORS_PX, strict=True)
    )
    assert at[:4].tolist() == [[4, 4, 10], [4, 4, 16], [4, 4, 24], [12, 4, 10]]


def test_corners_become_an_upright_box_around_its_anchor() -> None:
    loc = np.zeros((1, 14), np.float32)
    loc[0, [4, 5]] = -10, -5  # a corner a whole anchor side left, half a side above the middle
    loc[0, [10, 11]] = 10, 5
    at = np.array([[100, 50, 20]], np.float32)
    one = np.ones((1, 1), np.float32)
    boxes, scores = decode(loc, np.array([[0, 0.81]], np.float32), one * 4, at)
    assert boxes.tolist() == [[80, 40, 120, 60]]
    assert scores[0] == pytest.approx(0.9)


def test_what_is_as_large_as_the_picture_is_no_plate() -> None:
    assert is_like_a_plate(np.array([100, 100, 152, 111], np.float32), 640, 480)
    for box in ([0, 0, 600, 200], [-50, 10, 40, 30], [10, 10, 20, 60], [30, 30, 30, 40]):
        assert not is_like_a_plate(np.array(box, np.float32), 640, 480), box


@given(st.integers(16, 12_000), st.integers(16, 12_000))
def test_no_picture_is_looked_at_larger_than_the_limit(width_px: int, height_px: int) -> None:
    picture = np.broadcast_to(np.uint8(0), (height_px, width_px, 3))
    found = sizes(picture)
    assert 1 <= len(found) <= 2
    assert all(scale * max(width_px, height_px) <= LONGEST_PX + 1e-6 for scale in found)
