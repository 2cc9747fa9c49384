"""An installer calibrates a camera with mouse and keyboard, in German or English."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest
from playwright.sync_api import Page, expect

from edge.calibration import Job
from edge.calibration_page import serve
from edge.camera_file import read_known
from tests.edge.drives import CAMERA, road
from vision.runtime.ground import pixel_of

LOOK = (
    "Does the grid (1 m) lie on the road, and does the height below agree with a tape measure? "
    "Then save."
)
PLACES = [(4.0, -1.0), (4.0, 1.5), (9.0, 1.5), (9.0, -1.0)]  # 2.5 m across, 5 m along


@pytest.fixture
def job(tmp_path: Path) -> Job:
    picture = tmp_path / "frame.png"
    cv2.imwrite(str(picture), road())
    return Job(picture, tmp_path / "camera.toml", 1.0, None)


@pytest.fixture
def address(job: Job) -> Iterator[str]:
    server = serve(job, port=0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def click(page: Page, place: tuple[float, float], *, off_px: float = 0.0) -> None:
    """Click where the road is so far ahead and to the right."""
    pixel = pixel_of(CAMERA, ahead_m=place[0], right_m=place[1])
    shown = page.locator("#picture").bounding_box()
    assert pixel is not None
    assert shown is not None
    scale = shown["width"] / CAMERA.width_px
    spot = {"x": (pixel[0] + off_px) * scale, "y": pixel[1] * scale}
    page.locator("#picture").click(position={"x": spot["x"], "y": spot["y"]})


def test_four_clicks_in_any_order_become_a_camera_and_wrong_metres_are_named(
    page: Page, address: str, job: Job
) -> None:
    says, save = page.locator("#says"), page.get_by_role("button", name="Speichern")
    page.goto(address)
    expect(page.locator("#picture")).to_have_attribute("width", str(CAMERA.width_px))
    for number, place in enumerate([PLACES[2], PLACES[0], PLACES[3], PLACES[1]], start=1):
        expect(says).to_have_text(f"Ecke {number} von 4 anklicken.")
        click(page, place)
    expect(save).to_be_enabled()
    page.get_by_label("Breite quer zur Fahrt").fill("250")
    page.get_by_label("Länge in Fahrtrichtung").focus()
    expect(says).to_contain_text("Eine Seite von 250 m geht nicht: Geben Sie Meter an")
    expect(save).to_be_disabled()
    page.get_by_role("button", name="English").click()
    expect(says).to_contain_text("A side of 250 m cannot be: give metres")
    page.get_by_label("Width across the road").fill("2.5")
    page.get_by_label("Length along the road").focus()
    expect(says).to_have_text(LOOK)
    page.get_by_role("button", name="Save").click()
    expect(says).to_contain_text("Saved: ")
    expect(page.locator("#figures")).to_contain_text("±")
    found = read_known(job.out).camera
    assert found.height_m == pytest.approx(CAMERA.height_m, rel=0.05)
    assert found.pitch_deg == pytest.approx(CAMERA.pitch_deg, abs=1)


def test_a_corner_that_was_missed_is_moved_without_beginning_again(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/?lang=en")
    expect(page.locator("#picture")).to_have_attribute("width", str(CAMERA.width_px))
    for place in PLACES[:3]:
        click(page, place)
    click(page, PLACES[3], off_px=60)
    says = page.locator("#says")
    expect(says).to_contain_text("The corners miss a rectangle of 2.5 × 5 m by")
    for _ in range(3):
        page.locator("#picture").press("Shift+ArrowLeft")
    expect(says).to_contain_text("The corners fit the rectangle to")
    for _ in range(3):
        page.locator("#picture").press("Shift+ArrowLeft")
    expect(says).to_have_text(LOOK)
    page.get_by_role("button", name="Undo last corner").click()
    expect(says).to_have_text("Click corner 4 of 4.")
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
