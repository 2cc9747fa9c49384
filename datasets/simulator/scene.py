"""What lies where on the truck's way: damages with their truth, and everything that is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypedDict

import numpy as np

from simulator import crack, furniture
from simulator.pothole import Hollow, pothole
from simulator.route import LANE_M, STEP_M, Path
from simulator.stamp import Raster, Stamp

CURVE_MARGIN_M = 4.0  # straights begin this far from a turn; truth is kept out of junctions


class Spot(TypedDict):
    """Where a stamp is laid."""

    x_m: float
    y_m: float
    heading_deg: float


class Size(TypedDict):
    """How much room it takes."""

    length_m: float
    width_m: float


STOP_LINE: Spot = {
    "x_m": -5.2,
    "y_m": 488.35,
    "heading_deg": 90.0,
}  # Goethestraße, before the main road


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
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)


def build(path: Path, *, seed: int) -> Scene:
    """Furnish the drive: first what is harmless and large, then damages, then covers."""
    rng = np.random.default_rng([seed, 2])
    scene = Scene()
    scene.harmless.append(furniture.stop_line(**STOP_LINE))
    for _ in range(9):
        _add_patch(scene, path, rng)
    for across in (True, False) * 4:
        _add_joint(scene, path, rng, across=across)
    for _ in range(11):
        _add_alligator(scene, path, rng)
    for across in (False, True, False) * 5:
        _add_crack(scene, path, rng, across=across)
    for number in range(36):
        _add_pothole(scene, path, rng, opposite=number % 6 == 5)
    _add_ironware(scene, path, rng)
    for _ in range(14):
        spot = _free(scene, path, rng, length_m=1, width_m=1, low_m=1.2, high_m=3.2, claim=False)
        scene.harmless.append(furniture.tree_shade(rng, **spot))
    return scene


def _add_pothole(scene: Scene, path: Path, rng: np.random.Generator, *, opposite: bool) -> None:
    width = float(rng.uniform(0.34, 0.85))
    length = float(width * rng.uniform(0.75, 1.35))
    hollow = Hollow(
        length_m=length,
        width_m=width,
        depth_m=float(rng.uniform(0.035, 0.085)),
        floor=float(rng.uniform(0.95, 1.5)),
        warmth=float(rng.uniform(0, 0.8)),
    )
    low, high = (-3.9, -2.6) if opposite else (-1.05, 1.05)
    spot = _free(
        scene, path, rng, length_m=length + 0.5, width_m=width + 0.3, low_m=low, high_m=high
    )
    stamp, hole = pothole(rng, hollow, **spot)
    _add_damage(scene, "D40", stamp, hole)


def _add_alligator(scene: Scene, path: Path, rng: np.random.Generator) -> None:
    length, width = float(rng.uniform(1.4, 3.2)), float(rng.uniform(0.8, 1.3))
    spot = _free(scene, path, rng, length_m=length, width_m=width, low_m=-0.9, high_m=0.9)
    stamp, mask = crack.alligator(rng, length_m=length, width_m=width, **spot)
    _add_damage(scene, "D20", stamp, mask)


def _add_crack(scene: Scene, path: Path, rng: np.random.Generator, *, across: bool) -> None:
    length = float(rng.uniform(1.5, 2.6) if across else rng.uniform(2.5, 5.0))
    low, high = (-0.3, 0.3) if across else (-1.0, 1.0)
    size: Size = (
        {"length_m": 0.6, "width_m": length} if across else {"length_m": length, "width_m": 0.6}
    )
    spot = _free(scene, path, rng, low_m=low, high_m=high, **size)
    stamp, mask = crack.single_crack(rng, length_m=length, across=across, **spot)
    _add_damage(scene, "D10" if across else "D00", stamp, mask)


def _add_patch(scene: Scene, path: Path, rng: np.random.Generator) -> None:
    length, width = float(rng.uniform(1.2, 5)), float(rng.uniform(0.8, 1.9))
    spot = _free(
        scene, path, rng, length_m=length, width_m=width, low_m=-0.9, high_m=0.9, claim=False
    )
    tone = float(rng.uniform(0.68, 0.9))
    scene.harmless.append(furniture.patch(rng, length_m=length, width_m=width, tone=tone, **spot))


def _add_joint(scene: Scene, path: Path, rng: np.random.Generator, *, across: bool) -> None:
    length = 5.6 if across else float(rng.uniform(3, 7))
    low, high = (-LANE_M, -LANE_M) if across else (-1.0, 0.6)
    size: Size = (
        {"length_m": 0.5, "width_m": 5.6} if across else {"length_m": length, "width_m": 0.5}
    )
    spot = _free(scene, path, rng, low_m=low, high_m=high, **size)
    scene.harmless.append(furniture.sealed_joint(rng, length_m=length, across=across, **spot))


def _add_ironware(scene: Scene, path: Path, rng: np.random.Generator) -> None:
    for _ in range(10):
        spot = _free(scene, path, rng, length_m=1.4, width_m=1.1, low_m=-2.6, high_m=0.4)
        scene.harmless.append(furniture.manhole(rng, **spot))
    for _ in range(13):
        spot = _free(scene, path, rng, length_m=0.6, width_m=0.5, low_m=1.42, high_m=1.42)
        scene.harmless.append(furniture.gully(rng, **spot))
    for _ in range(6):
        spot = _free(scene, path, rng, length_m=1.6, width_m=0.9, low_m=-1, high_m=1, claim=False)
        scene.harmless.append(furniture.stain(rng, **spot))


def _free(
    scene: Scene,
    path: Path,
    rng: np.random.Generator,
    *,
    length_m: float,
    width_m: float,
    low_m: float,
    high_m: float,
    claim: bool = True,
) -> Spot:
    """Find a place on a straight, between `low_m` and `high_m` right of the lane, and claim it.

    Raises ValueError when the street is full.
    """
    straight = _straights(path)
    for _ in range(4000):
        along = float(straight[int(rng.integers(len(straight)))]) * STEP_M
        right = float(rng.uniform(low_m, high_m))
        if claim and any(
            abs(along - a) < (length_m + b) / 2 + 0.4 and abs(right - c) < (width_m + d) / 2 + 0.25
            for a, b, c, d in scene.taken
        ):
            continue
        if claim:
            scene.taken.append((along, length_m, right, width_m))
        pose = path.pose(along)
        east, north = np.sin(np.radians(pose.heading_deg)), np.cos(np.radians(pose.heading_deg))
        return {
            "x_m": float(pose.x_m + right * north),
            "y_m": float(pose.y_m - right * east),
            "heading_deg": pose.heading_deg,
        }
    raise ValueError("no room left on the drive: place fewer things on it")


def _straights(path: Path) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    margin = int(CURVE_MARGIN_M / STEP_M)
    bent = np.convolve(path.curved.astype(float), np.ones(2 * margin + 1), mode="same") > 0.5
    usable = ~bent
    usable[: int(8 / STEP_M)] = False  # under the truck before it starts
    usable[-int(2 / STEP_M) :] = False
    return np.asarray(np.flatnonzero(usable), np.int64)


def _add_damage(scene: Scene, damage_class: str, stamp: Stamp, mask: Raster) -> None:
    """Lay a damage and write down its truth, taken from its mask."""
    rows, columns = np.nonzero(mask > 0.5)
    along = (mask.shape[0] / 2 - rows.mean() - 0.5) * stamp.texel_m
    right = (columns.mean() + 0.5 - mask.shape[1] / 2) * stamp.texel_m
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
