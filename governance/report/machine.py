"""The machine's own section: errors people found, what the model cards promise, energy, the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from governance.log.checkpoint import read_checkpoint
from governance.report.model import Column, Figure, Section, Table
from governance.report.readings import Readings, absent, rounded, share, total

Card = Mapping[str, Any]
SIGNATURE = "— "  # a signature line of a signed note begins with an em dash


def errors(readings: Readings, cards: Mapping[str, Card]) -> Section:
    """What people called no damage, and what the models' cards state, by digest."""
    rows = readings.rows("errors")
    source = readings.source("errors")
    return Section(
        key="errors",
        figures=[
            share("errors.dismissed", total(rows, "dismissed"), total(rows, "judged"), source)
        ],
        tables=[
            Table(
                key="errors.classes",
                source=source,
                columns=[
                    Column(key="column.damage_class", unit="text"),
                    Column(key="column.judged", unit="count"),
                    Column(key="column.dismissed", unit="count"),
                    Column(key="column.dismissed_share", unit="share"),
                    Column(key="column.low", unit="share"),
                    Column(key="column.high", unit="share"),
                ],
                rows=[_class_row(row) for row in rows],
            ),
            _models(readings, cards),
        ],
        remarks=["remark.misses", "remark.card"],
    )


def _class_row(row: Mapping[str, Any]) -> list[str | int | float | bool | None]:
    found = share("", row["dismissed"], row["judged"], "")
    return [
        row["damage_class"],
        row["judged"],
        row["dismissed"],
        found.value,
        found.low,
        found.high,
    ]


def _models(readings: Readings, cards: Mapping[str, Card]) -> Table:
    """The figure of the card is the average precision for any damage on unseen roads."""
    rows: list[list[str | int | float | bool | None]] = []
    for row in readings.rows("models"):
        card = cards.get(row["model_sha256"])
        test = _any_damage(card)
        rows.append(
            [
                f"{card['name']} {card['version']}" if card else "?",
                row["model_sha256"],
                row["sightings"],
                *(test.get(name) for name in ("ap50", "precision", "recall", "n")),
            ]
        )
    return Table(
        key="errors.models",
        source="card.json",
        columns=[
            Column(key="column.model", unit="text"),
            Column(key="column.sha256", unit="text"),
            Column(key="column.sightings", unit="count"),
            Column(key="column.ap50", unit="score"),
            Column(key="column.precision", unit="share"),
            Column(key="column.recall", unit="share"),
            Column(key="column.n", unit="count"),
        ],
        rows=[[_cut(cell) for cell in row] for row in rows],
    )


def _any_damage(card: Card | None) -> Mapping[str, Any]:
    found: Any = card or {}
    for step in ("evaluation", "test", "any_damage"):
        found = found.get(step, {}) if isinstance(found, Mapping) else {}
    return found if isinstance(found, Mapping) else {}


def _cut(cell: Any) -> str | int | float | bool | None:
    return rounded(cell) if isinstance(cell, float) else cell


@dataclass(frozen=True, slots=True)
class EnergyFacts:
    """What is known about energy: measured by a card, or stated by the city."""

    wh_per_1000_frames: float | None
    frames_method: str | None  # "energy.measured" | "energy.stated_power"
    server_w: float | None  # the city's machine, while it runs
    hours: float  # of the interval that have passed
    g_co2_per_kwh: float | None


def energy(readings: Readings, known: EnergyFacts) -> Section:
    """Kilowatt-hours of trucks and server, each with how it was found."""
    frames = int(readings.one("drives").get("frames_assessed") or 0)
    truck = _kwh("energy.frames", known.wh_per_1000_frames, frames / 1000, known.frames_method)
    server = _kwh("energy.server", known.server_w, known.hours, "energy.stated_power")
    parts = [one.value for one in (truck, server) if one.value is not None]
    figures = [_wh(known), truck, server]
    if parts and known.g_co2_per_kwh is not None:
        figures.append(
            Figure(
                key="energy.co2",
                value=rounded(sum(parts) * known.g_co2_per_kwh / 1000),
                unit="kg",
                standing="estimated",
                source="city.toml [energy] grid_g_co2_per_kwh",
                method="energy.grid",
            )
        )
    return Section(key="energy", figures=figures, remarks=["remark.energy"])


def _wh(known: EnergyFacts) -> Figure:
    if known.wh_per_1000_frames is None:
        return absent("energy.per_1000", "Wh", "card.json", is_unknown=True)
    measured = known.frames_method == "energy.measured"
    return Figure(
        key="energy.per_1000",
        value=rounded(known.wh_per_1000_frames),
        unit="Wh",
        standing="counted" if measured else "estimated",
        source="card.json" if measured else "city.toml [energy]",
        method=known.frames_method,
    )


def _kwh(key: str, rate: float | None, amount: float, method: str | None) -> Figure:
    """Multiply Wh per unit (or W) with an amount (or hours)."""
    source = "report_drives.sql" if key == "energy.frames" else "city.toml [energy]"
    if rate is None:
        return absent(key, "kWh", source, is_unknown=True)
    return Figure(
        key=key,
        value=rounded(rate * amount / 1000),
        unit="kWh",
        standing="estimated",
        source=source,
        method=method,
    )


def log(readings: Readings) -> tuple[Section, str | None]:
    """Size of the audit log and the last signed checkpoint, for the council's minutes."""
    row = readings.one("checkpoint")
    note = row.get("note")
    source = readings.source("checkpoint")
    figures = [readings.count("log.events", "events")]
    if note is None:
        figures += [
            absent(f"log.{one}", "count", source, is_unknown=True) for one in ("size", "witnesses")
        ]
        return Section(key="log", figures=figures, remarks=["remark.no_checkpoint"]), None
    size = read_checkpoint(note).size
    signatures = sum(line.startswith(SIGNATURE) for line in note.split("\n"))
    figures += [
        Figure(key="log.size", value=size, unit="count", standing="counted", source=source),
        Figure(
            key="log.witnesses",
            value=max(signatures - 1, 0),
            unit="count",
            standing="counted",
            source=source,
        ),
    ]
    return Section(key="log", figures=figures, remarks=["remark.minutes"]), note
