"""A released model: the ONNX file and the card that vouches for it. No card, no run."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from vision.errors import UnknownModelError
from vision.runtime import engine
from vision.runtime.detections import CLASSES, DAMAGE_CLASSES, SENSITIVE_CLASSES
from vision.runtime.detector import Detector

RELEASED = Path(__file__).parents[1] / "models"
SENSITIVE = tuple(CLASSES.index(name) for name in SENSITIVE_CLASSES)
Share = Annotated[float, Meta(ge=0, le=1)]


class CardHead(msgspec.Struct, frozen=True):
    """The part of a model card that a truck needs; the rest of the card is for people."""

    name: str
    version: str
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    classes: list[str]
    thresholds: dict[str, Share]  # per damage class: scores from here on are reported
    mask_threshold: Share  # people and vehicles: scores from here on are blacked out


@dataclass(frozen=True, slots=True)
class Model:
    """A network that may run, with the thresholds its card states."""

    card: CardHead
    detector: Detector


def newest_release(folder: Path = RELEASED) -> Path:
    """Return the ONNX file of the released model whose version is the highest."""
    cards = sorted(folder.glob("*/card.json"), key=lambda path: _version(read_card(path)))
    if not cards:
        raise UnknownModelError(f"no released model under {folder}: install one with its card")
    return cards[-1].with_name("model.onnx")


def load(path: Path, *, threads: int = 2, engine_name: str | None = None) -> Model:
    """Load a model after comparing its sha256 with the card beside it.

    Raises UnknownModelError when the file or card is missing, the card is unreadable,
    or the sha256 differs.
    """
    if not path.is_file():
        raise UnknownModelError(f"{path} does not exist: name a released model.onnx")
    found = sha256(path.read_bytes()).hexdigest()
    card = read_card(path.with_name("card.json"))
    if card.sha256 != found:
        raise UnknownModelError(
            f"{path} is {found[:12]}… but its card vouches for {card.sha256[:12]}…: refusing to "
            "run it. Install the released model again or write a card for this one."
        )
    if tuple(card.classes) != CLASSES or set(card.thresholds) != set(DAMAGE_CLASSES):
        raise UnknownModelError(f"the card of {path} names classes {card.classes}, not {CLASSES}")
    floor = min(card.mask_threshold, *card.thresholds.values())
    network = engine.load(path, threads=threads, name=engine_name)
    return Model(card, Detector(network, floor=floor, always=SENSITIVE))


def read_card(path: Path) -> CardHead:
    """Read the head of a model card."""
    if not path.is_file():
        raise UnknownModelError(f"{path} is missing: a model without a card does not run")
    try:
        return msgspec.json.decode(path.read_bytes(), type=CardHead)
    except msgspec.MsgspecError as error:
        raise UnknownModelError(f"{path} is not a model card: {error}") from error


def _version(card: CardHead) -> tuple[int, ...]:
    return tuple(int(part) for part in card.version.split("."))
