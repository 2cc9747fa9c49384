"""The installer's page: click four corners, see the grid, save. Reachable on this machine only."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Annotated

import cv2
import msgspec
from msgspec import Meta

from edge.calibration import Job, NotCalibratedError, figures
from edge.errors import DriveError, SettingsError
from vision.runtime.calibrate import grid

PAGE = Path(__file__).with_name("calibration.html")
MOST_BYTES = 10_000
Corner = tuple[float, float]  # judged where it is fitted, with a remedy


class Clicked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the page sends."""

    points: Annotated[list[Corner], Meta(min_length=4, max_length=4)]
    width_m: float
    length_m: float


def serve(job: Job, *, port: int) -> ThreadingHTTPServer:
    """Open the page on 127.0.0.1; the caller runs and closes it."""
    coded = cv2.imencode(".jpg", job.frame(), [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not self._is_for_us():
                return
            if self.path == "/picture.jpg":
                self._answer(200, coded, "image/jpeg")
            elif self.path.partition("?")[0] == "/":
                self._answer(200, PAGE.read_bytes(), "text/html; charset=utf-8")
            else:
                self._answer(404, b"", "text/plain")

        def do_POST(self) -> None:
            if not self._is_for_us():
                return
            size_bytes = int(self.headers.get("content-length", 0))
            if self.path not in ("/fit", "/save") or size_bytes > MOST_BYTES:
                self._answer(404, b"", "text/plain")
                return
            status, body = answer(job, self.rfile.read(size_bytes), saves=self.path == "/save")
            self._answer(status, body, "application/json")

        def _is_for_us(self) -> bool:
            """Refuse other names of this machine: another site must not reach the page."""
            host = self.headers.get("host", "").rpartition(":")[0]
            origin = self.headers.get("origin")
            own = origin is None or origin == f"http://{self.headers.get('host')}"
            if host in ("127.0.0.1", "localhost") and own:
                return True
            self._answer(403, b"", "text/plain")
            return False

        def _answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.send_header("cache-control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Keep the terminal free."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def answer(job: Job, body: bytes, *, saves: bool) -> tuple[int, bytes]:
    """Fit what was clicked, and save it where that was asked for."""
    kept = None
    try:
        clicked = msgspec.json.decode(body, type=Clicked)
        size_m = (clicked.width_m, clicked.length_m)
        found = job.solve(clicked.points, size_m)
        if saves:
            kept = job.write(found, size_m)
    except NotCalibratedError as error:
        return _refused(error.problem, error, error.values)
    except (msgspec.MsgspecError, SettingsError) as error:
        return _refused("request", error, {})
    except DriveError as error:
        return _refused("not written", error, {})
    return 200, msgspec.json.encode(
        {
            "figures": figures(found),
            "grid": grid(found.camera),
            "saved": str(job.out) if saves else None,
            "file_before": kept and str(kept),
        }
    )


def _refused(problem: str, error: Exception, values: dict[str, float]) -> tuple[int, bytes]:
    """Say it in English; the page has its own words for each `problem`."""
    told = {"error": str(error), "problem": problem, "values": values}
    return 422, msgspec.json.encode(told)
