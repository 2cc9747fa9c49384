"""Whether damages seen again mend a camera, judged on damages the fit has not seen. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from math import isfinite
from pathlib import Path
from statistics import median

from edge.camera_file import Known, what_is_impossible
from edge.errors import DriveError
from edge.repeats import Look, repeats
from vision.runtime.ground import Camera
from vision.runtime.refine import FEWEST, SEEN_M, Refined, View, apart_m, refine

FEWEST_DAMAGES = 8  # a choice: their spread gives the error
MOST_PITCH_ERROR_DEG = 1.0  # a wizard's pitch is better than that
ROUNDS = 8  # with a mended camera other views meet; it settles after two or three
FOLDS = 5

Damages = list[list[View]]


class NotMendedError(DriveError):
    """The fit lays damages that it has not seen further apart than the file does."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"not mended: {file} places damages better than what this drive leads to. Hills, a "
            "wrong odometer or another camera's pictures do that: take another drive, level and "
            "straight, or calibrate again."
        )


class Verdict(Enum):
    """What came of it."""

    MENDS = "mends the camera"  # damages that the fit has not seen fall together better
    AS_GOOD = "as good as this drive can tell"  # the change is within its own error
    WORSE = "worse than before"


@dataclass(frozen=True, slots=True)
class Mended:
    """The camera before and after; metres are medians over pairs the fit has not seen."""

    known: Known
    refined: Refined
    damages: int
    apart_before_m: float
    apart_after_m: float

    @property
    def verdict(self) -> Verdict:
        """Judge by the held-out pairs, then by whether the change is more than its error."""
        before, after = self.known.camera, self.refined.camera
        turned = abs(after.pitch_deg - before.pitch_deg) / self.refined.pitch_error_deg
        raised = abs(after.height_m - before.height_m) / self.refined.height_error_m
        if max(turned, raised) <= 1:
            return Verdict.AS_GOOD
        if self.apart_after_m < self.apart_before_m:
            return Verdict.MENDS
        return Verdict.AS_GOOD if max(turned, raised) <= 2 else Verdict.WORSE


def mend(
    looks: Sequence[Look],
    known: Known,
    camera: Camera,
    *,
    thresholds: dict[str, float],
    furthest_m: float,
    gate_m: float,
) -> Mended:
    """Join, fit, and join again until nothing changes; then judge on held-out damages.

    `camera` is the known one in the size of the pictures.
    Raises DriveError for too little to go by.
    """
    damages: Damages = []
    fitted: Refined | None = None
    for _ in range(ROUNDS):
        seen_by = camera if fitted is None else fitted.camera
        joined = repeats(
            looks, camera=seen_by, thresholds=thresholds, furthest_m=furthest_m, gate_m=gate_m
        )
        if joined == damages:
            break
        damages = joined
        fitted = _fit(camera, damages, known.height_error_m)
    fitted = _fit(camera, damages, known.height_error_m)
    refuse_unsure(fitted)
    before, after = _held_out(camera, damages, known.height_error_m)
    return Mended(known, fitted, len(damages), before, after)


def refuse_unsure(fitted: Refined) -> None:
    """Raise DriveError for a fit that says nothing or a camera that cannot be."""
    if fitted.pitch_error_deg > MOST_PITCH_ERROR_DEG:
        raise DriveError(
            f"the pitch would be known to {fitted.pitch_error_deg:.1f} degrees only, more than "
            f"{MOST_PITCH_ERROR_DEG}: drive further, with an odometer where there is one."
        )
    impossible = what_is_impossible(fitted.camera)
    if impossible:
        raise DriveError(f"this drive leads to no camera: {impossible} Calibrate it again.")


def _fit(camera: Camera, damages: Damages, height_error_m: float) -> Refined:
    """Fit all damages; raises DriveError where one fold less would not be enough."""
    pairs = [len(apart_m(camera, views)) for views in damages]
    least = sum(pairs) - max(sum(pairs[fold::FOLDS]) for fold in range(FOLDS))
    if len(damages) < FEWEST_DAMAGES or least < FEWEST:
        raise DriveError(
            f"{len(damages)} damages were seen again, in {sum(pairs)} pairs of views: at least "
            f"{FEWEST_DAMAGES} damages and about {FEWEST * FOLDS // (FOLDS - 1)} pairs are needed. "
            "Drive over damaged road with a picture every 5 m or less; where many damages were "
            "passed, the camera is far off: calibrate it again."
        )
    return refine(camera, damages, height_error_m=height_error_m)


def _held_out(camera: Camera, damages: Damages, height_error_m: float) -> tuple[float, float]:
    """Return how far apart views land before and after, each damage judged by a fit without it."""
    before: list[float] = []
    after: list[float] = []
    for fold in range(FOLDS):
        others = [views for index, views in enumerate(damages) if index % FOLDS != fold]
        fitted = refine(camera, others, height_error_m=height_error_m)
        for views in damages[fold::FOLDS]:
            before += _distances_m(camera, views)
            after += _distances_m(fitted.camera, views)
    return median(before), median(after)


def _distances_m(camera: Camera, views: list[View]) -> list[float]:
    """Return the distances; a view above the horizon is as far off as the road is looked at."""
    return [abs(by_m) if isfinite(by_m) else SEEN_M for by_m in apart_m(camera, views)]
