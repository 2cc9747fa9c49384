"""What all files of a tour share: titles, the label, local times, how a stop is called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from api.plan_label import label_line
from api.tour_shapes import Tour, TourStop


@dataclass(frozen=True, slots=True)
class TourFile:
    """A tour with what its files say around it."""

    tour: Tour
    city: str
    zone: ZoneInfo
    address: str  # of the phone's page
    streets: list[list[tuple[float, float]]]  # around the tour, WGS 84, for the sketch

    @property
    def title(self) -> str:
        """One line that names the tour."""
        return f"Gießtour {self.tour.for_day:%d.%m.%Y} – {self.tour.vehicle}"

    @property
    def label(self) -> str:
        """The AI label as one line."""
        return label_line(self.tour.ai_label)

    def clock(self, moment: datetime) -> str:
        """Time of day on the city's clock."""
        return f"{moment.astimezone(self.zone):%H:%M}"

    @property
    def stem(self) -> str:
        """The start of each file's name."""
        return f"giesstour-{self.tour.for_day:%Y-%m-%d}-{self.tour.vehicle_id}-{self.tour.tour_id}"


def stop_name(stop: TourStop) -> str:
    """Say in German what happens at a stop."""
    if stop.kind == "depot":
        return "Abfahrt" if stop.seq == 0 else "Rückkehr zum Betriebshof"
    if stop.kind == "refill":
        return f"Tank füllen: {stop.name}"
    tree = f"Baum {stop.number or stop.tree_id}"
    return tree if stop.parts == 1 else f"{tree} (Teil {stop.part} von {stop.parts})"


def stop_row(file: TourFile, stop: TourStop) -> dict[str, Any]:
    """Return a stop as the columns of table and layer; the label stands in each row."""
    report = stop.report
    return {
        "seq": stop.seq,
        "art": {"depot": "Betriebshof", "refill": "Zapfstelle", "tree": "Baum"}[stop.kind],
        "bezeichnung": stop_name(stop),
        "baum_id": stop.tree_id or "",
        "baum_nr": stop.number or "",
        "baumart": stop.species_german or stop.genus,
        "strasse": stop.street,
        "liter": stop.litres,
        "ankunft": stop.arrives_at.astimezone(file.zone).isoformat(),
        "abfahrt": stop.leaves_at.astimezone(file.zone).isoformat(),
        "laenge_grad": round(stop.lon, 7),
        "breite_grad": round(stop.lat, 7),
        "meldung": report.outcome if report else "",
        "liter_gegeben": report.litres if report else None,
        "ki_kennzeichnung": file.label,
    }
