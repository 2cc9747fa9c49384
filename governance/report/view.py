"""A report as a page shows it: texts and written numbers, nothing left to compute."""

from __future__ import annotations

from dataclasses import dataclass

from governance.report.model import Cell, Column, Figure, Report, Section, Table
from governance.report.words import Language, all_words, day, moment, number, say


@dataclass(frozen=True, slots=True)
class Line:
    """One figure, written."""

    label: str
    value: str
    range: str
    cases: str
    note: str  # standing or method, where it must be said
    source: str


@dataclass(frozen=True, slots=True)
class Grid:
    """One table, written; `is_number` by column."""

    heading: str
    source: str
    columns: list[str]
    is_number: list[bool]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Part:
    """One section, written."""

    key: str
    heading: str
    lines: list[Line]
    grids: list[Grid]
    remarks: list[str]


@dataclass(frozen=True, slots=True)
class View:
    """The whole report, written in one language."""

    language: Language
    title: str
    subtitle: str
    banner: str | None
    running: str | None
    brief: list[str]
    parts: list[Part]
    made: str
    checkpoint: list[str]  # lines of the note


def view(report: Report, language: Language) -> View:
    """Write a report in one language."""
    dates = {
        "from_day": day(report.from_day, language),
        "until_day": day(report.until_day, language),
    }
    made_at = moment(report.made_at, report.time_zone, language)
    return View(
        language=language,
        title=say("title", language),
        subtitle=say("subtitle", language).format(city=report.city, **dates),
        banner=say("simulated", language) if report.simulated else None,
        running=say("running", language).format(made_at=made_at)
        if report.made_at.date() <= report.until_day
        else None,
        brief=_brief(report, language),
        parts=[_part(section, language) for section in report.sections],
        made=say("made", language).format(
            made_at=made_at, zone=report.time_zone, software=report.software
        ),
        checkpoint=report.checkpoint.rstrip("\n").split("\n") if report.checkpoint else [],
    )


def _brief(report: Report, language: Language) -> list[str]:
    """Three or four sentences for whoever reads nothing else."""

    def count(key: str) -> str:
        return number(report.figure(key).value, "count", language)

    said = []
    if report.figure("use.sightings").value or report.figure("use.drives").value:
        said.append(
            say("brief.damages", language).format(
                sightings=count("use.sightings"),
                drives=count("use.drives"),
                damages=count("use.damages"),
            )
        )
    if report.figure("decisions.given").value:
        said.append(
            say("brief.decisions", language).format(
                given=count("decisions.given"), orders=count("decisions.orders_created")
            )
        )
    wrong = report.figure("errors.dismissed")
    if wrong.value is not None:
        low, high = (number(edge, "share", language) for edge in (wrong.low, wrong.high))
        said.append(
            say("brief.wrong", language).format(
                share=number(wrong.value, "share", language), low=low, high=high, n=wrong.n
            )
        )
    if not said:
        said = [say("brief.none", language)]
    return [*said, say("brief.waiting", language).format(still=count("waiting.still"))]


def _part(section: Section, language: Language) -> Part:
    return Part(
        key=section.key,
        heading=say(f"section.{section.key}", language),
        lines=[_line(one, language) for one in section.figures],
        grids=[_grid(one, language) for one in section.tables],
        remarks=[say(one, language) for one in section.remarks],
    )


def _line(figure: Figure, language: Language) -> Line:
    notes = [] if figure.standing == "counted" else [say(f"standing.{figure.standing}", language)]
    if figure.method is not None and figure.value is not None:
        notes.append(say(figure.method, language))
    has_range = figure.low is not None and figure.high is not None
    low, high = (number(edge, figure.unit, language) for edge in (figure.low, figure.high))
    return Line(
        label=say(figure.key, language),
        value=number(figure.value, figure.unit, language),
        range=f"{low} … {high}" if has_range else "",
        cases="" if figure.n is None else number(figure.n, "count", language),
        note="; ".join(notes),
        source=figure.source,
    )


def _grid(table: Table, language: Language) -> Grid:
    return Grid(
        heading=say(table.key, language),
        source=table.source,
        columns=[say(column.key, language) for column in table.columns],
        is_number=[column.unit not in ("text", "standing") for column in table.columns],
        rows=[
            [_cell(cell, column, language) for cell, column in zip(row, table.columns, strict=True)]
            for row in table.rows
        ],
    )


def _cell(cell: Cell, column: Column, language: Language) -> str:
    if column.unit == "standing":
        return say(f"standing.{cell}", language)
    if isinstance(cell, str):
        if column.key == "column.sha256":
            return f"{cell[:12]}…"
        if column.key == "column.cause":
            return say(f"cause.{cell}", language)
        known = all_words().get(f"damage_class.{cell}")
        return known[language] if column.key == "column.damage_class" and known else cell
    return number(cell, column.unit, language)
