"""The drawing of Musterstadt: named streets, districts and the river, in metres from the market.

x points east, y north. Streets are drawn whole; `town.py` cuts them where they meet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Line = list[tuple[float, float]]

ORIGIN_EASTING_M, ORIGIN_NORTHING_M = 701_060.0, 5_714_980.0  # free country near 11.9 E, 51.55 N
WIDTH_M = {
    "primary": 7.5,
    "secondary": 7.0,
    "tertiary": 6.5,
    "residential": 6.5,
    "living_street": 5.0,
}


@dataclass(frozen=True, slots=True)
class Street:
    """A street as its sign names it."""

    name: str
    road_class: str  # key of WIDTH_M, the word OpenStreetMap uses
    line: Line


def river(x_m: float) -> float:
    """Return the y of the river Muster, which passes south of the old town."""
    return -470 + 55 * float(np.sin(x_m / 260)) + 0.02 * x_m


def _bank(west_m: float, east_m: float, offset_m: float) -> Line:
    return [(x, river(x) + offset_m) for x in np.linspace(west_m, east_m, 15).tolist()]


def _ring(first_deg: float, last_deg: float) -> Line:
    """Return a piece of the ring where the town wall stood; degrees count from north, clockwise."""
    corners = round(abs(last_deg - first_deg) / 11.25) + 1  # the same ones for every neighbour
    steps = np.radians(np.linspace(first_deg, last_deg, corners))
    return [(330 * float(np.sin(a)), 285 * float(np.cos(a))) for a in steps]


STREETS = (
    Street("Nordring", "secondary", _ring(-45, 45)),
    Street("Ostring", "secondary", _ring(45, 135)),
    Street("Südring", "secondary", _ring(135, 225)),
    Street("Westring", "secondary", _ring(225, 315)),
    Street("Magdeburger Straße", "primary", [(0, 285), (-8, 420), (4, 560), (30, 700), (60, 900)]),
    Street("Leipziger Straße", "primary", [(330, 0), (520, -30), (720, -20), (1050, -70)]),
    Street("Hallesche Straße", "primary", [(-330, 0), (-520, 25), (-760, 20), (-980, 60)]),
    Street("Naumburger Straße", "primary", [(0, -285), (15, -420), (10, -640), (-30, -880)]),
    Street("Breite Straße", "tertiary", [(0, 285), (6, 60), (-4, -70), (0, -285)]),
    Street("Marktstraße", "living_street", [(-330, 0), (-110, 8), (6, 60), (120, 45), (330, 0)]),
    Street("Rathausgasse", "living_street", [(-110, 8), (-4, -70), (110, -60), (120, 45)]),
    Street("Kirchgasse", "living_street", [(-233, 201), (-120, 130), (3, 160), (140, 140)]),
    Street("Lange Gasse", "living_street", [(-120, 130), (-110, 8), (-130, -110), (-165, -247)]),
    Street("Töpfergasse", "living_street", [(140, 140), (120, 45), (110, -60), (165, -247)]),
    Street("Schulgasse", "living_street", [(233, 201), (140, 140)]),
    Street(
        "Gerbergasse",
        "living_street",
        [(-304, -110), (-130, -110), (-3, -150), (138, -150), (298, -122)],
    ),
    Street(
        "Lindenstraße", "residential", [(-420, 395), (-240, 385), (-7, 390), (250, 380), (420, 400)]
    ),
    Street("Goethestraße", "residential", [(-420, 490), (420, 490)]),
    Street("Schillerstraße", "residential", [(-420, 590), (420, 590)]),
    Street("Gartenstraße", "residential", [(-380, 690), (-110, 700), (30, 700), (370, 690)]),
    Street("Ahornweg", "residential", [(-420, 395), (-420, 590), (-380, 690)]),
    Street("Bachstraße", "residential", [(-233, 201), (-240, 385), (-240, 696)]),
    Street("Kastanienallee", "tertiary", [(-110, 268), (-110, 388), (-110, 700), (-120, 820)]),
    Street("Mozartstraße", "residential", [(125, 385), (125, 698)]),
    Street("Birkenweg", "residential", [(233, 201), (250, 380), (250, 694)]),
    Street("Beethovenstraße", "residential", [(420, 400), (420, 590), (370, 690)]),
    Street(
        "Am Nordhang", "residential", [(-380, 690), (-290, 790), (-120, 820), (48, 820), (250, 790)]
    ),
    Street("Uferstraße", "residential", _bank(-520, 560, 45)),
    Street("Mühlenweg", "residential", [(-165, -247), (-185, river(-185) + 45)]),
    Street("Fischergasse", "living_street", [(165, -247), (180, river(180) + 45)]),
    Street("Wiesenweg", "residential", _bank(-400, 480, -55)),
    Street(
        "Bahnhofstraße",
        "tertiary",
        [(-400, -640), (-200, -630), (10, -640), (230, -650), (480, -630)],
    ),
    Street("Feldstraße", "residential", [(-340, -740), (-25, -760), (260, -750)]),
    Street("Eichenweg", "residential", [(-200, river(-200) - 55), (-200, -630), (-190, -750)]),
    Street("Am Sportplatz", "residential", [(230, river(230) - 55), (230, -650), (260, -750)]),
    Street("Fährstraße", "residential", [(-400, river(-400) - 55), (-400, -640), (-340, -740)]),
    Street("Bahnhofsplatz", "residential", [(480, river(480) - 55), (480, -630)]),
    Street("Gewerbering", "tertiary", [(520, -30), (540, 160), (740, 200), (930, 160), (920, -45)]),
    Street(
        "Industriestraße",
        "tertiary",
        [(520, -30), (530, -200), (760, -230), (930, -210), (920, -45)],
    ),
    Street("Werkstraße", "residential", [(720, -20), (740, 200)]),
    Street("Am Wasserturm", "residential", [(720, -20), (760, -230)]),
    Street("Dieselstraße", "residential", [(530, 70), (730, 90), (925, 70)]),
    Street("Speicherstraße", "residential", [(525, -120), (740, -125), (925, -120)]),
    Street("Zum Hafen", "residential", [(530, -200), (520, river(520) + 45)]),
    Street("Weststraße", "residential", [(-520, 25), (-520, 210), (-420, 395)]),
    Street("Am Stadtgraben", "residential", [(-520, 25), (-510, -180), (-480, river(-480) + 45)]),
    Street("Sandweg", "residential", [(-760, 20), (-740, 190), (-520, 210)]),
    Street("Ziegelweg", "residential", [(-760, 20), (-730, -170), (-510, -180)]),
    Street("Parkstraße", "residential", [(-304, -110), (-510, -180)]),
    Street("Rosenweg", "residential", [(-304, 110), (-520, 210)]),
)

_EDGE = [(x, river(x)) for x in np.linspace(-1000, 1080, 25).tolist()]


def _bank_of(west_m: float, east_m: float) -> Line:
    """Return the river between two places, from east to west, without the western one at 0."""
    return [p for p in reversed(_EDGE) if west_m <= p[0] <= east_m and p[0] != 0]


DISTRICTS: dict[str, tuple[str, Line]] = {
    "altstadt": ("Altstadt", _ring(-180, 0)[:-1] + _ring(0, 180)),
    "nordstadt": (
        "Nordstadt",
        [(-1000, 920), (1080, 920), (600, 285), *_ring(45, -45), (-600, 320)],
    ),
    "ostviertel": (
        "Ostviertel",
        [(1080, 920), *_bank_of(0, 1080), (0, river(0)), *_ring(180, 45), (600, 285)],
    ),
    "westviertel": (
        "Westviertel",
        [(-1000, 920), (-600, 320), *_ring(-45, -180), (0, river(0)), *_bank_of(-1000, 0)],
    ),
    "muehlenvorstadt": ("Mühlenvorstadt", [*_EDGE, (1080, -900), (-1000, -900)]),
}
