"""Released models as files on this machine: each folder with its card, measured anew."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from governance.model_files import claimed_sha256, measured_sha256

PROGRAM = Path(__file__).parents[3]
FOLDERS = (PROGRAM / "vision/models", PROGRAM / "irrigation/models")
SYSTEMS = {"road-damage": "detector", "soil": "watering"}  # name of the card: system


@dataclass(frozen=True, slots=True)
class ShippedModel:
    """A model folder: what its card says, and what really lies there."""

    system: str
    folder: Path
    card: dict[str, Any]
    card_sha256: str
    model_sha256: str  # what the card vouches for
    file_sha256: str | None  # what was measured; None: a file is missing

    @property
    def place(self) -> str:
        """The folder as it is named in the database: inside the program where it can be."""
        inside = self.folder.is_relative_to(PROGRAM)
        return str(self.folder.relative_to(PROGRAM) if inside else self.folder)


def shipped_models(folders: Sequence[Path] = FOLDERS) -> Iterator[ShippedModel]:
    """Yield every released model, each system's newest last."""
    for folder in folders:
        cards = [read_model(path.parent) for path in folder.glob("*/card.json")]
        yield from sorted(cards, key=lambda one: _numbers(str(one.card["version"])))


def newest(system: str, folders: Sequence[Path] = FOLDERS) -> ShippedModel | None:
    """Return the newest released model of a system."""
    found = [one for one in shipped_models(folders) if one.system == system]
    return found[-1] if found else None


def read_model(folder: Path) -> ShippedModel:
    """Read a folder's card and measure its files.

    Raises KeyError for a card whose name is of no known system.
    """
    raw = (folder / "card.json").read_bytes()
    card: dict[str, Any] = json.loads(raw)
    return ShippedModel(
        system=SYSTEMS[str(card["name"])],
        folder=folder,
        card=card,
        card_sha256=sha256(raw).hexdigest(),
        model_sha256=claimed_sha256(card),
        file_sha256=measured_sha256(folder, card),
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
