"""The recipe of a training run: one TOML file, checked before an hour is spent."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Share = Annotated[float, Meta(ge=0, le=1)]
Pixels = Annotated[int, Meta(ge=32, le=4096, multiple_of=32)]
Count = Annotated[int, Meta(ge=1)]


class Network(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which network, and the input it is exported for."""

    architecture: str
    input_width_px: Pixels
    input_height_px: Pixels
    start: Literal["coco", "random"] = "coco"  # what the weights are before the first step


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which pictures train, which choose, which test."""

    sources: list[str]
    train_splits: list[str]
    test_splits: list[str]
    development_groups: list[str]
    development_splits_by_prefix: dict[str, str]
    regions: list[str] = []  # beginnings of group names: each in turn is left out of a training
    left_out_groups: list[str] = []  # used for nothing: for trainings on a part of the roads


class Teacher(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who labels people and vehicles."""

    models: list[str]
    agree_score: Share
    sure_score: Share


class Crops(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Size and scale of the training windows."""

    width_px: Pixels
    height_px: Pixels
    smallest_frame_width_px: Count
    largest_frame_width_px: Count
    weather: bool = True  # draw the light, weather and dirt a truck meets
    pasted: Share = 0.0  # of the windows get a pothole of another picture


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long and how fast."""

    epochs: Count
    batch: Count
    learning_rate: Annotated[float, Meta(gt=0, le=0.1)]
    seed: int
    threads: Count
    precision: Literal["float32", "bfloat16"] = "float32"
    device: Literal["cpu", "cuda"] = "cpu"


class Loss(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an error costs, beyond Ultralytics' own loss."""

    label_smoothing: Annotated[float, Meta(ge=0, lt=0.5)] = 0.0
    told_apart: bool = True  # False: a crack named as another crack type costs nothing


class Variant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The recipe with a change, tried beside it: section -> key -> value."""

    name: str
    changes: dict[str, dict[str, Any]]


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything a training run depends on, apart from pictures and starting weights."""

    network: Network
    data: Data
    teacher: Teacher
    crops: Crops
    schedule: Schedule
    loss: Loss = Loss()
    variants: list[Variant] = []  # for `vision crossval` only


def changed(recipe: Recipe, changes: dict[str, dict[str, Any]]) -> Recipe:
    """Return the recipe with some values changed; an unknown section or key is an error."""
    content = msgspec.to_builtins(recipe)
    merged = {name: content.get(name, {}) | values for name, values in changes.items()}
    return msgspec.convert(content | merged, Recipe)


def load(path: Path) -> Recipe:
    """Read a recipe; an unknown or missing key stops here with its name."""
    with path.open("rb") as file:
        return msgspec.convert(tomllib.load(file), Recipe)
