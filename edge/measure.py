"""From detections of one frame to views on the ground. Pure."""

from __future__ import annotations

from math import hypot, radians
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from contracts.units import DamageClass
from edge.gate import Shown
from edge.local_plane import place_ahead
from edge.sighting_tracker import View
from vision.runtime.area import area_of
from vision.runtime.detections import Detections
from vision.runtime.ground import Camera, Patch, patch_of, patch_uncalibrated

DAMAGE_CLASSES: tuple[DamageClass, ...] = get_args(DamageClass)  # in the network's order
NESTED = 0.7  # share of the smaller box; two potholes side by side hardly overlap
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
    for box, score, kind in _damages(detections, thresholds):
        x1, y1, x2, y2 = (float(edge) for edge in box)
        name = DAMAGE_CLASSES[kind]
        patch = _patch(camera, (x1, y1, x2, y2), width_px, furthest_m)
        if patch is None:
            too_far += 1
            continue
        area_m2, area_error_m2 = area_of(patch, name)
        sideways_m = radians(shown.pose.heading_error_deg) * patch.spot.ahead_m
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
                damage_class=name,
                confidence=score,
                box=(x1, y1, x2, y2),
                frame_share=(x2 - x1) * (y2 - y1) / (width_px * height_px),
                place=place,
                place_error_m=hypot(patch.spot.error_m, sideways_m),
                heading_deg=shown.pose.heading_deg,
                area_m2=area_m2,
                area_error_m2=area_error_m2,
                is_cut=patch.is_cut,
                along_error_m=patch.spot.along_error_m,
                across_error_m=hypot(patch.spot.across_error_m, sideways_m),
                right_m=patch.spot.right_m if camera else None,
            )
        )
    return views, too_far


def _damages(
    detections: Detections, thresholds: dict[str, float]
) -> list[tuple[NDArray[np.float32], float, int]]:
    """Return box, score and class of every damage, strongest first.

    A box that lies mostly inside a stronger one of its class is the same damage, drawn twice.
    """
    kept: list[tuple[NDArray[np.float32], float, int]] = []
    for index in np.argsort(-detections.scores, kind="stable"):
        box, score = detections.boxes[index], detections.scores[index]
        kind = int(detections.classes[index])
        if kind >= len(DAMAGE_CLASSES) or score < np.float32(thresholds[DAMAGE_CLASSES[kind]]):
            continue
        if all(kind != other or _nested_share(box, strong) <= NESTED for strong, _, other in kept):
            kept.append((box, float(score), kind))
    return kept


def _nested_share(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Return how much of the smaller box lies in the other."""
    overlap = np.clip(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0, None).prod()
    smaller = min((a[2:] - a[:2]).prod(), (b[2:] - b[:2]).prod())
    return float(overlap / max(smaller, 1e-6))


def _patch(
    camera: Camera | None,
    box: tuple[float, float, float, float],
    width_px: int,
    furthest_m: float,
) -> Patch | None:
    if camera is None:
        return patch_uncalibrated(box, width_px=width_px)
    return patch_of(camera, box, furthest_m=furthest_m)
