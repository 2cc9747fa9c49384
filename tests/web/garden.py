"""A town with fourteen trees, two vehicles and a dry week, and the parks team's page upon it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from api.tokens import Role
from gis.postgis.load_city import load_city
from irrigation.database import connected
from irrigation.feeds import weather_store
from irrigation.feeds.sky import PAST_DAYS
from irrigation.night import nightly
from irrigation.simulated import simulated_sky
from irrigation.trees import load
from tests.web.service import City, wait_until
from tests.web.town import write_town

PROBE = (Path(__file__).parent / "probe.js").read_text(encoding="utf-8")
TOWN_CLOCK = ZoneInfo("Europe/Berlin")
WATERING = """
[[watering.vehicles]]
vehicle_id = "wagen-1"
name = "Gießwagen"
tank_l = 1400
depot = { longitude_deg = 11.9615, latitude_deg = 51.4821 }

[[watering.vehicles]]
vehicle_id = "tankwagen"
name = "Tankwagen"
tank_l = 12000
depot = { longitude_deg = 11.9615, latitude_deg = 51.4821 }

[[watering.refill_points]]
refill_id = "markt"
name = "Hydrant Marktgasse"
at = { longitude_deg = 11.966, latitude_deg = 51.4835 }
"""
MAPPING = """city = "Prüfstadt"
source = "Prüfstadt, erfunden für Tests (CC0)"
licence = "CC0-1.0"
bounds_deg = [11.95, 51.47, 11.99, 51.50]
separator = ";"

[columns]
number = ["nummer"]
species = ["art"]
species_german = ["art_deutsch"]
planted_year = ["pflanzjahr"]
girth_cm = ["umfang_cm"]
crown_m = ["krone_m"]
height_m = ["hoehe_m"]
pit_m2 = ["scheibe_m2"]
street = ["strasse"]
area = ["stadtteil"]
felled = ["gefaellt"]

[position]
x = ["laenge"]
y = ["breite"]
crs = "EPSG:4326"

[words]
group = ["gruppe"]
gap = ["leer"]
unknown = ["unbekannt"]
"""
HEAD = (
    "nummer;art;art_deutsch;pflanzjahr;umfang_cm;krone_m;hoehe_m;scheibe_m2;strasse;stadtteil;"
    "gefaellt;laenge;breite"
)
SPECIES = (("Tilia cordata", "Winterlinde"), ("Acer platanoides", "Spitzahorn"))
TREES = 14
WEST_END, MIDDLE, EAST_END = 11.961, 11.966, 11.971
SEGMENTS = (  # the town's streets, joined where they cross, so that a truck can turn
    ("a1", "Ahornstraße", (WEST_END, 51.482), (MIDDLE, 51.482)),
    ("a2", "Ahornstraße", (MIDDLE, 51.482), (EAST_END, 51.482)),
    ("l1", "Lindenweg", (WEST_END, 51.4845), (MIDDLE, 51.4845)),
    ("l2", "Lindenweg", (MIDDLE, 51.4845), (EAST_END, 51.4845)),
    ("m1", "Marktgasse", (MIDDLE, 51.482), (MIDDLE, 51.4845)),
)


def today() -> date:
    """Return the day on the town's clock."""
    return datetime.now(TOWN_CLOCK).date()


