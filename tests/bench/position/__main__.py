"""Position, area and ellipse of Musterstadt's damages under 3 m of receiver error, many times over.

The frames are looked at once by the released detector; then the same drive is driven again and
again with another error of the receiver each time (68 % within 3 m, drifting as receivers do), and
placed, tracked and merged by the truck's and the city's own code. The frames nod with the
simulator's truck. A receiver's drift lasts 25 s of a drive of 90 s, so each drive gives few
independent errors: 300 drives, and intervals by drive.

Which damage a detection means is settled before any error is added: on the true pose it must lie
within 1.5 m of a damage of its class. A false alarm means none and has no position to be wrong.
"""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, hypot, radians, sin
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

from edge import sighting_tracker
from edge.camera_file import read_camera
from edge.ellipse import Ellipse, ellipse_of, holds
from edge.gate import Shown
from edge.local_plane import Place, offset_m, place_ahead
from edge.measure import views_of
from edge.position import Pose, Trust, locate
from edge.sampling import is_worth_a_look
from edge.sighting_tracker import OpenSighting, Shot, View
from edge.sources import FrameUnusableError
from edge.track import Fix, Track
from gis import matching
from gis.best_place import Measured, all_known, best_place
from vision.runtime import model_file
from vision.runtime.detections import Detections
from vision.runtime.pictures import open_picture

CITY = Path(__file__).parents[3] / "datasets/musterstadt"
DRIVES = 300
PASSES = (1, 2, 3, 5, 10)  # drives that are merged before the city looks
GPS_ERROR_M = 3.0  # 68 % radius of what `gps_error` makes
TRUST = Trust(gap_s=5, speed_kmh=150)
SAME_M = 1.5  # on the true pose; the next damage of a class is 9 m away


@dataclass(frozen=True, slots=True)
class Truth:
    """A damage as it truly is."""

    damage_class: str
    place: Place
    area_m2: float


@dataclass(frozen=True, slots=True)
class Shot1:
    """A frame: when, where truly, and what the detector saw."""

    name: str
    at: datetime
    place: Place
    heading_deg: float
    seen: Detections


Key = tuple[str, tuple[int, ...]]
Meant = dict[Key, Truth]


def main() -> None:
    """Print the figures as JSON."""
    model = model_file.load(model_file.newest_release())
    shots = _shots(model)
    meant = what_is_meant(shots, model.card.thresholds, _truths())
    drives = [drive(shots, model.card.thresholds, seed=seed) for seed in range(DRIVES)]
    judged = [judge(sightings, meant) for sightings in drives]
    by_drive = [errors for errors, _, _ in judged]
    errors = [one for found in by_drive for one in found]
    areas = [one for _, _, found in judged for one in found]
    print(
        json.dumps(
            {
                "model_sha256": model.card.sha256,
                "drives": DRIVES,
                "gps_error_68_m": GPS_ERROR_M,
                "sightings": len(errors),
                "position_error_median_m": _point(errors, 50),
                "position_error_median_interval_95_m": _interval(by_drive, 50),
                "position_error_p95_m": _point(errors, 95),
                "position_error_p95_interval_95_m": _interval(by_drive, 95),
                "inside_90_percent_ellipse": _share([inside for _, inside, _ in judged]),
                "merged": [merged(drives, meant, passes=passes) for passes in PASSES],
                "area_estimated_to_true_median": _point(areas, 50),
                "area_error_share_median": _point([abs(ratio - 1) for ratio in areas], 50),
            }
        )
    )


