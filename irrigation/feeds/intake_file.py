"""Readings and waterings from tables: our own CSV, and the export of Gieß den Kiez.

A bad row is counted by its reason and the others go on; a file of another form is refused.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from irrigation.errors import ReadingError
from irrigation.feeds.intake import Watering
from irrigation.feeds.reading import Reading

Row = dict[str, str]
Item = TypeVar("Item")
READINGS = {"sensor_id", "at", "depth_cm"}
WATERINGS = {"tree_number", "at", "litres", "by_kind"}
GIESS_DEN_KIEZ = {"tree_id", "amount", "timestamp"}  # table trees_watered; `id`, `username` may be


@dataclass(frozen=True, slots=True)
class Parsed:
    """The rows that could be read, and why others could not."""

    readings: list[Reading]
    waterings: list[Watering]
    refused: dict[str, int]
    source: str


Find = Callable[[str], int | None]  # a tree's number or its id elsewhere: our id, if it is clear


def readings(file: Path, *, time_zone: str) -> Parsed:
    """Read sensor_id, at, depth_cm and tension_kpa or moisture_vol; `at` without zone is local."""
    refused: Counter[str] = Counter()
    rows = _table(file, READINGS)
    zone = ZoneInfo(time_zone)
    found = list(_each(rows, lambda row: _reading(row, zone), refused))
    return Parsed(found, [], dict(refused), "csv")


def waterings(file: Path, find: Find, *, time_zone: str) -> Parsed:
    """Read our CSV or Gieß den Kiez's export, whichever the columns say."""
    head = set(_head(file))
    refused: Counter[str] = Counter()
    zone = ZoneInfo(time_zone)
    if head >= GIESS_DEN_KIEZ:
        rows = _table(file, GIESS_DEN_KIEZ)
        found = list(_each(rows, lambda row: _from_citizen(row, find, zone), refused))
        return Parsed([], found, dict(refused), "giess-den-kiez")
    rows = _table(file, WATERINGS)
    found = list(_each(rows, lambda row: _from_crew(row, find, zone), refused))
    return Parsed([], found, dict(refused), "csv")


def _reading(row: Row, zone: ZoneInfo) -> Reading:
    tension, moisture = row.get("tension_kpa"), row.get("moisture_vol")
    if not tension and not moisture:
        raise _RowError("no value")
    return Reading(
        sensor_id=row["sensor_id"],
        read_at=_time(row["at"], zone),
        depth_cm=_number(row["depth_cm"]),
        tension_kpa=_number(tension) if tension else None,
        moisture_vol=_number(moisture) if moisture else None,
    )


def _from_crew(row: Row, find: Find, zone: ZoneInfo) -> Watering:
    tree_id = _tree(row["tree_number"], find)
    by_kind = row["by_kind"].strip()
    if by_kind not in ("crew", "citizen"):
        raise _RowError("by_kind is neither crew nor citizen")
    written = row.get("watering_id", "").strip()
    at, litres = _time(row["at"], zone), _litres(row["litres"])
    name = f"csv/{tree_id}/{at.isoformat()}/{litres:g}/{by_kind}"
    number = _uuid(written) if written else uuid5(NAMESPACE_URL, name)
    return Watering(number, tree_id, at, litres, by_kind)


def _from_citizen(row: Row, find: Find, zone: ZoneInfo) -> Watering:
    """The export names people; their names are never read. The id makes a repeat harmless."""
    tree_id = _tree(row["tree_id"], find)
    at, litres = _time(row["timestamp"], zone), _litres(row["amount"])
    own = row.get("id", "").strip() or f"{row['tree_id']}/{at.isoformat()}/{litres:g}"
    return Watering(uuid5(NAMESPACE_URL, f"giess-den-kiez/{own}"), tree_id, at, litres, "citizen")


class _RowError(ValueError):
    """Why one row cannot be used."""


def _each(
    rows: Iterator[Row], read: Callable[[Row], Item], refused: Counter[str]
) -> Iterator[Item]:
    for row in rows:
        try:
            yield read(row)
        except _RowError as error:
            refused[str(error)] += 1


def _tree(name: str, find: Find) -> int:
    found = find(name.strip())
    if found is None:
        raise _RowError("no tree, or several, of that number")
    return found


def _time(text: str, zone: ZoneInfo) -> datetime:
    try:
        read = datetime.fromisoformat(text.strip().replace(" ", "T", 1))
    except ValueError:
        raise _RowError("no readable time") from None
    return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)


def _number(text: str) -> float:
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        raise _RowError("no number") from None
    if value != value or value in (float("inf"), float("-inf")):
        raise _RowError("no number")
    return value


def _litres(text: str) -> float:
    litres = _number(text)
    if litres < 0:
        raise _RowError("negative litres")
    return litres


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise _RowError("watering_id is no UUID") from None


def _head(file: Path) -> list[str]:
    lines = _lines(file)
    return next(csv.reader(lines[:1], delimiter=_separator(lines[0])))


def _table(file: Path, needed: set[str]) -> Iterator[Row]:
    lines = _lines(file)
    reader = csv.DictReader(lines, delimiter=_separator(lines[0]))
    lacking = sorted(needed - set(reader.fieldnames or ()))
    if lacking:
        there = ", ".join(reader.fieldnames or ())
        raise ReadingError(f"{file} has no column {', '.join(lacking)}; it has {there}")
    return ({name: value or "" for name, value in row.items() if name} for row in reader)


def _lines(file: Path) -> list[str]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        raise ReadingError(f"{file} does not exist") from None
    except UnicodeDecodeError:
        raise ReadingError(f"{file} is not UTF-8 text") from None
    if not lines:
        raise ReadingError(f"{file} is empty")
    return lines


def _separator(head: str) -> str:
    return ";" if head.count(";") > head.count(",") else ","
