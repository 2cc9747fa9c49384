"""The reviewer's desk as tests use it: open, press keys, read what is shown."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from api.tokens import Role
from tests.web.service import City


@dataclass(frozen=True, slots=True)
class Desk:
    """A browser window on a running city."""

    page: Page
    city: City

    def open(self, *, role: Role = "road", query: str = "") -> None:
        """Sign in by the login link and wait for the list; the map may still be drawing."""
        self.page.goto(self.city.login_link(role, query))
        expect(self.page.locator("#damage-list")).to_have_attribute("aria-busy", "false")

    def wait_for_map(self) -> None:
        """Wait until the map stands still."""
        self.page.wait_for_selector("#map[data-idle]")

    def press(self, *keys: str) -> None:
        """Press keys one after the other, as a person at the keyboard would."""
        for key in keys:
            self.page.keyboard.press(key)

    def row(self, street: str) -> Locator:
        """Find the row of a street's damage."""
        return self.page.locator("#damage-list .row", has_text=street)

    def choose(self, street: str) -> None:
        """Open a street's damage with the mouse and wait for its history."""
        self.row(street).locator(".row__open").click()
        expect(self.title).to_be_visible()
        expect(self.page.locator(".history").first).to_be_visible()

    @property
    def title(self) -> Locator:
        """Return the heading of the open damage."""
        return self.page.locator("#detail-title")

    @property
    def state(self) -> Locator:
        """Return the state badge of the open damage."""
        return self.page.locator(".detail__head .badge")

    @property
    def toast(self) -> Locator:
        """Return the short message at the bottom."""
        return self.page.locator("#toast")
