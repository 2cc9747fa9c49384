"""A tour as a drawing: streets, the way, numbered stops. SVG in millimetres, black and blue."""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

from api.tour_files.parts import TourFile

WIDTH_MM, HEIGHT_MM, MARGIN_MM = 172.0, 100.0, 6.0
LETTER_MM = 2.6
Spot = tuple[float, float]


def draw(file: TourFile) -> str:
    """Draw north up; numbers are those of the sheet's first column."""
    line = [(lon, lat) for lon, lat in file.tour.line["coordinates"]]
    spots = [(stop.lon, stop.lat) for stop in file.tour.stops]
    place = _Frame([*line, *spots])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH_MM} {HEIGHT_MM}" '
        f'width="{WIDTH_MM}mm" height="{HEIGHT_MM}mm" role="img" '
        f'aria-label="{escape(_words(file), {chr(34): "&quot;"})}">',
        f'<rect width="{WIDTH_MM}" height="{HEIGHT_MM}" fill="#ffffff" stroke="#9aa0b0" '
        'stroke-width="0.2"/>',
    ]
    parts += [_line(place, street, "#c9cdd8", 0.7) for street in file.streets]
    parts.append(_line(place, line, "#2a4db0", 0.6))
    drawn: list[Spot] = []
    for stop, spot in zip(file.tour.stops, spots, strict=True):
        if stop.seq == len(file.tour.stops) - 1:
            continue
        x, y = place.at(spot)
        mark = {"depot": "#171a2b", "refill": "#2a4db0", "tree": "#1d7a3c"}[stop.kind]
        parts.append(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="1.1" fill="{mark}"/>')
        corner = next((one for one in _corners(x, y) if _is_free(one, drawn)), None)
        if corner is not None:
            drawn.append(corner)
            parts.append(
                f'<text x="{corner[0]:.2f}" y="{corner[1]:.2f}" font-size="{LETTER_MM}" '
                f'font-family="Fira Sans, DejaVu Sans, sans-serif" fill="#171a2b">{stop.seq}</text>'
            )
    return "".join([*parts, place.scale_bar(), "</svg>"])


def _corners(x: float, y: float) -> list[Spot]:
    """Places for a number beside a dot: above, below, right, left."""
    return [(x - 1.3, y - 1.8), (x - 1.3, y + 3.8), (x + 1.6, y + 0.9), (x - 5.2, y + 0.9)]


def _is_free(corner: Spot, drawn: Sequence[Spot]) -> bool:
    """Say whether a number of up to three digits stands clear of the others."""
    wide, high = 1.7 * LETTER_MM, LETTER_MM
    return all(abs(corner[0] - a) > wide or abs(corner[1] - b) > high for a, b in drawn)


def _words(file: TourFile) -> str:
    return f"Skizze der Tour: {len(file.tour.stops)} Halte, Norden ist oben"


class _Frame:
    """From degrees to millimetres on the sheet, the same scale both ways."""

    def __init__(self, spots: Sequence[Spot]) -> None:
        longitudes, latitudes = zip(*spots, strict=True)
        self.middle = (min(longitudes) + max(longitudes)) / 2, (min(latitudes) + max(latitudes)) / 2
        self.squeeze = math.cos(math.radians(self.middle[1]))
        wide = (max(longitudes) - min(longitudes)) * self.squeeze * 111_320
        high = (max(latitudes) - min(latitudes)) * 111_320
        room = WIDTH_MM - 2 * MARGIN_MM, HEIGHT_MM - 2 * MARGIN_MM
        self.mm_per_m = min(room[0] / max(wide, 50), room[1] / max(high, 50))

    def at(self, spot: Spot) -> Spot:
        """Return a place's millimetres from the upper left."""
        east_m = (spot[0] - self.middle[0]) * self.squeeze * 111_320
        north_m = (spot[1] - self.middle[1]) * 111_320
        return WIDTH_MM / 2 + east_m * self.mm_per_m, HEIGHT_MM / 2 - north_m * self.mm_per_m

    def scale_bar(self) -> str:
        """Draw a bar of a round length, and say how long it is."""
        rounds = [10 * factor * 10**power for power in range(4) for factor in (1, 2, 5)]
        length_m = max(one for one in rounds if one * self.mm_per_m <= 45 or one == rounds[0])
        x, y = MARGIN_MM, HEIGHT_MM - 3
        return (
            f'<path d="M{x} {y}h{length_m * self.mm_per_m:.2f}" stroke="#171a2b" '
            f'stroke-width="0.5"/><text x="{x}" y="{y - 1}" font-size="2.6" '
            f'font-family="Fira Sans, DejaVu Sans, sans-serif">{length_m} m</text>'
        )


def _line(place: _Frame, line: Sequence[Spot], colour: str, width_mm: float) -> str:
    points = " ".join(f"{x:.2f},{y:.2f}" for x, y in map(place.at, line))
    return (
        f'<polyline points="{points}" fill="none" stroke="{colour}" '
        f'stroke-width="{width_mm}" stroke-linejoin="round"/>'
    )
