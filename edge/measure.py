"""From detections of one frame to views on the ground. Pure."""

from __future__ import annotations

from math import hypot, radians
from typing import get_args

import numpy as np

from contracts.units import DamageClass
from edge.gate import Shown
from edge.local_plane import place_ahead
from edge.sighting_tracker import View
from vision.runtime.detections import Detections
from vision.runtime.ground import Camera, Patch, patch_of, patch_uncalibrated

DAMAGE_CLASSES: tuple[DamageClass, ...] = get_args(DamageClass)  # in the network's order
HEADING_ERROR_DEG = 4.0  # of the chord between two fixes; a guess
TOO_FAR = "too far ahead"  # seen again from nearer, or never: then it was above the road


def views_of(
    detections: Detections,
    shown: Shown,
    *,
    camera: Camera | None,
    size_px: tuple[int, int],
    thresholds: dict[str, float],
    furthest_m: float,
) -> tuple[list[View], int]:
    """Lay every damage above its class's threshold on the ground; also count those too far."""
    views: list[View] = []
    too_far = 0
    width_px, height_px = size_px
    for box, score, kind in zip(
        detections.boxes, detections.scores, detections.classes, strict=True
    ):
        if kind >= len(DAMAGE_CLASSES) or score < np.float32(thresholds[DAMAGE_CLASSES[kind]]):
            continue
        x1, y1, x2, y2 = (float(edge) for edge in box)
        patch = _patch(camera, (x1, y1, x2, y2), width_px, furthest_m)
        if patch is None:
            too_far += 1
            continue
        sideways_m = radians(HEADING_ERROR_DEG) * patch.spot.ahead_m
        forward_m = camera.forward_m if camera else 0.0
        place = place_ahead(
            shown.pose.place,
            heading_deg=shown.pose.heading_deg,
            ahead_m=patch.spot.ahead_m + forward_m,
            right_m=patch.spot.right_m,
        )
        views.append(
            View(
                frame=shown.frame,
                seen_at=shown.at,
                damage_class=DAMAGE_CLASSES[kind],
                confidence=float(score),
                box=(x1, y1, x2, y2),
                frame_share=(x2 - x1) * (y2 - y1) / (width_px * height_px),
                place=place,
                place_error_m=hypot(patch.spot.error_m, sideways_m),
                heading_deg=shown.pose.heading_deg,
                area_m2=patch.area_m2,
                area_error_m2=patch.area_error_m2,
                is_cut=patch.is_cut,
            )
        )
    return views, too_far


def _patch(
    camera: Camera | None,
    box: tuple[float, float, float, float],
    width_px: int,
    furthest_m: float,
) -> Patch | None:
    if camera is None:
        return patch_uncalibrated(box, width_px=width_px)
    return patch_of(camera, box, furthest_m=furthest_m)
