"""The installer's way to camera.toml: by command, by page, with errors that name the remedy."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest

from edge.__main__ import main
from edge.calibration import Job
from edge.calibration_page import serve
from edge.camera_file import put_back, read_camera
from edge.errors import DriveError
from tests.edge.drives import CAMERA, road
from vision.runtime.ground import pixel_of

PLACES = [(4.0, -1.0), (4.0, 1.5), (9.0, 1.5), (9.0, -1.0)]  # 2.5 m across, 5 m along


def corners() -> list[tuple[float, float]]:
    seen = [pixel_of(CAMERA, ahead_m=ahead, right_m=right) for ahead, right in PLACES]
    return [pixel for pixel in seen if pixel is not None]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "frame.png"
    cv2.imwrite(str(path), road())
    return path


@pytest.fixture
def page(picture: Path) -> Iterator[httpx.Client]:
    server = serve(Job(picture, picture.with_name("camera.toml"), 1.0, None), port=0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{server.server_port}") as client:
        yield client
    server.shutdown()
    thread.join()
    server.server_close()


def clicked(**changes: object) -> dict[str, object]:
    return {"points": corners(), "width_m": 2.5, "length_m": 5.0, **changes}


def test_four_corners_become_the_cameras_file(
    picture: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, preview = picture.with_name("camera.toml"), picture.with_name("grid.png")
    points = [f"{x:.2f},{y:.2f}" for x, y in corners()]
    told = ["--out", str(out), "--preview", str(preview), "--forward-m", "1", "--json"]
    given = ["calibrate", "--picture", str(picture), "--size", "2.5x5", *told]
    assert main([*given, "--points", *points]) == 0
    said = json.loads(capsys.readouterr().out)
    found = read_camera(out)
    assert found is not None
    assert (found.height_m, found.pitch_deg) == pytest.approx((2.5, 20), rel=0.01)
    assert found.focal_px == pytest.approx(500, rel=0.01)
    assert found.forward_m == 1.0
    assert said["road_error_10_m_ahead_m"] > 0
    assert preview.read_bytes() != picture.read_bytes()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (["--size", "wide"], "such as 2.5x5"),
        (["--points", "1", "2", "3", "4"], "x,y in pixels"),
        (["--points", "10,10", "20,10", "20,20", "10,20"], "in this order"),
        (["--picture", "nowhere.jpg"], "cannot be used"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_remedy(
    picture: Path, changes: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["calibrate", "--picture", str(picture), "--out", str(picture.with_name("c.toml"))]
    points = [f"{x:.1f},{y:.1f}" for x, y in corners()]
    assert main([*given, "--points", *points, *changes]) == 2
    assert says in capsys.readouterr().err


def test_the_page_shows_the_grid_and_saves_only_when_asked(
    page: httpx.Client, picture: Path
) -> None:
    assert "Kamera einmessen" in page.get("/").text
    assert page.get("/picture.jpg").headers["content-type"] == "image/jpeg"
    fitted = page.post("/fit", json=clicked()).json()
    assert len(fitted["grid"]) > 10
    assert not picture.with_name("camera.toml").exists()
    assert page.post("/save", json=clicked()).json()["saved"].endswith("camera.toml")
    assert read_camera(picture.with_name("camera.toml")) is not None


def test_the_page_refuses_nonsense_and_other_sites(page: httpx.Client) -> None:
    crooked = [[60, 380], [180, 240], [600, 230], [70, 220]]
    wrong = page.post("/fit", json=clicked(points=crooked))
    assert (wrong.status_code, "not calibrated" in wrong.json()["error"]) == (422, True)
    assert page.post("/fit", content=b"{").json()["problem"] == "request"
    assert page.post("/fit", json=clicked(points=[[1, 2]])).status_code == 422
    assert page.post("/save", json=clicked(), headers={"Origin": "http://evil"}).status_code == 403
    assert page.get("/", headers={"Host": "evil:80"}).status_code == 403
    assert page.get("/etc/passwd").status_code == 404


@pytest.mark.parametrize(
    ("changes", "problem", "says"),
    [
        ({"width_m": 0}, "side", "a side of 0.0 m: give metres"),
        ({"width_m": 250, "length_m": 500}, "side", "a side of 250.0 m: give metres"),
        ({"width_m": 8.2, "length_m": 16.4}, "camera", "no truck is higher"),  # feet
        (
            {"points": [(60, 380), (180, 375), (300, 370), (70, 300)]},
            "line",
            "three corners lie on",
        ),
        ({"points": [(60, 380), (70, 220), (180, 240), (600, 230)]}, "order", "near left"),
        ({"points": [(60, 380), (600, 380), (900, 230), (70, 220)]}, "outside", "900,230"),
    ],
)
def test_a_wrong_click_or_side_is_named_for_the_page_in_any_language(
    page: httpx.Client, changes: dict[str, object], problem: str, says: str
) -> None:
    refused = page.post("/fit", json=clicked(**changes))
    told = refused.json()
    assert (refused.status_code, told["problem"]) == (422, problem)
    assert says in told["error"]
    assert page.get("/").text.count(f" {problem}: (") == 2  # German and English


def test_calibrating_again_keeps_the_file_before(page: httpx.Client, picture: Path) -> None:
    file = picture.with_name("camera.toml")
    file.write_text("the one of last year")
    kept = page.post("/save", json=clicked()).json()["file_before"]
    assert Path(kept).read_text() == "the one of last year"
    assert put_back(file) == Path(kept)
    assert file.read_text() == "the one of last year"
    with pytest.raises(DriveError, match="nothing to put back"):
        put_back(file)


def test_an_ordinary_lens_is_straightened() -> None:
    from dataclasses import replace

    from vision.runtime.ground import spot_of

    bent = replace(CAMERA, k1=-0.28, k2=0.07)
    for ahead_m, right_m in ((4.0, -2.0), (8.0, 3.0), (15.0, 0.0)):
        pixel = pixel_of(bent, ahead_m=ahead_m, right_m=right_m)
        assert pixel is not None
        spot = spot_of(bent, x_px=pixel[0], y_px=pixel[1])
        assert spot is not None
        assert (spot.ahead_m, spot.right_m) == pytest.approx((ahead_m, right_m), abs=0.01)


def test_distortion_equals_opencvs() -> None:
    matrix = np.array([[500, 0, 320], [0, 500, 192], [0, 0, 1]], float)
    spread = np.array([-0.28, 0.07, 0, 0, 0])
    place = np.array([[1.1, 0.6, 2.0]])
    wanted, _ = cv2.projectPoints(place, np.zeros(3), np.zeros(3), matrix, spread)
    from vision.runtime.lens import bend

    x, y = bend(1.1 / 2, 0.6 / 2, k1=-0.28, k2=0.07)
    assert wanted.ravel() == pytest.approx((320 + 500 * x, 192 + 500 * y), abs=1e-6)
