"""One report from readings: the table of contents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from governance.report import machine, sections
from governance.report.benefit import Baselines, benefit
from governance.report.coverage import coverage
from governance.report.judging import masking
from governance.report.machine import Card, EnergyFacts
from governance.report.model import Report
from governance.report.readings import Readings


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from and until, both included, as the city's clock counts them."""

    from_day: date
    until_day: date
    time_zone: str

    def __post_init__(self) -> None:
        """Refuse an interval that ends before it begins."""
        if self.until_day < self.from_day:
            raise ValueError(f"the report ends on {self.until_day}, before {self.from_day}")

    def edges(self) -> tuple[datetime, datetime]:
        """Return the moments it holds: from the first midnight, up to but without the last."""
        zone = ZoneInfo(self.time_zone)
        return (
            datetime.combine(self.from_day, time(), zone),
            datetime.combine(self.until_day + timedelta(days=1), time(), zone),
        )

    def passed_h(self, now: datetime) -> float:
        """Return how many hours of it have passed."""
        begins, ends = self.edges()
        return max((min(ends, now) - begins).total_seconds() / 3600, 0.0)


@dataclass(frozen=True, slots=True)
class Context:
    """What is not in the city's records: the city's name, its statements, the models' cards."""

    city: str
    simulated: bool
    software: str
    made_at: datetime
    cards: Mapping[str, Card]  # by sha256 of the model's file
    energy: EnergyFacts
    baselines: Baselines


def build(interval: Interval, readings: Readings, context: Context) -> Report:
    """Put the report together; an empty interval gives an honest one."""
    log_section, checkpoint = machine.log(readings)
    return Report(
        city=context.city,
        simulated=context.simulated,
        from_day=interval.from_day,
        until_day=interval.until_day,
        time_zone=interval.time_zone,
        made_at=context.made_at,
        software=context.software,
        sections=[
            sections.use(readings),
            sections.decisions(readings),
            sections.waiting(readings),
            coverage(readings),
            machine.errors(readings, context.cards),
            masking(readings),
            sections.watering(readings),
            machine.energy(readings, context.energy),
            sections.dialogue(readings),
            benefit(readings, context.baselines),
            log_section,
        ],
        checkpoint=checkpoint,
    )
