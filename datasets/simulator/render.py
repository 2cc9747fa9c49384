"""Render what the camera sees: every pixel is carried to the road and asked for its colour."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from simulator.camera import Camera, Pose, ground_of, to_camera, to_town
from simulator.ground import Materials, colour, place, streets_near
from simulator.scenery import stand_up
from simulator.stamp import Stamp, coarser, offsets, turn

Numbers = NDArray[np.float64]

FINER = 2  # rays per pixel and direction; their mean below is written out for two
EXPOSURE_S = 1 / 400
JPEG_QUALITY = 75
MARCH_STEPS = 10


def frame(
    camera: Camera,
    pose: Pose,
    stamps: list[Stamp],
    stuff: Materials,
    *,
    speed_mps: float,
    noise_seed: list[int],
) -> NDArray[np.uint8]:
    """Return the picture as BGR `(h, w, 3)`."""
    rng = np.random.default_rng(noise_seed)
    rows, columns = camera.height_px * FINER, camera.width_px * FINER
    v, u = np.mgrid[:rows, :columns].astype(np.float64)
    u = (u + rng.uniform(0, 1, u.shape)) / FINER
    v = (v + rng.uniform(0, 1, v.shape)) / FINER
    ahead, right = ground_of(camera, u.ravel(), v.ravel(), nod_deg=pose.pitch_deg)
    ahead = ahead + rng.uniform(0, speed_mps * EXPOSURE_S, ahead.shape)
    x, y = to_town(camera, pose, ahead, right)
    mid_x, mid_y = to_town(camera, pose, np.array([14.0]), np.array([0.0]))
    streets = streets_near(float(mid_x[0]), float(mid_y[0]), reach_m=36)
    reach = np.sqrt(ahead * ahead + right * right)
    where = place(streets, x, y)
    picture = colour(stuff, where, x, y, reach)
    sight = (x, y, ahead, right)
    for stamp in stamps:
        _lay(picture, stamp, camera, pose, sight, where.grey)
    eye_x, eye_y = to_town(camera, pose, np.array([0.0]), np.array([0.0]))
    eye = (float(eye_x[0]), float(eye_y[0]), camera.height_m)
    stand_up(picture, stuff, streets, eye, x, y, where)
    fine = picture.reshape(rows, columns, 3)
    rays = fine.reshape(camera.height_px, FINER, camera.width_px, FINER, 3)
    total = rays[:, 0, :, 0] + rays[:, 0, :, 1] + rays[:, 1, :, 0] + rays[:, 1, :, 1]
    return _expose(total / np.float32(FINER**2), rng)


def encode(picture: NDArray[np.uint8]) -> bytes:
    """Return the JPEG file of a picture."""
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise ValueError(f"cannot encode a picture of shape {picture.shape}")
    return data.tobytes()


def _lay(
    picture: NDArray[np.float32],
    stamp: Stamp,
    camera: Camera,
    pose: Pose,
    sight: tuple[Numbers, Numbers, Numbers, Numbers],
    grey: Numbers,
) -> None:
    """Blend one stamp into the picture; a hollow is looked into along the ray."""
    x, y, ahead, right = sight
    far = to_camera(camera, pose, np.array([stamp.x_m]), np.array([stamp.y_m]))
    size = stamp.half_length_m + stamp.half_width_m
    if not -size < far[0][0] < 45 or abs(far[1][0]) > far[0][0] + 8:
        return
    near = (np.abs(ahead - far[0][0]) < size) & (np.abs(right - far[1][0]) < size)
    index = np.flatnonzero(near)
    if not len(index):
        return
    along, across = offsets(stamp, x[index], y[index])
    steps = int(np.clip(np.floor(np.hypot(far[0][0], far[1][0]) / 7), 0, 2))
    if stamp.depth_m is not None:
        depth = coarser(stamp.depth_m, steps=steps)
        gaze = to_town(camera, pose, ahead[index], right[index])
        eye = to_town(camera, pose, np.array([0.0]), np.array([0.0]))
        slide = turn(gaze[0] - eye[0], gaze[1] - eye[1], heading_deg=stamp.heading_deg)
        slide = (slide[0] / camera.height_m, slide[1] / camera.height_m)
        along, across = _look_into(stamp, depth, along, across, slide, steps)
    row, column, inside = _texels(stamp, along, across, steps)
    index, row, column = index[inside], row[inside], column[inside]
    cover = coarser(stamp.cover, steps=steps)[row, column][:, None]
    paint = coarser(stamp.paint, steps=steps)[row, column] * grey[index][:, None]
    picture[index] = picture[index] * (1 - cover) + paint * cover


def _look_into(
    stamp: Stamp,
    depth: NDArray[np.float32],
    along: Numbers,
    across: Numbers,
    slide: tuple[Numbers, Numbers],
    steps: int,
) -> tuple[Numbers, Numbers]:
    """Follow rays below the road until they meet wall or floor."""
    deepest = float(depth.max())
    at_along, at_across = along.copy(), across.copy()
    open_ = np.ones(along.shape, bool)
    for k in range(MARCH_STEPS + 1):
        sunk = deepest * k / MARCH_STEPS
        here_along, here_across = along + slide[0] * sunk, across + slide[1] * sunk
        row, column, inside = _texels(stamp, here_along, here_across, steps)
        ground = np.where(inside, depth[row, column], 0)
        at_along = np.where(open_, here_along, at_along)
        at_across = np.where(open_, here_across, at_across)
        open_ &= ground > sunk
    return at_along, at_across


def _texels(
    stamp: Stamp, along: Numbers, across: Numbers, steps: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return row and column of places on a stamp, and which lie on it at all."""
    rows, columns = coarser(stamp.cover, steps=steps).shape
    texel = stamp.texel_m * 2**steps
    row = np.floor(rows / 2 - along / texel).astype(np.int64)
    column = np.floor(columns / 2 + across / texel).astype(np.int64)
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    return np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1), inside


def _expose(picture: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Darken the corners, soften a little as a lens does, and add the sensor's noise."""
    height, width = picture.shape[:2]
    v, u = np.mgrid[:height, :width].astype(np.float64)
    off = ((u - width / 2) / width) ** 2 + ((v - height / 2) / height) ** 2
    out = picture * (1.04 - 0.28 * off)[..., None]
    out = cv2.GaussianBlur(np.asarray(out, np.float64), (0, 0), 0.45)
    out = out + rng.normal(0, 1.6, out.shape[:2])[..., None] + rng.normal(0, 0.7, out.shape)
    return np.asarray(np.clip(np.floor(out + 0.5), 0, 255), np.uint8)
