"""What a broken or hostile identity provider sends opens nothing, and the log says that it came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from gis.postgis.cluster import Cluster
from tests.api.dishonest_provider import (
    CLIENT_ID,
    SECRET,
    Claims,
    DishonestProvider,
    altered_after_signing,
    dishonest_provider,
    signed_by_somebody,
    signed_with_our_secret,
    unsigned,
)
from tests.postgres import fresh_database
from tests.serving import CityServer, serving

CALLBACK = "/api/v1/oidc/callback"


@pytest.fixture(scope="module")
def provider() -> Iterator[DishonestProvider]:
    with dishonest_provider() as running:
        yield running


@pytest.fixture(scope="module")
def town(
    postgres: Cluster, provider: DishonestProvider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CityServer]:
    secret = tmp_path_factory.mktemp("secret") / "secret"
    secret.write_text(SECRET)
    settings: dict[str, Any] = {
        "public_url": "http://127.0.0.1:1",
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret_file": secret,
        "oidc_groups": {"tiefbau": "road", "rpa": "auditor"},
    }
    with fresh_database(postgres) as url, serving(url, **settings) as server:
        yield server


@pytest.fixture
def browser(town: CityServer, provider: DishonestProvider) -> Iterator[httpx.Client]:
    provider.change = lambda claims: claims
    provider.sign = None
    provider.userinfo = {"sub": "someone", "groups": ["tiefbau"]}
    with httpx.Client(base_url=town.url, timeout=30) as window:
        yield window


def leave(browser: httpx.Client, provider: DishonestProvider, query: str = "") -> str:
    """Go to the provider and return the state it would send back."""
    answer = browser.get("/api/v1/oidc/login" + query)
    asked = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
    provider.nonce, provider.challenge = asked["nonce"], asked["code_challenge"]
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    return asked["state"]


def role_of(browser: httpx.Client) -> str | None:
    role: str | None = browser.get("/api/v1/session").json()["role"]
    return role


def refused(town: CityServer) -> list[str]:
    return [
        row[0]
        for row in town.rows(
            "SELECT convert_from(body, 'UTF8')::jsonb -> 'data' ->> 'reason' FROM audit_outbox "
            "WHERE kind = 'login.refused' ORDER BY event_id"
        )
    ]


def come_back(browser: httpx.Client, state: str, **more: str) -> httpx.Response:
    return browser.get(CALLBACK, params={"state": state, "code": "c"} | more)


def test_an_honest_answer_opens_a_session_once(
    browser: httpx.Client, provider: DishonestProvider
) -> None:
    state = leave(browser, provider)
    assert come_back(browser, state).status_code == 303
    assert role_of(browser) == "road"
    assert come_back(browser, state).status_code == 400, "the same answer a second time"


def with_claim(**changes: Any) -> Callable[[Claims], Claims]:
    return lambda claims: claims | changes


def without(name: str) -> Callable[[Claims], Claims]:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


WRONG_CLAIMS: dict[str, Callable[[Claims], Claims]] = {
    "another nonce": with_claim(nonce="of another login"),
    "no nonce": without("nonce"),
    "another audience": with_claim(aud="another-client"),
    "two audiences, made for the other": with_claim(aud=[CLIENT_ID, "other"], azp="other"),
    "another issuer": with_claim(iss="https://evil.example"),
    "over": with_claim(exp=1_700_000_000, iat=1_699_999_000),
    "no end": without("exp"),
    "not yet": lambda claims: claims | {"nbf": claims["exp"]},
    "nobody": without("sub"),
    "hash of another access token": with_claim(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
}
WRONG_SIGNATURES = {
    "alg none": unsigned,
    "an unknown key": signed_by_somebody,
    "HMAC with the client's secret": signed_with_our_secret,
    "another body": altered_after_signing,
    "no token": lambda _provider, _claims: "nonsense",
}


@pytest.mark.parametrize("name", WRONG_CLAIMS)
def test_a_token_with_a_wrong_claim_is_refused(
    town: CityServer, browser: httpx.Client, provider: DishonestProvider, name: str
) -> None:
    provider.change = WRONG_CLAIMS[name]
    answer = come_back(browser, leave(browser, provider))
    assert answer.status_code == 400
    assert "hält der Prüfung nicht stand" in answer.text
    assert role_of(browser) is None
    assert refused(town)[-1] == "the token does not hold"


@pytest.mark.parametrize("name", WRONG_SIGNATURES)
def test_a_token_with_a_wrong_signature_is_refused(
    town: CityServer, browser: httpx.Client, provider: DishonestProvider, name: str
) -> None:
    provider.sign = WRONG_SIGNATURES[name]
    assert come_back(browser, leave(browser, provider)).status_code == 400
    assert role_of(browser) is None
    assert refused(town)[-1] == "the token does not hold"


def test_a_foreign_state_another_browser_and_a_refusal_open_nothing(
    town: CityServer, browser: httpx.Client, provider: DishonestProvider
) -> None:
    state = leave(browser, provider)
    assert come_back(browser, "foreign").status_code == 400
    with httpx.Client(base_url=town.url) as other:
        assert come_back(other, state).status_code == 400, "the victim of a login by somebody else"
    assert browser.get(CALLBACK).status_code == 400
    answer = come_back(browser, state, error="access_denied")
    assert answer.status_code == 400
    assert role_of(browser) is None
    assert refused(town)[-1] == "the provider refused"


def test_user_info_of_somebody_else_is_refused(
    browser: httpx.Client, provider: DishonestProvider
) -> None:
    provider.change = without("groups")
    provider.userinfo = {"sub": "an admin", "groups": ["tiefbau"]}
    assert come_back(browser, leave(browser, provider)).status_code == 400
    provider.userinfo = {"sub": "someone", "groups": ["tiefbau"]}
    assert come_back(browser, leave(browser, provider)).status_code == 303


def test_somebody_without_a_group_of_ours_is_told_so(
    town: CityServer, browser: httpx.Client, provider: DishonestProvider
) -> None:
    provider.change = with_claim(groups=["kantine"])
    answer = come_back(browser, leave(browser, provider))
    assert answer.status_code == 403
    assert "keiner Gruppe" in answer.text
    assert refused(town)[-1] == "no role"


def test_a_fresh_login_must_be_fresh(
    town: CityServer, browser: httpx.Client, provider: DishonestProvider
) -> None:
    provider.change = lambda claims: claims | {"auth_time": claims["iat"] - 3600}
    assert come_back(browser, leave(browser, provider, "?fresh=true")).status_code == 400
    assert refused(town)[-1] == "the login is not fresh"
    provider.change = without("auth_time")
    assert come_back(browser, leave(browser, provider, "?fresh=true")).status_code == 400


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", "/a b"],
)
def test_the_way_back_never_leaves_the_city(
    browser: httpx.Client, provider: DishonestProvider, address: str
) -> None:
    state = leave(browser, provider, "?" + str(httpx.QueryParams(return_to=address)))
    assert come_back(browser, state).headers["location"] == "/"


def test_a_provider_that_speaks_for_another_is_not_believed(
    postgres: Cluster, provider: DishonestProvider
) -> None:
    wrong = provider.issuer.replace("127.0.0.1", "localhost")
    settings: dict[str, Any] = {
        "public_url": "http://127.0.0.1:1",
        "oidc_issuer": wrong,
        "oidc_client_id": CLIENT_ID,
        "oidc_groups": {"tiefbau": "road"},
    }
    with fresh_database(postgres) as url, serving(url, **settings) as server:
        answer = httpx.get(f"{server.url}/api/v1/oidc/login", timeout=30)
    assert answer.status_code == 502
    assert answer.json()["type"].endswith("provider-away")