def plant(database_url: str, folder: Path) -> None:
    """Load the town with its trees, give it simulated weather, and do this morning's night run."""
    write_town(folder)
    with (folder / "city.toml").open("a", encoding="utf-8") as file:
        file.write(WATERING)
    streets = {"type": "FeatureCollection", "features": [_street(*one) for one in SEGMENTS]}
    (folder / "streets.geojson").write_text(json.dumps(streets), encoding="utf-8")
    rows = [_tree(n) for n in range(TREES)]
    (folder / "trees.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    (folder / "trees.toml").write_text(MAPPING, encoding="utf-8")
    sensors = "sensor_id;device_eui;tree_number;depth_cm\nfuehler-1;70B3D50000000001;101;40\n"
    (folder / "sensors.csv").write_text(sensors, encoding="utf-8")
    load_city(database_url, folder)
    load.load(database_url, load.of_folder(folder, simulated=True), on=today())
    night_before(database_url, today())


def night_before(database_url: str, day: date) -> None:
    """Bring the simulated weather up to a morning and compute its forecasts."""
    past = [day - timedelta(days=back) for back in range(PAST_DAYS, 0, -1)]
    rows = [simulated_sky.observed(one, anchor=today()) for one in past]
    rows += simulated_sky.forecast(day, anchor=today())
    with connected(database_url) as connection:
        weather_store.store(connection, rows, source="simulated")
    nightly.run(database_url, for_day=day, now=datetime.combine(day, time(4), UTC))


def _street(key: str, name: str, *ends: tuple[float, float]) -> dict[str, object]:
    """Write one stretch between two crossings."""
    facts = {"segment_id": key, "name": name, "road_class": "residential", "district_id": None}
    line = {"type": "LineString", "coordinates": [list(end) for end in ends]}
    return {"type": "Feature", "properties": facts, "geometry": line}


def _tree(n: int) -> str:
    """Write one row: young limes and maples along two streets, from west to east."""
    latin, german = SPECIES[n % 2]
    street, latitude = (("Ahornstraße", 51.4821), ("Lindenweg", 51.4846))[n // 7]
    place = f"{11.9615 + n % 7 * 0.0015:.4f};{latitude}"
    area = "Weststadt" if n % 7 < 3 else "Oststadt"
    planted = today().year - 3 - n % 4
    return f"{101 + n};{latin};{german};{planted};{20 + n};3;6;4;{street};{area};nein;{place}"


@dataclass(frozen=True, slots=True)
class Garden:
    """The parks team's page in a browser window, on a running city."""

    page: Page
    city: City
    database_url: str

    def open(self, view: str = "trees", *, role: Role = "parks", query: str = "") -> None:
        """Sign in by the login link and wait for the view's list."""
        self.page.goto(self.city.login_link(role, f"?view={view}{query}"))
        if view in ("trees", "plans"):
            self.settled(f"#{view[:-1]}-list")

    def settled(self, selector: str) -> None:
        """Wait until a list has been loaded."""
        expect(self.page.locator(selector)).to_have_attribute("aria-busy", "false")

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def stumbles(self) -> dict[str, list[str]]:
        """Return what a reader with weak eyes or a screen reader would stumble over."""
        found: dict[str, list[str]] = self.page.evaluate(PROBE)
        return {name: items for name, items in found.items() if items}

    @property
    def toast(self) -> Locator:
        """Return the short message at the bottom."""
        return self.page.locator("#toast")

    def ask(self, method: str, path: str, message: object = None) -> Any:
        """Call the API as the parks team."""
        return self.city.ask(method, path, role="parks", message=message)

    def tree(self, number: str) -> dict[str, Any]:
        """Return a tree with its curve by the number on its tag."""
        found = self.ask("GET", f"/trees?q={number}")["items"]
        detail: dict[str, Any] = self.ask("GET", f"/trees/{found[0]['tree_id']}")
        return detail

    def plan(self, *, approved: bool = False) -> dict[str, Any]:
        """Make a plan for today with both vehicles, as a colleague did before."""
        wish = {"for_day": today().isoformat(), "budget_l": None, "hours_h": None}
        plan: dict[str, Any] = self.ask(
            "POST", "/plans", wish | {"vehicle_ids": ["wagen-1", "tankwagen"]}
        )
        if approved:
            decision = {"seen_version": plan["version"], "seconds_spent": 30}
            self.ask("POST", f"/plans/{plan['plan_id']}/approval", decision)
        return plan

    def tours(self) -> list[dict[str, Any]]:
        """Approve a plan, have its tours computed, and return them."""
        plan_id = self.plan(approved=True)["plan_id"]
        self.ask("POST", f"/plans/{plan_id}/tours")
        wait_until(lambda: self.ask("GET", f"/plans/{plan_id}/tours")["state"] == "ready")
        tours: list[dict[str, Any]] = self.ask("GET", f"/plans/{plan_id}/tours")["tours"]
        return tours

    def next_morning(self) -> None:
        """Let the night pass: tomorrow's weather and tomorrow's run."""
        night_before(self.database_url, today() + timedelta(days=1))
