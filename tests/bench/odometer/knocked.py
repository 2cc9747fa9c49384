"""Musterstadt's camera with a wrong pitch, mended by its simulated drive; the truth is known."""

from __future__ import annotations

import csv
from dataclasses import replace
from itertools import accumulate, pairwise
from math import dist
from pathlib import Path

from edge.camera_file import Known, read_known
from edge.drive import read_drive
from edge.mending import mend
from edge.refinement import look_along, on_odometer, told
from edge.settings import Settings
from vision.runtime.model_file import Model

CITY = Path(__file__).parents[3] / "datasets/musterstadt"
SIMULATED = CITY / "drive"
KNOCKED = [(-6.0, 0.0), (-2.0, 0.0), (0.0, 0.0), (4.0, 0.0), (-2.0, -0.15), (-2.0, 0.15)]
"""Pitch in degrees and height in metres that the file is off."""


def wheel_m() -> dict[str, float]:
    """Return the simulated truck's true way by frame, as its wheels would count it."""
    with (CITY / "truth_poses.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    places = [(float(row["easting_m"]), float(row["northing_m"])) for row in rows]
    way = accumulate((dist(*step) for step in pairwise(places)), initial=0.0)
    return dict(zip((row["frame"] for row in rows), way, strict=True))


def knocked(model: Model) -> list[dict[str, object]]:
    """Return what the command finds, by wheels and by the track with its 3 m of error."""
    settings = Settings()
    true = read_known(SIMULATED / "camera.toml").camera
    drive = read_drive(SIMULATED, track_file=None, start=None)
    seen, _ = look_along(drive, model, settings, true, lambda _: None)
    results = []
    for way, looks in {"odometer": on_odometer(seen, wheel_m()), "track": seen}.items():
        for off_deg, off_m in KNOCKED:
            pitch_deg, height_m = true.pitch_deg + off_deg, true.height_m + off_m
            wrong = replace(true, pitch_deg=pitch_deg, height_m=height_m)
            found = mend(
                looks,
                Known(wrong, "knocked", {"height_error_m": 0.1}),
                wrong,
                thresholds=model.card.thresholds,
                furthest_m=settings.furthest_m,
                gate_m=settings.gate_m,
            )
            results.append(told(found, way=way))
    return results
