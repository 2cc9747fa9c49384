"""A tour as a calendar entry (RFC 5545), for the crew's calendar."""

from __future__ import annotations

from datetime import UTC

from icalendar import Calendar, Event

from api.tour_files.parts import TourFile

MEDIA_TYPE = "text/calendar; charset=utf-8"


def write(file: TourFile) -> bytes:
    """Write one event; the same tour keeps its UID, so an update replaces the entry."""
    tour = file.tour
    trees = sum(stop.kind == "tree" for stop in tour.stops)
    entry = Event()
    entry.add("uid", f"tour-{tour.tour_id}@stadtwart")
    entry.add("summary", file.title)
    entry.add("dtstart", tour.begins_at.astimezone(UTC))
    entry.add("dtend", tour.ends_at.astimezone(UTC))
    entry.add("dtstamp", tour.begins_at.astimezone(UTC))
    kilometres = f"{tour.length_m / 1000:.1f}".replace(".", ",")
    about = f"{trees} Halte an Bäumen, {tour.litres} L, {kilometres} km"
    entry.add("description", f"{about}\n{file.address}\n{file.label}")
    entry.add("url", file.address)
    entry.add("categories", ["Gießtour", "KI-Vorschlag"])
    if tour.state in ("replaced", "withdrawn", "failed"):
        entry.add("status", "CANCELLED")
    book = Calendar()
    book.add("prodid", "-//Stadtwart//Giesstouren//DE")
    book.add("version", "2.0")
    book.add("x-wr-calname", f"Gießtouren {file.city}")
    book.add_component(entry)
    return bytes(book.to_ical())
