"""Role by endpoint: who may do what, by token and by session."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from api.app import create_app
from api.session import COOKIE, open_session, read_session
from api.settings import Settings
from api.tokens import ROLES, Role, Tokens
from tests.serving import CityServer

# what each role may call, by OpenAPI's template; whoever adds a route adds a line here, to be seen
MATRIX: dict[tuple[str, str], set[Role]] = {
    ("POST", "/batches"): {"vehicle"},
    ("PUT", "/pictures/{picture_sha256}"): {"vehicle"},
    ("DELETE", "/devices/{device_id}/key"): {"admin"},
    ("POST", "/devices/{device_id}/enrolments"): {"admin"},
    ("POST", "/heartbeats"): {"vehicle"},
    ("POST", "/coverage"): {"vehicle"},
    ("GET", "/streets"): {"vehicle"},
    ("GET", "/summary"): {"road", "parks", "auditor"},
    ("GET", "/damages"): {"road", "auditor"},
    ("GET", "/damages/{damage_id}"): {"road", "auditor"},
    ("POST", "/damages/{damage_id}/verdicts"): {"road"},
    ("POST", "/damages/{damage_id}/verdicts/undo"): {"road"},
    ("POST", "/work-orders"): {"road"},
    ("GET", "/work-orders"): {"road", "auditor"},
    ("GET", "/work-orders/{work_order_id}"): {"road", "auditor"},
    ("POST", "/work-orders/{work_order_id}/completion"): {"road"},
    ("POST", "/work-orders/{work_order_id}/cancellation"): {"road"},
    ("GET", "/audit/events"): {"road", "auditor"},
    ("GET", "/pictures/{picture_sha256}"): {"road", "auditor"},
    ("GET", "/tiles/damages/{z}/{x}/{y}.mvt"): {"road", "auditor"},
    ("GET", "/tiles/trees/{z}/{x}/{y}.mvt"): {"parks", "auditor"},
    ("GET", "/tiles/assessments/{z}/{x}/{y}.mvt"): {"road", "auditor"},
    ("GET", "/assessments"): {"road", "auditor"},
    ("GET", "/trees"): {"parks", "auditor"},
    ("GET", "/trees/{tree_id}"): {"parks", "auditor"},
    ("GET", "/trees/{tree_id}/what-if"): {"parks", "auditor"},
    ("GET", "/watering/status"): {"parks", "auditor"},
    ("GET", "/watering/skill"): {"parks", "auditor"},
    ("POST", "/waterings"): {"parks"},
    ("POST", "/readings"): {"sensor", "parks"},
    ("POST", "/readings/ttn"): {"sensor"},
    ("GET", "/vehicles"): {"parks", "auditor"},
    ("PATCH", "/vehicles/{vehicle_id}"): {"parks"},
    ("POST", "/plans"): {"parks"},
    ("GET", "/plans"): {"parks", "auditor"},
    ("GET", "/plans/{plan_id}"): {"parks", "auditor"},
    ("PATCH", "/plans/{plan_id}/stops"): {"parks"},
    ("POST", "/plans/{plan_id}/approval"): {"parks"},
    ("POST", "/plans/{plan_id}/rejection"): {"parks"},
    ("POST", "/plans/{plan_id}/undo"): {"parks"},
    ("POST", "/plans/{plan_id}/tours"): {"parks"},
    ("GET", "/plans/{plan_id}/tours"): {"parks", "auditor"},
    ("GET", "/tours/{tour_id}"): {"parks", "auditor"},
    ("GET", "/tours/{tour_id}.pdf"): {"parks", "auditor"},
    ("GET", "/tours/{tour_id}.gpx"): {"parks", "auditor"},
    ("GET", "/tours/{tour_id}.csv"): {"parks", "auditor"},
    ("GET", "/tours/{tour_id}.gpkg"): {"parks", "auditor"},
    ("GET", "/tours/{tour_id}.ics"): {"parks", "auditor"},
    ("POST", "/tours/{tour_id}/failure"): {"parks"},
    ("PUT", "/tours/{tour_id}/reports/{report_id}"): {"parks"},
    ("GET", "/inspections"): {"parks", "auditor"},
    ("POST", "/inspections/{inspection_id}"): {"parks"},
    ("GET", "/people"): {"admin", "auditor"},
    ("GET", "/people/sessions"): {"admin", "auditor"},
    ("DELETE", "/people/sessions/{number}"): {"admin"},
    ("POST", "/governance/checks"): {"auditor", "panel", "admin"},
    ("POST", "/governance/liftings"): {"admin"},
    ("DELETE", "/governance/liftings/{rule}"): {"admin"},
    ("GET", "/register/drafts"): {"auditor", "panel", "admin"},
    ("GET", "/register/{record_id}/history"): {"auditor", "panel", "admin"},
    ("PUT", "/register/{record_id}"): {"admin"},
    ("POST", "/register/{record_id}/publication"): {"panel", "admin"},
    ("POST", "/register/{record_id}/withdrawal"): {"panel", "admin"},
    ("POST", "/models"): {"admin"},
    ("POST", "/models/{model_sha256}/activation"): {"panel", "admin"},
    ("POST", "/models/{model_sha256}/retirement"): {"panel", "admin"},
    ("GET", "/reports"): {"road", "parks", "auditor", "panel", "admin"},
    ("POST", "/reports"): {"road", "parks", "auditor", "panel", "admin"},
    ("GET", "/reports/{report_id}"): {"road", "parks", "auditor", "panel", "admin"},
    ("GET", "/reports/{report_id}.pdf"): {"road", "parks", "auditor", "panel", "admin"},
    ("GET", "/reviews"): {"road"},
    ("POST", "/reviews/{review_id}"): {"road"},
    ("GET", "/reviews/figures"): {"road", "auditor", "panel", "admin"},
    ("GET", "/judgings"): {"road", "auditor", "panel", "admin"},
    ("GET", "/judgings/{judging_id}/picture"): {"road"},
    ("POST", "/judgings/{judging_id}"): {"road"},
    ("GET", "/findings"): {"road", "parks", "auditor", "panel", "admin"},
    ("POST", "/findings"): {"auditor", "panel"},
    ("GET", "/findings/{finding_id}"): {"road", "parks", "auditor", "panel", "admin"},
    ("POST", "/findings/{finding_id}/entries"): {"road", "parks", "auditor", "panel", "admin"},
    ("GET", "/objections"): {"road", "parks", "auditor", "admin"},
    ("POST", "/objections/{objection_id}/answer"): {"road", "parks", "admin"},
    ("GET", "/incidents"): {"road", "parks", "auditor", "panel", "admin"},
    ("POST", "/incidents"): {"road", "parks", "auditor", "panel", "admin"},
    ("POST", "/incidents/{incident_id}/entries"): {"road", "parks", "auditor", "panel", "admin"},
}
OPEN = {  # anybody may call these
    ("GET", "/health"),
    ("POST", "/enrolments"),  # with a one-time code
    ("GET", "/city"),
    ("GET", "/session"),
    ("POST", "/session"),
    ("PUT", "/session/role"),
    ("DELETE", "/session"),
    ("POST", "/session/break-glass"),
    ("GET", "/oidc/login"),
    ("GET", "/oidc/callback"),
    ("POST", "/objections"),
    ("POST", "/objections/status"),
    ("GET", "/governance/checks"),
    ("GET", "/judgings/figures"),
    ("GET", "/register"),
    ("GET", "/register/exports/algoritmeregister.json"),
    ("GET", "/register/exports/atrs.csv"),
    ("GET", "/register/{record_id}"),
    ("GET", "/models"),
    ("GET", "/models/{model_sha256}"),
    ("GET", "/models/{model_sha256}/README.md"),
    ("GET", "/models/{model_sha256}/bom.cdx.json"),
    ("GET", "/models/{model_sha256}/limits/{key}.jpg"),
    ("GET", "/audit/events/{event_id}"),  # about guideline, register, models, reports; else a role
    ("GET", "/audit/proofs/{event_id}"),
    ("GET", "/tiles/{layer}/{z}/{x}/{y}.mvt"),
}
EXAMPLES = {  # a value for each name in a path, where "1" would be refused
    "picture_sha256": "0" * 64,
    "number": "0" * 8,
    "model_sha256": "0" * 64,
    "event_id": "0" * 8 + "-0000-7000-8000-" + "0" * 12,
    "record_id": "nothing",
    "rule": "nothing",
    "report_id": "0" * 8 + "-0000-7000-8000-" + "0" * 12,
    "layer": "streets",
    "z": "8",
    "x": "136",
    "y": "85",
}
DOCUMENT: dict[str, Any] = create_app(Settings(), database_url="", tokens={}).openapi()
ROUTES = {  # (method, template): roles that OpenAPI names
    (method.upper(), path.removeprefix("/api/v1")): set(route.get("x-roles", []))
    for path, methods in DOCUMENT["paths"].items()
    for method, route in methods.items()
}
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


def address_of(template: str) -> str:
    """Fill a template with values of the right form."""
    return re.sub(r"\{(\w+)\}", lambda name: EXAMPLES.get(name[1], "1"), template)


def test_what_openapi_says_of_roles_is_what_people_agreed_on() -> None:
    assert MATRIX | {key: set() for key in OPEN} == ROUTES


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_its_own_endpoints_and_no_other(city: CityServer, role: Role) -> None:
    with city.client(role) as client:
        for (method, template), allowed in ROUTES.items():
            if not allowed:
                continue  # open to anybody
            status = client.request(method, address_of(template)).status_code
            assert (status == 403) == (role not in allowed), (role, method, template, status)
            assert status != 401, (role, method, template)
            assert status < 500, (role, method, template)


def test_nobody_reaches_anything_but_what_is_open(city: CityServer) -> None:
    with city.client() as stranger:
        for (method, template), allowed in ROUTES.items():
            answer = stranger.request(method, address_of(template))
            if not allowed:
                assert answer.status_code not in (401, 500), (method, template)
            else:
                assert answer.status_code == 401, (method, template)
                assert answer.headers["www-authenticate"] == "Bearer"
        assert stranger.get("/openapi.json").status_code == 200


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
        assert browser.get("/session").json()["role"] is None
        wrong = browser.post("/session", json={"token": "wrong"})
        assert wrong.status_code == 401
        begun = browser.post("/session", json={"token": city.tokens["road"]})
        assert (begun.json()["role"], begun.json()["is_demo"]) == ("road", True)
        cookie = begun.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert city.tokens["road"] not in cookie
        assert browser.get("/session").json()["role"] == "road"
        assert browser.get("/damages").status_code == 200
        assert browser.delete("/session", headers=SAME_SITE).json() == {"logout_url": None}
        assert browser.get("/session").json()["role"] is None
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
        "a frame of another site": ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403),
        "another port": ({"Origin": "http://127.0.0.1:1"}, 403),
        "our page": ({"Sec-Fetch-Site": "same-origin", "Origin": own}, 422),
        "our form, which sends no address": (
            {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
            422,
        ),
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
            assert answer.json()["role"] is None
