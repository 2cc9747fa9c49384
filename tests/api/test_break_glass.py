"""The emergency door opens with the right password, is loud, and does not stand many guesses."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.__main__ import main
from tests.serving import CityServer, serving

PASSWORD = "fourteen letters or more"
NAME = "notfall"
DOOR = "/session/break-glass"


@pytest.fixture
def operator(city_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The command line of the machine the city runs on."""
    monkeypatch.setenv("DATABASE_URL", city_url)
    monkeypatch.setenv("STADTWART_DATA", str(tmp_path))


@pytest.fixture
def account(operator: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """An emergency account, made by the operator."""
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    assert main(["people", "break-glass", NAME, "--password-stdin"]) == 0


@pytest.fixture
def browser(city: CityServer) -> Iterator[httpx.Client]:
    with city.client() as window:
        window.headers["Sec-Fetch-Site"] = "same-origin"
        yield window


def knock(client: httpx.Client, password: str, name: str = NAME) -> httpx.Response:
    return client.post(DOOR, json={"name": name, "password": password})


def kinds(city: CityServer) -> list[str]:
    rows = city.rows("SELECT kind FROM audit_outbox WHERE kind LIKE 'break%' ORDER BY event_id")
    return [row[0] for row in rows]


@pytest.mark.usefixtures("account")
def test_the_emergency_admin_gets_in_and_everybody_sees_it(
    city: CityServer, browser: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    with city.client() as stranger:
        assert stranger.get("/session").json()["break_glass_live"] is False
        assert knock(browser, PASSWORD).json() == {"role": "admin", "minutes": 60}
        me = browser.get("/session").json()
        assert (me["role"], me["signed_in_by"], me["is_demo"]) == ("admin", "break-glass", False)
        assert stranger.get("/session").json()["break_glass_live"] is True
        page = httpx.get(f"{city.url}/objection", timeout=30).text
        assert "Notzugang offen" in page
        assert browser.get("/damages").status_code == 403, "the admin decides on no damage"
        browser.delete("/session")
        assert stranger.get("/session").json()["break_glass_live"] is False
    assert kinds(city) == ["break_glass.created", "break_glass.opened"]
    assert any(record.levelname == "ERROR" for record in caplog.records)
    bodies = str(city.rows("SELECT convert_from(body, 'UTF8') FROM audit_outbox"))
    assert NAME not in bodies
    assert PASSWORD not in str(city.rows("SELECT * FROM break_glass_account"))


@pytest.mark.usefixtures("account")
def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(
    city: CityServer, browser: httpx.Client
) -> None:
    statuses = [knock(browser, "wrong").status_code for _ in range(5)]
    assert statuses == [401] * 5
    locked = knock(browser, PASSWORD)
    assert locked.status_code == 401
    assert "locked for 15 minutes" in locked.json()["detail"]
    assert kinds(city)[-2:] == ["break_glass.locked", "break_glass.refused"]
    city.rows("UPDATE break_glass_account SET locked_until = now() RETURNING 1")
    assert knock(browser, PASSWORD).status_code == 201


@pytest.mark.usefixtures("account")
def test_guesses_are_rate_limited_whatever_the_name(browser: httpx.Client) -> None:
    statuses = [knock(browser, "wrong", f"name-{n}").status_code for n in range(11)]
    assert statuses == [401] * 10 + [429]


@pytest.mark.usefixtures("account")
def test_an_idle_or_ended_emergency_session_is_over(
    city: CityServer, browser: httpx.Client, capsys: pytest.CaptureFixture[str]
) -> None:
    knock(browser, PASSWORD)
    city.rows("UPDATE person_session SET seen_at = now() - interval '16 minutes' RETURNING 1")
    assert browser.get("/session").json()["role"] is None
    city.rows("UPDATE person_session SET seen_at = now() RETURNING 1")
    assert browser.get("/session").json()["role"] == "admin"
    assert main(["people", "sessions"]) == 0
    found = str(city.rows("SELECT number FROM person_session")[0][0])
    assert f"{found}  break-glass  admin" in capsys.readouterr().out
    assert main(["people", "end-session", found]) == 0
    assert browser.get("/session").json()["role"] is None
    assert main(["people", "end-session", found]) == 2


@pytest.mark.usefixtures("account")
def test_who_is_disabled_is_out_at_once(
    city: CityServer, browser: httpx.Client, capsys: pytest.CaptureFixture[str]
) -> None:
    knock(browser, PASSWORD)
    person_id = str(city.rows("SELECT person_id FROM person")[0][0])
    assert main(["people", "disable", person_id]) == 0
    assert "1 sessions ended" in capsys.readouterr().out
    assert browser.get("/session").json()["role"] is None
    assert knock(browser, PASSWORD).status_code == 401
    assert main(["people", "enable", person_id]) == 0
    assert knock(browser, PASSWORD).status_code == 201


@pytest.mark.usefixtures("operator")
def test_a_short_password_or_an_odd_name_makes_no_account(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert main(["people", "break-glass", NAME, "--password-stdin"]) == 2
    assert "14 characters" in capsys.readouterr().err
    assert main(["people", "break-glass", "A b", "--generate"]) == 2
    assert main(["people", "break-glass", NAME, "--generate"]) == 0
    assert "password: " in capsys.readouterr().out


def test_role_tokens_of_people_are_for_a_simulated_city_only(city_url: str) -> None:
    with serving(city_url) as simulated, simulated.client("road") as road:
        assert road.get("/damages").status_code == 200
        simulated.rows("UPDATE city SET simulated = false RETURNING 1")
    with serving(city_url) as real:
        with real.client("road") as road:
            refused = road.get("/damages")
            assert refused.status_code == 401
            assert "API_ALLOW_ROLE_TOKENS" in refused.json()["detail"]
        with real.client() as browser:
            login: dict[str, Any] = {"token": real.tokens["road"]}
            assert browser.post("/session", json=login).status_code == 401
        with real.client("vehicle") as truck:
            assert truck.post("/batches", json={}).status_code == 422, "devices keep their token"
    with serving(city_url, allow_role_tokens=True) as allowed, allowed.client("road") as road:
        assert road.get("/damages").status_code == 200
