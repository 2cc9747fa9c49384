"""What a report is made of: figures and tables that know their source; JSON, HTML and PDF show it.

A figure without a value says why. Nothing here is typed by a person but the city's stated
assumptions, and those are marked as such.
"""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from typing import Literal

import msgspec

Standing = Literal[
    "counted",  # from the city's own records
    "estimated",  # computed with a stated assumption
    "not in use",  # this part of the system does not run here
    "no cases",  # it runs, and nothing happened: no rate can be said
    "unknown",  # nobody recorded it; never to be read as zero or as sound
]
Unit = Literal["count", "share", "days", "hours", "litres", "km", "kWh", "kg", "Wh", "score", "EUR"]
Cell = str | int | float | bool | None


class Figure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One number with where it comes from."""

    key: str  # "decisions.given"; its words stand in words.toml
    value: int | float | None
    unit: Unit
    standing: Standing
    source: str  # the query or file it was read from
    n: int | None = None  # how many cases it rests on
    low: float | None = None  # 95 % interval, or the range of the stated assumption
    high: float | None = None
    method: str | None = None  # how it was estimated, as a key of words.toml


class Column(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A column of a table."""

    key: str
    unit: Unit | Literal["text", "standing"]


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rows of the same kind, one a district or one a model."""

    key: str
    source: str
    columns: list[Column]
    rows: list[list[Cell]]


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One heading of the report."""

    key: str
    figures: list[Figure]
    tables: list[Table] = []
    remarks: list[str] = []  # keys of words.toml: what the figures do not say


class Report(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A report on the days `from_day` to `until_day`, both included, in the city's time zone."""

    version: Literal[1] = 1
    city: str
    simulated: bool  # made-up drives or a made-up town: no figure speaks of a real road
    from_day: date
    until_day: date
    time_zone: str
    made_at: datetime  # UTC
    software: str
    sections: list[Section]
    checkpoint: str | None  # the audit log's last signed note, word for word

    def figure(self, key: str) -> Figure:
        """Return the figure with this key; raise KeyError where the report has none."""
        for section in self.sections:
            for one in section.figures:
                if one.key == key:
                    return one
        raise KeyError(key)

    def table(self, key: str) -> Table:
        """Return the table with this key; raise KeyError where the report has none."""
        for section in self.sections:
            for one in section.tables:
                if one.key == key:
                    return one
        raise KeyError(key)


def body_of(report: Report) -> bytes:
    """Write the report as JSON: the bytes that are stored, hashed and handed out."""
    return msgspec.json.encode(report)


def digest_of(body: bytes) -> str:
    """Return the sha256 that stands in the audit log and on the report's last page."""
    return sha256(body).hexdigest()


def read_report(body: bytes) -> Report:
    """Read a stored report again; raise msgspec.ValidationError for anything else."""
    return msgspec.json.decode(body, type=Report)
