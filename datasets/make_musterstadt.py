"""Make Musterstadt: an invented town and a rendered drive through it, always the same to the byte.

Run `python datasets/make_musterstadt.py`; it needs numpy and OpenCV only and takes a few minutes.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Collection
from pathlib import Path

from simulator.drive import Drive, Shot, record
from simulator.files import write_city, write_drive, write_truth
from simulator.ground import Materials, materials
from simulator.render import encode, frame
from simulator.tree_files import write_trees

FOLDER = Path(__file__).parent / "musterstadt"
SEED = 25
logger = logging.getLogger("make_musterstadt")


def main() -> None:
    """Write the whole folder, or only the frames asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder to write")
    parser.add_argument("--seed", type=int, default=SEED, help="another number, another drive")
    parser.add_argument("--only", nargs="*", type=int, help="render only these frames (1, 2, ...)")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    make(arguments.out, seed=arguments.seed, only=arguments.only)


def make(out: Path, *, seed: int = SEED, only: Collection[int] | None = None) -> None:
    """Write town, truth, track and frames under `out`."""
    drive = record(seed=seed)
    write_city(out)
    write_trees(out, seed=seed)
    write_truth(out, drive)
    write_drive(out / "drive", drive)
    pictures = out / "drive" / "frames"
    pictures.mkdir(exist_ok=True)
    if only is None:
        for left_over in pictures.glob("*.jpg"):
            left_over.unlink()
    stuff = materials(seed)
    for number, shot in enumerate(drive.shots, start=1):
        if only is None or number in only:
            data = picture(drive, shot, stuff, seed=seed)
            (pictures / shot.name).write_bytes(data)
            logger.info("frame=%s bytes=%d", shot.name, len(data))


def picture(
    drive: Drive, shot: Shot, stuff: Materials, *, seed: int, with_damages: bool = True
) -> bytes:
    """Return the JPEG of one frame; without its damages it is the same street in good repair."""
    number = drive.shots.index(shot)
    stamps = [*drive.scene.harmless, *(drive.scene.broken if with_damages else [])]
    shown = frame(
        drive.camera,
        shot.pose,
        stamps,
        stuff,
        speed_mps=shot.speed_mps,
        noise_seed=[seed, 4, number],
    )
    return encode(shown)


if __name__ == "__main__":
    main()
