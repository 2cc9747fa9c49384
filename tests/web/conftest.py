"""Fixtures for the browser tests: Chromium of the system, a town, and a page signed in to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from psycopg.conninfo import conninfo_to_dict

from api.web import vendor
from gis.postgis.cluster import Cluster
from gis.postgis.load_city import load_city
from tests.postgres import fresh_database
from tests.web.desk import Desk
from tests.web.garden import Garden, plant
from tests.web.service import City, running_city
from tests.web.town import write_town

CHROMIUM = Path(os.environ.get("STADTWART_CHROMIUM", "/usr/bin/chromium"))
PATIENCE_MS = 90_000  # software rendering on a busy machine; a quiet one needs a tenth
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each browser test two more tries on a busy machine; pytest prints every rerun (R)."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium; a missing part fails with its remedy, unless it is not wanted.

    For each module anew: while it runs, `asyncio.run` refuses to work in this process, and
    after this module comes one that needs it.
    """
    if os.environ.get("STADTWART_NO_BROWSER"):
        pytest.skip("STADTWART_NO_BROWSER is set: the page is not tested here")
    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} is missing: `./start test` installs it (Debian: chromium)")
    if not vendor.is_complete() and vendor.main([]) != 0:
        pytest.fail("the page's browser assets are missing: run `python -m api.web.vendor`")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def city(database_url: str, tmp_path: Path) -> Iterator[City]:
    """Run the city's service on an empty town."""
    load_city(database_url, write_town(tmp_path))
    with running_city(database_url, tmp_path) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open an empty German browser window; an error in the page's own scripts fails the test."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800},
        locale="de-DE",
        reduced_motion="reduce",  # nothing is halfway when it is looked at, and less is drawn
    )
    window = context.new_page()
    window.set_default_timeout(PATIENCE_MS)
    errors: list[str] = []
    window.on("pageerror", lambda error: errors.append(str(error)))
    yield window
    context.close()
    assert errors == []


@pytest.fixture
def desk(page: Page, city: City) -> Desk:
    """Return the reviewer's desk; `open` signs in."""
    return Desk(page, city)


@pytest.fixture(scope="session")
def planted(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Plant a town with trees and a night run behind it, once; each test clones its database."""
    with fresh_database(postgres) as url:
        plant(url, tmp_path_factory.mktemp("garden"))
        yield str(conninfo_to_dict(url)["dbname"])


@pytest.fixture
def garden(page: Page, postgres: Cluster, planted: str, tmp_path: Path) -> Iterator[Garden]:
    """Open nothing yet: the town's service and an empty window."""
    with fresh_database(postgres, template=planted) as url, running_city(url, tmp_path) as running:
        yield Garden(page, running, url)
