"""A tour as CSV: UTF-8 with mark, semicolons, as spreadsheets in German offices open it."""

from __future__ import annotations

import csv
import io

from api.tour_files.parts import TourFile, stop_row

MEDIA_TYPE = "text/csv; charset=utf-8"
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def write(file: TourFile) -> bytes:
    """Write the stops, one a line; the label is a column, for a comment line would not import."""
    rows = [stop_row(file, stop) for stop in file.tour.stops]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _safe(value) for name, value in row.items()})
    return ("\ufeff" + text.getvalue()).encode("utf-8")


def _safe(value: object) -> object:
    """Keep a register's text from being run as a formula by a spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULAS) else value
