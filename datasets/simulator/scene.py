"""What lies where on the truck's way: damages with their truth, and everything that is none."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from simulator import crack, furniture
from simulator.pothole import Hollow, pothole
from simulator.room import Room, Size, Spot
from simulator.route import LANE_M, Path
from simulator.stamp import Raster, Stamp

POTHOLES = 28
STOP_LINE: Spot = {"x_m": -5.2, "y_m": 488.35, "heading_deg": 90.0}  # before the main road


@dataclass(frozen=True, slots=True)
class Damage:
    """A rendered damage as it truly is, in metres from the market."""

    damage_class: str
    x_m: float
    y_m: float
    heading_deg: float  # the way its length runs, clockwise from grid north
    length_m: float
    width_m: float
    area_m2: float


@dataclass(slots=True)
class Scene:
    """All stamps in the order they are laid, with the truth about the damages among them."""

    harmless: list[Stamp] = field(default_factory=list)
    broken: list[Stamp] = field(default_factory=list)
    damages: list[Damage] = field(default_factory=list)


def build(path: Path, *, seed: int) -> Scene:
    """Furnish the drive: potholes take their room first, the rest finds what is left."""
    rng = np.random.default_rng([seed, 2])
    scene, room = Scene(), Room(path, rng)
    for number in range(POTHOLES):
        _add_pothole(scene, room, number)
    for _ in range(10):
        _add_alligator(scene, room)
    for across in (False, True, False) * 5:
        _add_crack(scene, room, across=across)
    scene.harmless.append(furniture.stop_line(**STOP_LINE))
    for _ in range(9):
        _add_patch(scene, room)
    for across in (True, False) * 4:
        _add_joint(scene, room, across=across)
    _add_ironware(scene, room)
    for _ in range(14):
        spot = room.anywhere(low_m=1.2, high_m=3.2)
        scene.harmless.append(furniture.tree_shade(rng, **spot))
    return scene


def _add_pothole(scene: Scene, room: Room, number: int) -> None:
    """Lay one pothole into its share of the drive; every sixth lies in the opposite lane."""
    rng = room.rng
    width = float(rng.uniform(0.34, 0.85))
    length = float(width * rng.uniform(0.75, 1.35))
    hollow = Hollow(
        length_m=length,
        width_m=width,
        depth_m=float(rng.uniform(0.035, 0.085)),
        floor=float(rng.uniform(0.95, 1.5)),
        warmth=float(rng.uniform(0, 0.8)),
    )
    low, high = (-3.9, -2.6) if number % 6 == 5 else (-1.05, 1.05)
    size = Size(length_m=length + 0.5, width_m=width + 0.3)
    within = ((number + 0.3) / POTHOLES, (number + 0.7) / POTHOLES)
    spot = room.claim(size, low_m=low, high_m=high, kind="D40", within=within)
    stamp, hole = pothole(rng, hollow, **spot)
    _add_damage(scene, "D40", stamp, hole)


def _add_alligator(scene: Scene, room: Room) -> None:
    size = Size(
        length_m=float(room.rng.uniform(1.4, 3.2)), width_m=float(room.rng.uniform(0.8, 1.4))
    )
    spot = room.claim(size, low_m=-0.9, high_m=0.9, kind="D20")
    stamp, mask = crack.alligator(room.rng, **size, **spot)
    _add_damage(scene, "D20", stamp, mask)


def _add_crack(scene: Scene, room: Room, *, across: bool) -> None:
    length = float(room.rng.uniform(1.5, 2.6) if across else room.rng.uniform(2.5, 5.0))
    reach, kind = (0.3, "D10") if across else (1.0, "D00")
    spot = room.claim(_narrow(length, across), low_m=-reach, high_m=reach, kind=kind)
    stamp, mask = crack.single_crack(room.rng, length_m=length, across=across, **spot)
    _add_damage(scene, kind, stamp, mask)


def _add_patch(scene: Scene, room: Room) -> None:
    length, width = float(room.rng.uniform(1.2, 5)), float(room.rng.uniform(0.8, 1.9))
    spot = room.anywhere(low_m=-0.9, high_m=0.9)
    tone = float(room.rng.uniform(0.68, 0.9))
    new = furniture.patch(room.rng, length_m=length, width_m=width, tone=tone, **spot)
    scene.harmless.append(new)


def _add_joint(scene: Scene, room: Room, *, across: bool) -> None:
    length = 5.6 if across else float(room.rng.uniform(3, 7))
    low, high = (-LANE_M, -LANE_M) if across else (-1.0, 0.6)
    spot = room.claim(_narrow(length, across), low_m=low, high_m=high)
    joint = furniture.sealed_joint(room.rng, length_m=length, across=across, **spot)
    scene.harmless.append(joint)


def _add_ironware(scene: Scene, room: Room) -> None:
    for _ in range(10):
        spot = room.claim(Size(length_m=1.4, width_m=1.1), low_m=-2.6, high_m=0.4)
        scene.harmless.append(furniture.manhole(room.rng, **spot))
    for _ in range(13):
        spot = room.claim(Size(length_m=0.6, width_m=0.5), low_m=1.42, high_m=1.42)
        scene.harmless.append(furniture.gully(room.rng, **spot))
    for _ in range(6):
        spot = room.anywhere(low_m=-1, high_m=1)
        scene.harmless.append(furniture.stain(room.rng, **spot))


def _narrow(length_m: float, across: bool) -> Size:
    if across:
        return Size(length_m=0.6, width_m=length_m)
    return Size(length_m=length_m, width_m=0.6)


def _add_damage(scene: Scene, damage_class: str, stamp: Stamp, mask: Raster) -> None:
    """Lay a damage and write down its truth, taken from its mask."""
    rows, columns = np.nonzero(mask > 0.5)
    middle = ((rows.min() + rows.max() + 1) / 2, (columns.min() + columns.max() + 1) / 2)
    along = (mask.shape[0] / 2 - middle[0]) * stamp.texel_m
    right = (middle[1] - mask.shape[1] / 2) * stamp.texel_m
    heading = np.radians(stamp.heading_deg)
    scene.broken.append(stamp)
    scene.damages.append(
        Damage(
            damage_class,
            float(stamp.x_m + along * np.sin(heading) + right * np.cos(heading)),
            float(stamp.y_m + along * np.cos(heading) - right * np.sin(heading)),
            stamp.heading_deg,
            length_m=float(np.ptp(rows) + 1) * stamp.texel_m,
            width_m=float(np.ptp(columns) + 1) * stamp.texel_m,
            area_m2=float(len(rows)) * stamp.texel_m**2,
        )
    )
