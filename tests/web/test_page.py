"""The page arrives in the reader's language, complete, and loads nothing from elsewhere."""

from __future__ import annotations

import httpx
from playwright.sync_api import Page, expect

from tests.web.desk import Desk
from tests.web.service import City


def test_the_page_speaks_the_language_of_the_browser(city: City) -> None:
    german = httpx.get(city.url, headers={"Accept-Language": "de-DE,de;q=0.9,en;q=0.8"})
    english = httpx.get(city.url, headers={"Accept-Language": "fr,en-GB;q=0.8"})
    unknown = httpx.get(city.url, headers={"Accept-Language": "ja"})
    assert 'lang="de"' in german.text
    assert "Anmelden" in german.text
    assert 'lang="en"' in english.text
    assert "Sign in" in english.text
    assert 'lang="de"' in unknown.text


def test_a_chosen_language_outweighs_the_browser(city: City) -> None:
    chosen = httpx.get(
        city.url, headers={"Accept-Language": "de", "Cookie": "language=en; other=1"}
    )
    nonsense = httpx.get(city.url, headers={"Accept-Language": "de", "Cookie": "language=../x"})
    assert 'lang="en"' in chosen.text
    assert 'lang="de"' in nonsense.text


def test_modules_have_the_type_browsers_insist_on(city: City) -> None:
    for path in ("main.js", "vendor/maplibre-gl/maplibre-gl.mjs"):
        answer = httpx.get(f"{city.url}/static/{path}")
        assert answer.headers["content-type"].startswith("text/javascript"), path


def test_the_map_library_travels_compressed_and_is_not_sent_twice(city: City) -> None:
    address = f"{city.url}/static/vendor/maplibre-gl/maplibre-gl.mjs"
    packed = httpx.get(address, headers={"Accept-Encoding": "gzip"})
    plain = httpx.get(address, headers={"Accept-Encoding": "identity"})
    again = httpx.get(
        address, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["etag"]}
    )
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < 400_000 < int(plain.headers["content-length"])
    assert packed.content == plain.content
    assert again.status_code == 304


def test_files_beside_the_page_are_not_served(city: City) -> None:
    for path in ("../pages.py", "%2e%2e/pages.py", "vendor/../../vendor.py", "nothing.js"):
        assert httpx.get(f"{city.url}/static/{path}").status_code == 404


def test_the_page_forbids_inline_scripts_and_frames(city: City) -> None:
    rules = httpx.get(city.url).headers["content-security-policy"]
    assert "script-src 'self'" in rules
    assert "unsafe" not in rules
    assert "frame-ancestors 'none'" in rules
    assert "<script>" not in httpx.get(city.url).text


def test_no_request_leaves_the_machine(desk: Desk) -> None:
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    desk.open()
    desk.wait_for_map()
    desk.press("m")
    desk.page.wait_for_timeout(300)
    assert len(asked) > 20
    assert [url for url in asked if not url.startswith((desk.city.url, "blob:", "data:"))] == []


def test_a_login_link_signs_in_and_leaves_no_token_in_the_address(desk: Desk) -> None:
    desk.open()
    expect(desk.page.locator("#role")).to_have_text("Straßenunterhaltung")
    assert "token" not in desk.page.url
    cookies = desk.page.context.cookies()
    assert [cookie["httpOnly"] for cookie in cookies if "session" in cookie["name"]] == [True]


def test_a_wrong_token_says_where_the_right_one_is(page: Page, city: City) -> None:
    page.goto(city.url)
    page.get_by_label("Zugangsschlüssel").fill("wrong")
    page.get_by_role("button", name="Anmelden").click()
    expect(page.locator("#sign-in-error")).to_contain_text("stadtwart tokens show")
    page.get_by_label("Zugangsschlüssel").fill(city.tokens["road"])
    page.keyboard.press("Enter")
    expect(page.locator("#tabs")).to_be_visible()
    page.get_by_role("button", name="Abmelden").click()
    expect(page.locator("#sign-in")).to_be_visible()
    expect(page.locator("#view-damages")).to_be_hidden()


def test_simulated_data_and_the_source_of_the_map_are_always_named(desk: Desk) -> None:
    desk.open()
    expect(desk.page.locator("#simulated")).to_contain_text("Simulierte Daten")
    expect(desk.page.locator(".maplibregl-ctrl-attrib")).to_contain_text("erfunden für Tests")
    expect(desk.page.locator(".maplibregl-ctrl-scale")).to_contain_text("m")
    desk.page.locator("[data-view=audit]").click()
    expect(desk.page.locator("#simulated")).to_be_visible()
