"""One drive through the truck: place, sample, detect, measure, track, mask, keep; then upload.

Read `work_through` and `look_at` top to bottom: they are the whole story.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from math import hypot
from uuid import NAMESPACE_URL, UUID, uuid5

import numpy as np
from numpy.typing import NDArray

from contracts.coverage import Coverage
from contracts.sighting import Sighting
from edge import coverage, sighting_tracker
from edge.boundary import Boundary
from edge.device_key import DeviceKey
from edge.drive import Drive
from edge.ellipse import ellipse_of
from edge.errors import EdgeError
from edge.gate import Shown, place_of
from edge.measure import TOO_FAR, views_of
from edge.privacy import photograph
from edge.progress import Progress, add
from edge.sampling import TOO_CLOSE
from edge.settings import Settings
from edge.sighting_tracker import OpenSighting, Shot, View
from edge.sources import Frame, FrameUnusableError
from edge.spool import Closed, Spool
from edge.streets import Streets
from vision.runtime import quality
from vision.runtime.detections import Detections
from vision.runtime.ground import Camera
from vision.runtime.model_file import Model
from vision.runtime.quality import Unassessable
from vision.runtime.severity import METHOD, is_in_wheel_track, severity_of

logger = logging.getLogger(__name__)

FRAME_FAILED = "frame failed"  # an error nobody foresaw; the log has it
WRONG_SIZE = "wrong picture size"  # not the shape the camera was calibrated for

Tell = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Truck:
    """What one drive is worked through with."""

    drive: Drive
    model: Model
    settings: Settings
    spool: Spool
    boundary: Boundary | None
    now: datetime
    run_id: UUID  # see `run_id_of`
    key: DeviceKey  # signs the receipts of the pictures
    streets: Streets | None = None  # the city's map; without it coverage stays unknown


def run_id_of(drive: Drive, model: Model, settings: Settings, boundary: Boundary | None) -> UUID:
    """Name what is about to be worked through; the same content in the same way is the same."""
    fields = ("device_id", "sample_distance_m", "fix_gap_s", "speed_limit_kmh", "gps_error_m")
    figures = [getattr(settings, name) for name in (*fields, "furthest_m", "gate_m")]
    area = boundary.area.wkt if boundary else ""
    return uuid5(NAMESPACE_URL, repr((drive.drive_id, model.card.sha256, figures, area)))


def work_through(truck: Truck, *, tell: Tell) -> Progress:
    """Look at every frame that was not looked at before; keep what was seen as it closes.

    Progress and sightings are kept together: after a kill the next run goes on from the
    last save and comes to the same sightings.
    """
    progress, is_finished = truck.spool.progress_of(str(truck.run_id))
    if is_finished:
        logger.info("drive is worked through already drive=%s", truck.run_id)
        return progress
    progress.model_sha256 = truck.model.card.sha256
    saved_at = progress.frames_seen
    for frame in truck.drive.source.frames(first=progress.frames_seen):
        closed = look_at(frame, truck, progress)
        if closed or progress.frames_seen - saved_at >= truck.settings.checkpoint_frames:
            keep(closed, truck, progress)
            saved_at = progress.frames_seen
        tell(progress)
    closed, progress.open_sightings = progress.open_sightings, []
    keep(closed, truck, progress, is_finished=True)
    return progress


def look_at(frame: Frame, truck: Truck, progress: Progress) -> list[OpenSighting]:
    """Work one frame into `progress`; return the sightings that closed.

    A frame without trusted time and place is dropped and counted, never guessed. A picture
    is masked as soon as it is chosen, so no raw frame ever reaches the disk.
    """
    progress.frames_seen += 1
    shown: Shown | str = FRAME_FAILED
    closed: list[OpenSighting] = []
    reason: str | None = None
    try:
        shown = place_of(
            frame,
            progress,
            track=truck.drive.track,
            boundary=truck.boundary,
            settings=truck.settings,
            now=truck.now,
        )
        if isinstance(shown, Shown):
            closed = assess(shown, frame.open(), truck, progress)
        else:
            reason = shown
    except FrameUnusableError as error:
        reason = str(error)
    except EdgeError:
        raise
    except Exception:  # the outermost loop: one strange frame must not stop the truck
        logger.exception("frame failed frame=%s", frame.name)
        reason = FRAME_FAILED
    count(shown, reason, truck, progress)
    return closed


def count(shown: Shown | str, reason: str | None, truck: Truck, progress: Progress) -> None:
    """Count a frame and the road driven up to it; `reason` is None for an assessed frame."""
    if reason is not None:
        progress.drop(reason)
    elif isinstance(shown, Shown):
        progress.last_place = shown.pose.place
        progress.frames_assessed += 1
    if reason == TOO_CLOSE or truck.streets is None:
        return
    if not isinstance(shown, Shown):
        coverage.break_off(progress.coverage)
        return
    coverage.drive_on(
        progress.coverage,
        shown.pose.place,
        shown.at,
        coverage.cause_of(reason),
        streets=truck.streets,
        furthest_m=truck.settings.furthest_m,
    )


def camera_for(picture: NDArray[np.uint8], camera: Camera | None) -> Camera | None:
    """Return the calibration for a picture of this size."""
    if camera is None:
        return None
    height_px, width_px = picture.shape[:2]
    try:
        return camera.scaled_to(width_px=width_px, height_px=height_px)
    except ValueError as error:
        raise FrameUnusableError(WRONG_SIZE) from error


def detect_if_assessable(
    picture: NDArray[np.uint8], truck: Truck, camera: Camera | None
) -> Detections:
    """Detect in a frame that shows the road; one that does not is dropped with its reason.

    A damage seen beside a vehicle that hides the lane is seen again once the lane is free.
    """
    unassessable = quality.assess(picture)
    if unassessable is not None:
        raise FrameUnusableError(unassessable.value)
    detections = truck.model.detector.detect(picture)
    if quality.is_hidden(detections, camera, (picture.shape[1], picture.shape[0])):
        raise FrameUnusableError(Unassessable.OCCLUDED.value)
    return detections


def assess(
    shown: Shown, picture: NDArray[np.uint8], truck: Truck, progress: Progress
) -> list[OpenSighting]:
    """Detect, measure and track; return the sightings that closed."""
    camera = camera_for(picture, truck.drive.camera)
    detections = detect_if_assessable(picture, truck, camera)
    views, too_far = views_of(
        detections,
        shown,
        camera=camera,
        size_px=(picture.shape[1], picture.shape[0]),
        thresholds=truck.model.card.thresholds,
        furthest_m=truck.settings.furthest_m,
    )

    def shoot(view: View) -> Shot:
        shot = photograph(view, picture, detections, card=truck.model.card, camera=camera)
        return replace(shot, receipt=truck.key.sign(shot.receipt)) if shot.receipt else shot

    progress.open_sightings, closed = sighting_tracker.update(
        progress.open_sightings,
        views,
        shown.pose,
        drive_id=truck.run_id,
        gate_m=truck.settings.gate_m,
        shoot=shoot,
    )
    if too_far:
        progress.detections_ignored = add(progress.detections_ignored, TOO_FAR, too_far)
    return closed


def keep(
    closed: list[OpenSighting], truck: Truck, progress: Progress, *, is_finished: bool = False
) -> None:
    """Count closed sightings and write them down together with the progress."""
    for one in closed:
        progress.sightings += 1
        if one.shot.receipt is not None:
            progress.pictures += 1
        else:
            progress.pictures_withheld = add(progress.pictures_withheld, one.shot.withheld)
    finished = [Closed(sighting_of(one, truck), one.shot.jpeg) for one in closed]
    covered: list[Coverage] = []
    if is_finished:
        covered = coverage.messages_of(progress.coverage, is_simulated=truck.drive.is_simulated)
        progress.metres = coverage.totals_of(progress.coverage)
        progress.forget_places()
    truck.spool.save(
        str(truck.run_id), progress, finished, is_finished=is_finished, covered=covered
    )


def sighting_of(one: OpenSighting, truck: Truck) -> Sighting:
    """Write the message about a closed sighting."""
    measured = one.measured
    error_m = hypot(truck.settings.gps_error_m, measured.place_error_m)
    ellipse = ellipse_of(
        gps_error_m=truck.settings.gps_error_m,
        along_error_m=measured.along_error_m,
        across_error_m=measured.across_error_m,
        heading_deg=measured.heading_deg,
    )
    in_track = None if measured.right_m is None else is_in_wheel_track(measured.right_m)
    return Sighting(
        sighting_id=one.sighting_id,
        seen_at=one.best.seen_at,
        longitude_deg=round(measured.place.longitude_deg, 7),
        latitude_deg=round(measured.place.latitude_deg, 7),
        position_error_m=round(error_m, 2),
        heading_deg=round(measured.heading_deg, 1) % 360,
        damage_class=one.best.damage_class,
        confidence=round(one.confidence, 4),
        frames=one.frames,
        area_m2=None if measured.area_m2 is None else round(measured.area_m2, 3),
        area_error_m2=None if measured.area_error_m2 is None else round(measured.area_error_m2, 3),
        error_major_m=round(ellipse.major_m, 2),
        error_minor_m=round(ellipse.minor_m, 2),
        error_bearing_deg=round(ellipse.bearing_deg, 1) % 180,
        in_wheel_track=in_track,
        severity=severity_of(
            one.best.damage_class, area_m2=measured.area_m2, in_wheel_track=bool(in_track)
        ),
        severity_method=METHOD,
        model_sha256=truck.model.card.sha256,
        simulated=truck.drive.is_simulated,
        picture=one.shot.receipt,
    )
