"""Role by endpoint: who may do what, by token and by session."""

from __future__ import annotations

import time

import pytest

from api.app import create_app
from api.session import COOKIE, open_session, read_session
from api.settings import Settings
from api.tokens import ROLES, Role, Tokens
from tests.serving import CityServer

HASH = "0" * 64
TILE = "8/136/85.mvt"
MATRIX: dict[tuple[str, str], set[Role]] = {
    ("POST", "/batches"): {"vehicle"},
    ("PUT", f"/pictures/{HASH}"): {"vehicle"},
    ("POST", "/heartbeats"): {"vehicle"},
    ("GET", "/summary"): {"road", "parks", "auditor"},
    ("GET", "/damages"): {"road", "auditor"},
    ("GET", "/damages/1"): {"road", "auditor"},
    ("POST", "/damages/1/verdicts"): {"road"},
    ("POST", "/damages/1/verdicts/undo"): {"road"},
    ("POST", "/work-orders"): {"road"},
    ("GET", "/work-orders"): {"road", "auditor"},
    ("GET", "/work-orders/1"): {"road", "auditor"},
    ("POST", "/work-orders/1/completion"): {"road"},
    ("POST", "/work-orders/1/cancellation"): {"road"},
    ("GET", "/audit/events"): {"road", "auditor"},
    ("GET", f"/pictures/{HASH}"): {"road", "auditor"},
    ("GET", f"/tiles/damages/{TILE}"): {"road", "auditor"},
}
OPEN = (
    "/health",
    "/city",
    "/session",
    f"/tiles/streets/{TILE}",
    f"/tiles/districts/{TILE}",
    "/openapi.json",
)
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


def test_each_role_reaches_its_own_endpoints_and_no_other(city: CityServer) -> None:
    for role in ROLES:
        with city.client(role) as client:
            for (method, address), allowed in MATRIX.items():
                status = client.request(method, address).status_code
                assert (status == 403) == (role not in allowed), (role, method, address, status)
                assert status not in (401, 500)


def test_nobody_reaches_anything_but_what_is_open(city: CityServer) -> None:
    with city.client() as stranger:
        for method, address in MATRIX:
            answer = stranger.request(method, address)
            assert answer.status_code == 401, (method, address)
            assert answer.headers["www-authenticate"] == "Bearer"
        for address in OPEN:
            assert stranger.get(address).status_code == 200, address


def test_every_route_stands_in_the_matrix() -> None:
    app = create_app(Settings(), database_url="", tokens={})
    paths = app.openapi()["paths"]
    described = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, methods in paths.items()
        for method in methods
    }
    listed = {
        (method, _template(address))
        for method, address in [*MATRIX, *(("GET", address) for address in OPEN[:-1])]
    }
    assert described == listed | {("POST", "/session"), ("DELETE", "/session")}


def _template(address: str) -> str:
    """Turn an example address into the path OpenAPI shows."""
    patterns = {
        f"/pictures/{HASH}": "/pictures/{picture_sha256}",
        f"/tiles/damages/{TILE}": "/tiles/damages/{z}/{x}/{y}.mvt",
        f"/tiles/streets/{TILE}": "/tiles/{layer}/{z}/{x}/{y}.mvt",
        f"/tiles/districts/{TILE}": "/tiles/{layer}/{z}/{x}/{y}.mvt",
    }
    plain = address.replace("/damages/1", "/damages/{damage_id}")
    return patterns.get(address, plain.replace("/work-orders/1", "/work-orders/{work_order_id}"))


@pytest.mark.parametrize(
    "header", ["Bearer wrong", "Bearer", "Basic cm9hZDpyb2Fk", "nonsense", "Bearer \u00e4\u00f6"]
)
def test_a_wrong_token_is_401_even_where_anybody_may_ask(city: CityServer, header: str) -> None:
    with city.client() as client:
        headers = {b"Authorization": header.encode("latin-1")}
        for address in ("/damages", "/session"):
            assert client.get(address, headers=headers).status_code == 401, address


def test_a_token_becomes_a_session_and_the_session_ends(city: CityServer) -> None:
    with city.client() as browser:
        assert browser.get("/session").json() == {"role": None}
        wrong = browser.post("/session", json={"token": "wrong"})
        assert wrong.status_code == 401
        begun = browser.post("/session", json={"token": city.tokens["road"]})
        assert begun.json() == {"role": "road"}
        cookie = begun.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert city.tokens["road"] not in cookie
        assert browser.get("/session").json() == {"role": "road"}
        assert browser.get("/damages").status_code == 200
        assert browser.delete("/session", headers=SAME_SITE).status_code == 204
        assert browser.get("/session").json() == {"role": None}
        assert browser.get("/damages").status_code == 401
    opened = city.rows("SELECT count(*) FROM audit_outbox WHERE kind = 'session.opened'")
    assert opened == [(1,)]


def test_a_session_may_not_be_used_from_another_site(city: CityServer) -> None:
    own = city.url
    cases = {
        "no word from the browser": ({}, 403),
        "another site": ({"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, 403),
        "a neighbour": ({"Sec-Fetch-Site": "same-site"}, 403),
        "another origin": ({"Origin": "https://evil.example"}, 403),
        "a sandbox": ({"Origin": "null"}, 403),
        "another port": ({"Origin": "http://127.0.0.1:1"}, 403),
        "our page": ({"Sec-Fetch-Site": "same-origin", "Origin": own}, 422),
        "our page in an old browser": ({"Origin": own}, 422),
    }
    with city.client() as browser:
        browser.post("/session", json={"token": city.tokens["road"]})
        for name, (headers, status) in cases.items():
            answer = browser.post("/work-orders", json={}, headers=headers)
            assert answer.status_code == status, name
        other = {"Origin": "https://evil.example"}
        login = browser.post("/session", json={"token": city.tokens["road"]}, headers=other)
        assert login.status_code == 403


def test_a_forged_or_old_cookie_opens_nothing() -> None:
    tokens: Tokens = {role: f"{role}-0123456789-0123456789-0123456789" for role in ROLES}
    session, cookie = open_session("road", tokens, lasts_s=60)
    assert read_session(cookie, tokens) == session
    role, number, ends, seal = cookie.split(".")
    later = int(time.time()) + 10**6
    for forged in (
        "",
        "....",
        cookie[:-1],
        cookie + "0",
        f"auditor.{number}.{ends}.{seal}",
        f"{role}.{number}.{later}.{seal}",
        f"{role}.{number}.²{ends}.{seal}",
        f"{role}.{number}.{ends}.ä",
        f"mayor.{number}.{ends}.{seal}",
        open_session("road", tokens, lasts_s=-1)[1],
    ):
        assert read_session(forged, tokens) is None, forged
    assert read_session(cookie, tokens | {"road": "another-token-0123456789-0123456789"}) is None


def test_a_broken_cookie_is_no_session(city: CityServer) -> None:
    with city.client() as browser:
        for value in ("x", "road.1.9999999999.00", "a" * 3000):
            answer = browser.get("/session", headers={"Cookie": f"{COOKIE}={value}"})
            assert answer.json() == {"role": None}