def merged(drives: list[list[OpenSighting]], meant: Meant, *, passes: int) -> dict[str, Any]:
    """Merge so many drives at a time as the city does; return the damages' errors."""
    errors: list[float] = []
    surest: list[float] = []
    inside: list[bool] = []
    for first in range(0, DRIVES - passes + 1, passes):
        sightings = [one for drive in drives[first : first + passes] for one in drive]
        for members in _groups([one.measured for one in sightings], meant):
            best = best_place(all_known(measured for measured, _ in members))
            truth_x_m, truth_y_m = members[0][1]
            east_m, north_m = best.x_m - truth_x_m, best.y_m - truth_y_m
            errors.append(hypot(east_m, north_m))
            sharp, _ = min(members, key=lambda member: member[0].error_m)
            surest.append(hypot(sharp.x_m - truth_x_m, sharp.y_m - truth_y_m))
            ellipse = Ellipse(best.major_m, best.minor_m, best.bearing_deg)
            inside.append(holds(ellipse, along_m=north_m, across_m=east_m, heading_deg=0))
    return {
        "passes": passes,
        "damages": len(errors),
        "median_m": _point(errors, 50),
        "p95_m": _point(errors, 95),
        "inside_90_percent_ellipse": _share([inside]),
        "median_of_the_surest_sighting_alone_m": _point(surest, 50),
    }


def drive(shots: list[Shot1], thresholds: dict[str, float], *, seed: int) -> list[OpenSighting]:
    """Place, sample and track the drive's detections under one receiver's error."""
    track = noisy_track(shots, seed=seed)
    camera = read_camera(CITY / "drive/camera.toml")
    still: list[OpenSighting] = []
    closed: list[OpenSighting] = []
    last: Place | None = None
    for shot in shots:
        pose = locate(track, shot.at, trust=TRUST)
        if not isinstance(pose, Pose):
            continue
        if not is_worth_a_look(pose.place, last, sample_distance_m=4):
            continue
        last = pose.place
        views, _ = views_of(
            shot.seen,
            Shown(shot.name, shot.at, pose),
            camera=camera,
            size_px=(640, 400),
            thresholds=thresholds,
            furthest_m=25,
        )
        still, gone = sighting_tracker.update(
            still, views, pose, drive_id=UUID(int=seed), gate_m=2.5, shoot=_no_picture
        )
        closed += gone
    return closed + still


def noisy_track(shots: list[Shot1], *, seed: int) -> Track:
    """Return one fix a second around the true way, off as the simulator's receiver is."""
    sys.path.insert(0, str(CITY.parent))
    from simulator.route import gps_error

    begin, end = shots[0].at, shots[-1].at
    seconds = int((end - begin).total_seconds()) + 2
    errors = gps_error(np.random.default_rng([seed, 77]), seconds=seconds)
    times = np.array([(shot.at - begin).total_seconds() for shot in shots])
    fixes = []
    for second in range(seconds):
        longitude = float(np.interp(second, times, [s.place.longitude_deg for s in shots]))
        latitude = float(np.interp(second, times, [s.place.latitude_deg for s in shots]))
        east_m, north_m = (float(part) for part in errors[second])
        place = place_ahead(
            Place(longitude, latitude), heading_deg=0, ahead_m=north_m, right_m=east_m
        )
        fixes.append(Fix(begin + timedelta(seconds=second), place))
    return Track(tuple(fixes))


def judge(
    sightings: list[OpenSighting], meant: Meant
) -> tuple[list[float], list[bool], list[float]]:
    """Return position errors in metres, whether the ellipse holds, and estimated over true area."""
    errors, inside, areas = [], [], []
    for one in sightings:
        view = one.measured
        truth = meant.get(_key(view))
        if truth is None:
            continue
        east_m, north_m = offset_m(view.place, truth.place)
        turn = radians(view.heading_deg)
        along_m = east_m * sin(turn) + north_m * cos(turn)
        across_m = east_m * cos(turn) - north_m * sin(turn)
        ellipse = ellipse_of(
            gps_error_m=GPS_ERROR_M,
            along_error_m=view.along_error_m,
            across_error_m=view.across_error_m,
            heading_deg=view.heading_deg,
        )
        errors.append(hypot(east_m, north_m))
        inside.append(
            holds(ellipse, along_m=along_m, across_m=across_m, heading_deg=view.heading_deg)
        )
        if view.area_m2 is not None:
            areas.append(view.area_m2 / truth.area_m2)
    return errors, inside, areas


