"""How one city's tree register is to be read: which column means what, and in which CRS."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from irrigation.errors import CadastreError
from irrigation.trees.tree_profile import SoilName

SHIPPED = Path(__file__).parent / "mappings"
Columns = list[str]  # names that the column had over the years; the first one present counts


class ColumnNames(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the register keeps what we need; `species` may hold "botanical, German" in one."""

    number: Columns
    species: Columns
    species_german: Columns = []
    girth_cm: Columns = []
    height_m: Columns = []
    crown_m: Columns = []
    planted_year: Columns = []
    pit_m2: Columns = []  # open ground around the trunk
    soil: Columns = []  # in the words of `[soils]`, else names of irrigation.balance.soil.Soil
    street: Columns = []
    area: Columns = []
    felled: Columns = []


class Position(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Coordinates of a table without geometry; a file with geometry states its own CRS."""

    x: Columns = []  # east or longitude
    y: Columns = []  # north or latitude
    crs: str


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words in the species column that are no species (compared without case)."""

    group: list[str] = []
    gap: list[str] = []
    unknown: list[str] = []
    # what the column "felled" says of a tree that stands
    standing: tuple[str, ...] = ("", "0", "0.0", "nein", "n", "false", "f", "no")


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Largest values that are believed; what lies above is listed and counts as unknown.

    The defaults leave room for old monuments of a city; they are a choice, not a law of nature.
    """

    girth_cm: Annotated[float, Meta(gt=0)] = 1000.0
    height_m: Annotated[float, Meta(gt=0)] = 50.0
    crown_m: Annotated[float, Meta(gt=0)] = 40.0
    pit_m2: Annotated[float, Meta(gt=0)] = 500.0
    oldest_year: Annotated[int, Meta(ge=1000)] = 1500


class Mapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One city's register."""

    city: str
    source: str
    licence: str
    bounds_deg: tuple[float, float, float, float]  # west, south, east, north: where trees may be
    columns: ColumnNames
    position: Position
    words: Words = Words()
    soils: dict[str, SoilName] = {}  # the city's word in lower case: ours
    limits: Limits = Limits()
    number_per_street: bool = False  # tree 12 of each street, rather than of the whole city
    separator: str = ","
    encoding: str = "utf-8-sig"


def load(name: str) -> Mapping:
    """Read a shipped mapping by its name, or any mapping by its path."""
    path = Path(name) if name.endswith(".toml") else SHIPPED / f"{name}.toml"
    if not path.exists():
        shipped = ", ".join(sorted(file.stem for file in SHIPPED.glob("*.toml")))
        raise CadastreError(
            f"no mapping {name!r}. Shipped: {shipped}. "
            "For another city write a .toml like these and give its path."
        )
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Mapping)
    except msgspec.DecodeError as error:
        raise CadastreError(f"{path}: {error}. Compare it with a shipped mapping.") from None
