"""Once people approve watering models, a night uses an approved one or the water balance."""

from __future__ import annotations

import psycopg

from gis.postgis.governance.shipped import newest
from irrigation.night import nightly
from tests.irrigation.a_city import DAY, six

ANOTHER_APPROVED = """
ALTER TABLE model_activation DISABLE TRIGGER is_allowed;
INSERT INTO model_activation (
    system, model_sha256, card_sha256, file_sha256, decided_by, actor_kind, event_id
)
VALUES ('watering', '{model}', repeat('c', 64), '{model}', 'panel:token', 'person',
    gen_random_uuid())
"""


def approve(url: str, model_sha256: str) -> None:
    """Approve a model past the gate."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(ANOTHER_APPROVED.format(model=model_sha256).encode())


def asked(url: str) -> str | None:
    """Run a night; return the digest of the model that was asked."""
    nightly.run(url, for_day=DAY, now=six())
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT model ->> 'sha256' FROM night_runs").fetchone()
    assert row is not None
    digest: str | None = row[0]
    return digest


def test_before_any_approval_the_run_names_the_models_digest(city_with_weather: str) -> None:
    shipped = newest("watering")
    assert shipped is not None
    assert asked(city_with_weather) == shipped.model_sha256


def test_a_model_that_people_did_not_choose_is_not_asked(city_with_weather: str) -> None:
    approve(city_with_weather, "e" * 64)
    assert asked(city_with_weather) is None


def test_the_approved_model_is_asked(city_with_weather: str) -> None:
    shipped = newest("watering")
    assert shipped is not None
    approve(city_with_weather, shipped.model_sha256)
    assert asked(city_with_weather) == shipped.model_sha256
