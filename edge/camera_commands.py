"""`stadtwart edge calibrate` and `refine`: where the camera sits, and mending that by a drive."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import cv2

from edge.calibration import Job, draw, figures, read_points, read_size
from edge.calibration_page import serve
from edge.camera_file import put_back, read_known, replace_file
from edge.drive import read_drive
from edge.errors import SettingsError
from edge.mending import NotMendedError, Verdict, mend
from edge.refinement import (
    camera_file_of,
    look_along,
    mended_toml,
    on_odometer,
    read_odometer,
    told,
)
from edge.result import print_result
from edge.settings import Settings
from vision.runtime import model_file


def add(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    """Add the two verbs."""
    calibrate = verbs.add_parser(
        "calibrate", parents=[common], help="make camera.toml from a known rectangle on the road"
    )
    calibrate.add_argument("--picture", type=Path, required=True, help="a frame of the camera")
    calibrate.add_argument("--out", type=Path, default=Path("camera.toml"), help="file to write")
    calibrate.add_argument("--points", nargs=4, metavar="X,Y", help="without: a page opens")
    calibrate.add_argument("--size", default="2.5x5", help="WIDTHxLENGTH of it in metres")
    calibrate.add_argument("--focal-px", type=float, help="focal length in pixels, where known")
    calibrate.add_argument("--forward-m", type=float, default=0.0, help="ahead of the GPS antenna")
    calibrate.add_argument("--preview", type=Path, help="write the picture with the grid here")
    calibrate.add_argument("--port", type=int, default=8091, help="of the page, on this machine")
    calibrate.set_defaults(carry_out=_calibrate)

    refine = verbs.add_parser(
        "refine", parents=[common], help="mend camera.toml by a drive past damages seen again"
    )
    refine.add_argument("--drive", type=Path, help="folder of pictures or a film")
    refine.add_argument("--track", type=Path, help="GPX or CSV, where it lies elsewhere")
    refine.add_argument("--odometer", type=Path, help="CSV of frame, odometer_m; else the track")
    refine.add_argument("--camera", type=Path, help="camera.toml, where it lies elsewhere")
    refine.add_argument("--model", type=Path, help="a released model.onnx instead of the newest")
    refine.add_argument("--progress", action="store_true", help="show progress on stderr")
    refine.add_argument("--write", action="store_true", help="write it; the file before is kept")
    refine.add_argument("--undo", action="store_true", help="put the file before back, no more")
    refine.set_defaults(carry_out=_refine)


def _calibrate(given: argparse.Namespace, _: Settings) -> int:
    """Write camera.toml from given corners, or serve the page on which they are clicked."""
    job = Job(given.picture, given.out, given.forward_m, given.focal_px)
    if given.points is None:
        with serve(job, port=given.port) as page:
            sys.stderr.write(f"open http://127.0.0.1:{page.server_port}/ (Ctrl-C ends it)\n")
            sys.stderr.flush()
            page.serve_forever()
    points, size_m = read_points(given.points), read_size(given.size)
    found = job.solve(points, size_m)
    job.write(found, size_m)
    if given.preview:
        shown = draw(job.frame(), found.camera, points)
        if not cv2.imwrite(str(given.preview), shown):
            raise SettingsError(f"--preview {given.preview}: name a .jpg or .png in a folder.")
    print_result({"camera_file": str(given.out), **figures(found)}, given.json)
    return 0


def _refine(given: argparse.Namespace, settings: Settings) -> int:
    """Mend the camera's pitch and height by a drive; write only where it helps and was asked."""
    file = camera_file_of(given.camera, given.drive)
    if given.undo:
        print_result({"camera_file": str(file), "put_back": str(put_back(file))}, given.json)
        return 0
    known = read_known(file)
    if given.drive is None:
        raise SettingsError("no drive to mend the camera by: name --drive.")
    drive = read_drive(given.drive, track_file=given.track, start=settings.drive_start)
    odometer = read_odometer(given.drive, given.odometer)
    model = model_file.load(given.model or model_file.newest_release(), threads=settings.threads)
    tell = _counter(given.progress, len(drive.source))
    looks, camera = look_along(drive, model, settings, known.camera, tell)
    found = mend(
        on_odometer(looks, odometer) if odometer else looks,
        known,
        camera,
        thresholds=model.card.thresholds,
        furthest_m=settings.furthest_m,
        gate_m=settings.gate_m,
    )
    result = told(found, way="odometer" if odometer else "track") | {"camera_file": str(file)}
    is_written = given.write and found.verdict is Verdict.MENDS
    if is_written:
        kept = replace_file(file, mended_toml(found, result, drive=given.drive.name))
        result |= {"file_before": str(kept)}
    print_result(result | {"written": is_written}, given.json)
    if found.verdict is Verdict.WORSE:
        raise NotMendedError(file)
    return 0


def _counter(is_wanted: bool, total: int) -> Callable[[int], None]:
    """Return what counts frames on stderr, every hundred."""

    def tell(number: int) -> None:
        if is_wanted and (number % 100 == 0 or number == total):
            sys.stderr.write(f"progress frame={number}/{total}\n")
            sys.stderr.flush()

    return tell
