"""People log in through a real identity provider, and what does not hold opens nothing."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from gis.postgis.cluster import Cluster
from gis.postgis.load_city import load_city
from tests.api.identity_provider import IdentityProvider, fill_in, identity_provider
from tests.flows.processes import free_port
from tests.postgres import fresh_database
from tests.serving import CityServer, serving
from tests.small_city import write_small_city

LOGIN = "/api/v1/oidc/login"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory, port: int) -> Iterator[IdentityProvider]:
    back = f"http://127.0.0.1:{port}/api/v1/oidc/callback"
    with identity_provider(tmp_path_factory.mktemp("provider"), back) as running:
        yield running


@pytest.fixture(scope="module")
def town(
    postgres: Cluster,
    provider: IdentityProvider,
    port: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[CityServer]:
    """A real city, not a simulated one, whose people log in through the provider."""
    with fresh_database(postgres) as url:
        load_city(url, write_small_city(tmp_path_factory.mktemp("town")))
        public = f"http://127.0.0.1:{port}"
        with serving(url, port=port, public_url=public, **provider.settings) as server:
            server.rows("UPDATE city SET simulated = false RETURNING 1")
            yield server


@pytest.fixture
def browser(town: CityServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=town.url, timeout=60) as window:
        yield window


def log_in(browser: httpx.Client, account: str, query: str = "") -> httpx.Response:
    """Log in as a person would; return the city's answer to the way back."""
    left = browser.get(LOGIN + query)
    assert left.status_code == 303, left.text
    back = fill_in(browser, left, account)
    return browser.get(back.headers["location"])


def test_somebody_logs_in_works_and_logs_out(town: CityServer, browser: httpx.Client) -> None:
    answer = log_in(browser, "kim", "?return_to=/findings")
    assert (answer.status_code, answer.headers["location"]) == (303, "/findings")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    me = browser.get("/api/v1/session").json()
    assert (me["role"], me["roles"], me["name"]) == ("road", ["road"], "Kim Beispiel")
    assert (me["signed_in_by"], me["is_demo"], me["role_tokens"]) == ("provider", False, False)
    assert browser.get("/api/v1/damages").status_code == 200
    out = browser.delete("/api/v1/session", headers=SAME_SITE).json()
    assert out["logout_url"].startswith(f"{town_issuer(town)}oauth/end_session?client_id=stadtwart")
    assert browser.get("/api/v1/session").json()["role"] is None
    browser.cookies.set("stadtwart_session", answer.cookies["stadtwart_session"])
    assert browser.get("/api/v1/damages").status_code == 401, "an ended session stays ended"


def town_issuer(town: CityServer) -> str:
    return str(town.rows("SELECT issuer FROM person WHERE issuer IS NOT NULL LIMIT 1")[0][0])


def test_somebody_with_two_roles_changes_between_them_and_takes_no_third(
    town: CityServer, browser: httpx.Client
) -> None:
    log_in(browser, "ada")
    me = browser.get("/api/v1/session").json()
    assert (me["role"], me["roles"]) == ("road", ["road", "auditor"])
    to_auditor = browser.put("/api/v1/session/role", json={"role": "auditor"}, headers=SAME_SITE)
    assert to_auditor.json()["role"] == "auditor"
    assert browser.get("/api/v1/people").status_code == 200
    third = browser.put("/api/v1/session/role", json={"role": "admin"}, headers=SAME_SITE)
    assert third.status_code == 403
    changes = town.rows("SELECT count(*) FROM audit_outbox WHERE kind = 'session.role_changed'")
    assert changes == [(1,)]


def test_somebody_of_the_canteen_has_no_role_here(browser: httpx.Client) -> None:
    answer = log_in(browser, "pat")
    assert answer.status_code == 403
    assert "gehört aber zu keiner Gruppe" in answer.text
    assert browser.get("/api/v1/session").json()["role"] is None


def test_an_approval_needs_a_login_of_the_last_minutes(
    town: CityServer, browser: httpx.Client
) -> None:
    log_in(browser, "kim")
    wanted = {"title": "Potholes", "team": "Ost", "damage_ids": [1]}

    def order() -> httpx.Response:
        return browser.post("/api/v1/work-orders", json=wanted, headers=SAME_SITE)

    assert order().status_code == 404, "there is no damage 1, but the login is young enough"
    town.rows("UPDATE person_session SET authenticated_at = now() - interval '11 min' RETURNING 1")
    assert (order().status_code, order().json()["type"]) == (
        403,
        "urn:stadtwart:problem:login-again",
    )
    assert browser.get("/api/v1/damages").status_code == 200, "reading needs no new login"
    log_in(browser, "kim", "?fresh=true&return_to=/findings")
    assert order().status_code == 404
    open_now = town.rows(
        "SELECT count(*) FROM person_session JOIN person USING (person_id) "
        "WHERE display_name = 'Kim Beispiel' AND ended_why = 'signed in anew'"
    )
    assert open_now[0][0] >= 1, "the older session of this browser has ended"


def test_the_log_names_nobody(town: CityServer, browser: httpx.Client) -> None:
    log_in(browser, "kim")
    bodies = str(town.rows("SELECT convert_from(body, 'UTF8') FROM audit_outbox"))
    for word in ("kim", "Kim", "Beispiel", "stadt.example"):
        assert word not in bodies
    sessions = str(town.rows("SELECT * FROM person_session"))
    assert browser.cookies["stadtwart_session"] not in sessions


def test_a_role_token_opens_nothing_in_a_real_city(town: CityServer) -> None:
    with town.client("road") as road:
        assert road.get("/damages").status_code == 401
    with town.client("vehicle") as truck:
        assert truck.post("/batches", json={}).status_code == 422
