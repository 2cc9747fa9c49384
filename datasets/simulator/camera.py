"""The truck's camera: where a pixel meets the road, and where a place on the road is seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera behind the windscreen, looking ahead and down."""

    width_px: int = 640
    height_px: int = 400
    focal_px: float = 560.0
    centre_x_px: float = 320.0
    centre_y_px: float = 200.0
    height_m: float = 2.2
    pitch_deg: float = 23.0  # downwards
    forward_m: float = 2.0  # ahead of the GPS antenna


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the GPS antenna truly is, in metres from the market, and where the truck points."""

    x_m: float
    y_m: float
    heading_deg: float  # clockwise from north
    pitch_deg: float = 0.0  # nodding of the truck, added to the camera's pitch


def ground_of(
    camera: Camera, u_px: Numbers, v_px: Numbers, *, nod_deg: float = 0.0
) -> tuple[Numbers, Numbers]:
    """Return metres ahead of the camera and to its right where pixels meet the road.

    Pixels above the horizon meet it nowhere; this camera has none.
    """
    pitch = np.radians(camera.pitch_deg + nod_deg)
    right = (u_px - camera.centre_x_px) / camera.focal_px
    down = (v_px - camera.centre_y_px) / camera.focal_px
    sink = np.sin(pitch) + down * np.cos(pitch)
    ahead = np.cos(pitch) - down * np.sin(pitch)
    return camera.height_m * ahead / sink, camera.height_m * right / sink


def pixel_of(
    camera: Camera, ahead_m: Numbers, right_m: Numbers, *, nod_deg: float = 0.0
) -> tuple[Numbers, Numbers]:
    """Return the pixel where a place on the road in front of the camera is seen."""
    pitch = np.radians(camera.pitch_deg + nod_deg)
    depth = ahead_m * np.cos(pitch) + camera.height_m * np.sin(pitch)
    down = camera.height_m * np.cos(pitch) - ahead_m * np.sin(pitch)
    u_px = camera.centre_x_px + camera.focal_px * right_m / depth
    return u_px, camera.centre_y_px + camera.focal_px * down / depth


def to_town(
    camera: Camera, pose: Pose, ahead_m: Numbers, right_m: Numbers
) -> tuple[Numbers, Numbers]:
    """Carry places in front of the camera to metres from the market."""
    east, north = np.sin(np.radians(pose.heading_deg)), np.cos(np.radians(pose.heading_deg))
    ahead = ahead_m + camera.forward_m
    return pose.x_m + ahead * east + right_m * north, pose.y_m + ahead * north - right_m * east


def to_camera(camera: Camera, pose: Pose, x_m: Numbers, y_m: Numbers) -> tuple[Numbers, Numbers]:
    """Carry places in the town to metres ahead of the camera and to its right."""
    east, north = np.sin(np.radians(pose.heading_deg)), np.cos(np.radians(pose.heading_deg))
    dx, dy = x_m - pose.x_m, y_m - pose.y_m
    return dx * east + dy * north - camera.forward_m, dx * north - dy * east
