"""Lay a data set out as the trainer reads it: pictures by role, labels of people and teachers."""

from __future__ import annotations

import json
import logging
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from vision.runtime.detections import CLASSES
from vision.runtime.detector import Detector
from vision.training.data import manifest, teacher
from vision.training.data.manifest import Picture, Role
from vision.training.recipe import Recipe

logger = logging.getLogger(__name__)

ROLES: tuple[Role, ...] = ("train", "development", "test")


def prepare(
    recipe: Recipe, *, data: Path, weights: Path, out: Path, taught: Path | None = None
) -> dict[str, object]:
    """Link pictures and write labels under `out`; return what was laid out, by role.

    The result is also kept as `out/dataset.json`. A finished folder is used again
    when its recipe and pictures are the same. What the teachers said of each picture is
    kept in `taught` (else `out/taught`), so that several trainings ask them once.
    """
    pictures = [p for name in recipe.data.sources for p in manifest.read(data / name)]
    manifest.verify(pictures)
    by_role: dict[Role, list[Picture]] = {role: [] for role in ROLES}
    for picture in pictures:
        role = manifest.role_of(picture, recipe.data)
        if role in by_role:
            by_role[role].append(picture)
    parts = [(one.group, role) for role, chosen in by_role.items() for one in chosen]
    for group, where in manifest.divided(parts).items():
        logger.warning(
            "road divided group=%s roles=%s: figures of the second are too good; correct the "
            "column split in manifest.csv",
            group,
            ",".join(where),
        )
    facts: dict[str, object] = {
        role: {
            "pictures": len(chosen),
            "groups": len({p.group for p in chosen}),
            "licences": dict(sorted(Counter(p.licence for p in chosen).items())),
            "digest": manifest.digest(chosen),
        }
        for role, chosen in by_role.items()
    }
    stamp = out / "dataset.json"
    if stamp.is_file() and json.loads(stamp.read_text()) == facts:
        return facts
    lessons = _Lessons(
        teacher.load(recipe.teacher, weights), recipe.teacher.sure_score, taught or out / "taught"
    )
    for role, chosen in by_role.items():
        _lay_out(role, chosen, lessons, out)
    names = "\n".join(f"  {index}: {name}" for index, name in enumerate(CLASSES))
    (out / "data.yaml").write_text(
        f"path: {out.resolve()}\ntrain: images/train\nval: images/development\n"
        f"test: images/test\nnames:\n{names}\n"
    )
    stamp.write_text(json.dumps(facts, indent=1))
    return facts


@dataclass(frozen=True, slots=True)
class _Lessons:
    """What the teachers say of people and vehicles in a picture, asked once."""

    teachers: list[Detector]
    sure_score: float
    kept_in: Path

    def lines(self, picture: Picture) -> list[str]:
        """Return YOLO label lines."""
        kept = self.kept_in / f"{picture.sha256}.txt"
        if not kept.is_file():
            frame = teacher.read_frame(picture.path)
            seen = teacher.label(frame, self.teachers, self.sure_score)
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text("\n".join(teacher.yolo_lines(seen, frame)))
        return kept.read_text().splitlines()


def _lay_out(role: Role, pictures: list[Picture], lessons: _Lessons, out: Path) -> None:
    images, labels = out / "images" / role, out / "labels" / role
    images.mkdir(parents=True, exist_ok=True)
    labels.mkdir(parents=True, exist_ok=True)
    for number, picture in enumerate(pictures, start=1):
        link = images / picture.path.name
        if link.exists():
            continue  # laid out by an interrupted run; the link is made last
        lines = picture.labels.read_text().splitlines() + lessons.lines(picture)
        (labels / picture.path.name).with_suffix(".txt").write_text("\n".join(lines) + "\n")
        link.symlink_to(picture.path.resolve())
        if number % 200 == 0 or number == len(pictures):
            logger.info("laid out role=%s pictures=%d of=%d", role, number, len(pictures))
