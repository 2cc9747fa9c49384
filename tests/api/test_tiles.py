"""The map's tiles hold what is there, and an unexpected fault says only its number."""

from __future__ import annotations

import asyncio
import logging
import math

import httpx
import pytest
from fastapi import FastAPI

from api.problems import add_handlers
from api.rim import Rim
from api.states import AFTER_VERDICT, State
from tests.messages import batch, moved
from tests.serving import CityServer
from tests.small_city import CENTRE


def tile_of(longitude_deg: float, latitude_deg: float, zoom: int) -> str:
    """Return the tile that holds a place."""
    column = int((longitude_deg + 180) / 360 * 2**zoom)
    north = math.asinh(math.tan(math.radians(latitude_deg)))
    return f"{zoom}/{column}/{int((1 - north / math.pi) / 2 * 2**zoom)}.mvt"


def test_streets_districts_and_damages_are_drawn(city: CityServer) -> None:
    city.send(batch(moved(20)))
    city.wait_for_merge()
    here, elsewhere = tile_of(*CENTRE, 14), tile_of(9.0, 50.0, 14)
    with city.client("road") as road:
        drawn = {
            layer: road.get(f"/tiles/{layer}/{here}")
            for layer in ("streets", "districts", "damages")
        }
        empty = road.get(f"/tiles/damages/{elsewhere}")
        beyond = road.get("/tiles/streets/1/2/0.mvt")
        unknown = road.get(f"/tiles/tokens/{here}")
    words = {"streets": b"Am Ring", "districts": b"Ost", "damages": b"waiting"}
    for layer, answer in drawn.items():
        assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
        assert layer.encode() in answer.content
        assert words[layer] in answer.content
    assert (empty.status_code, empty.content) == (200, b"")
    assert beyond.status_code == 404
    assert unknown.status_code == 422


def test_every_answer_carries_the_security_headers(city: CityServer) -> None:
    with city.client() as client:
        for address in ("/health", "/damages", "/nowhere"):
            headers = client.get(address).headers
            assert "worker-src 'self' blob:" in headers["content-security-policy"]
            assert "img-src 'self' data: blob:" in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cache-control"] == "no-store"


def test_an_unexpected_error_answers_with_an_id_and_the_log_has_the_trace(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = FastAPI()

    @app.get("/")
    def fail() -> None:
        raise RuntimeError("secret password 123")

    add_handlers(app)
    app.add_middleware(Rim)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://city") as client:
            return await client.get("/")

    with caplog.at_level(logging.ERROR):
        answer = asyncio.run(ask())
    assert answer.status_code == 500
    assert "secret" not in answer.text
    number = answer.json()["instance"].removeprefix("urn:uuid:")
    assert number in caplog.text
    assert "secret password 123" in caplog.text


def test_the_rules_in_code_and_in_the_database_agree(city: CityServer) -> None:
    for number, (verdict, state) in enumerate(AFTER_VERDICT.items(), start=1):
        city.send(batch(moved(20 + 50 * number)))
        city.wait_for_merge()
        with city.client("road") as road:
            given = {"verdict": verdict, "reason": "seen", "seconds_spent": 1}
            answer = road.post(f"/damages/{number}/verdicts", json=given)
        assert State(answer.json()["state"]) is state