def _groups(views: list[View], meant: Meant) -> list[list[tuple[Measured, tuple[float, float]]]]:
    """Group sightings as the city does; each with the true place of what it means."""
    known = [view for view in views if _key(view) in meant]
    if not known:
        return []
    origin = known[0].place
    measured = [_measured(view, origin) for view in known]
    places = [
        matching.Place(view.damage_class, one.x_m, one.y_m)
        for view, one in zip(known, measured, strict=True)
    ]
    groups: dict[int, list[tuple[Measured, tuple[float, float]]]] = {}
    for view, one, anchor in zip(known, measured, matching.anchors_of(places), strict=True):
        groups.setdefault(anchor, []).append((one, offset_m(origin, meant[_key(view)].place)))
    return list(groups.values())


def _measured(view: View, origin: Place) -> Measured:
    """Say of a view what the truck would send."""
    x_m, y_m = offset_m(origin, view.place)
    ellipse = ellipse_of(
        gps_error_m=GPS_ERROR_M,
        along_error_m=view.along_error_m,
        across_error_m=view.across_error_m,
        heading_deg=view.heading_deg,
    )
    error_m = hypot(GPS_ERROR_M, view.place_error_m)
    return Measured(x_m, y_m, error_m, ellipse.major_m, ellipse.minor_m, ellipse.bearing_deg)


def what_is_meant(shots: list[Shot1], thresholds: dict[str, float], truths: list[Truth]) -> Meant:
    """Return the damage behind each detection, from where it lies on the true pose."""
    camera = read_camera(CITY / "drive/camera.toml")
    meant: Meant = {}
    for shot in shots:
        pose = Pose(shot.place, shot.heading_deg, 0.0)
        views, _ = views_of(
            shot.seen,
            Shown(shot.name, shot.at, pose),
            camera=camera,
            size_px=(640, 400),
            thresholds=thresholds,
            furthest_m=25,
        )
        for view in views:
            own = [truth for truth in truths if truth.damage_class == view.damage_class]
            away_m, index = min(
                (hypot(*offset_m(view.place, one.place)), n) for n, one in enumerate(own)
            )
            if away_m <= SAME_M:
                meant[_key(view)] = own[index]
    return meant


def _key(view: View) -> Key:
    return view.frame, tuple(round(edge) for edge in view.box)


def _shots(model: model_file.Model) -> list[Shot1]:
    with (CITY / "truth_poses.csv").open(encoding="utf-8", newline="") as file:
        poses = {row["frame"]: row for row in csv.DictReader(file)}
    shots = []
    with (CITY / "drive/frames.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            try:
                picture = open_picture((CITY / "drive/frames" / row["frame"]).read_bytes())
            except FrameUnusableError:
                continue
            pose = poses[row["frame"]]
            place = Place(float(pose["longitude_deg"]), float(pose["latitude_deg"]))
            at = datetime.fromisoformat(row["captured_at"])
            heading = float(pose["grid_heading_deg"])
            seen = model.detector.detect(picture)
            shots.append(Shot1(row["frame"], at, place, heading, seen))
    return shots


def _truths() -> list[Truth]:
    features: list[dict[str, Any]] = json.loads(
        (CITY / "truth.geojson").read_text(encoding="utf-8")
    )["features"]
    return [
        Truth(
            one["properties"]["damage_class"],
            Place(*one["geometry"]["coordinates"]),
            one["properties"]["area_m2"],
        )
        for one in features
    ]


def _no_picture(_: View) -> Shot:
    return Shot()


def _interval(by_drive: list[list[float]], percent: int) -> list[float]:
    """Return the 95 % interval of a percentile when whole drives are drawn again."""
    random = np.random.default_rng(13)
    drawn = []
    for _ in range(500):
        chosen = random.integers(0, len(by_drive), len(by_drive))
        drawn.append(float(np.percentile(np.concatenate([by_drive[i] for i in chosen]), percent)))
    return [_point(drawn, 2.5), _point(drawn, 97.5)]


def _share(inside: list[list[bool]]) -> float:
    return round(float(np.mean([one for found in inside for one in found])), 3)


def _point(values: list[float], percent: float) -> float:
    return round(float(np.percentile(values, percent)), 3)


if __name__ == "__main__":
    main()
