"""The OpenAPI document is whole: every message, every problem, every reference."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest

from api.app import create_app
from api.problems import MEDIA_TYPE
from api.settings import Settings
from tests.messages import batch

DOCUMENT: dict[str, Any] = create_app(Settings(), database_url="", tokens={}).openapi()
ROUTES = [
    (method, path, route)
    for path, methods in DOCUMENT["paths"].items()
    for method, route in methods.items()
]
NAMES = [f"{method} {path}" for method, path, _ in ROUTES]
NO_PROBLEMS = ("/api/v1/health", "/api/v1/oidc/callback")  # the latter answers with pages


@pytest.mark.parametrize(("path", "route"), [(path, route) for _, path, route in ROUTES], ids=NAMES)
def test_every_route_documents_its_problems(path: str, route: dict[str, Any]) -> None:
    answers = route["responses"]
    expected = set()
    if route.get("x-roles"):
        expected |= {"401", "403"}
    if "requestBody" in route:
        expected |= {"413", "422"}
    if route.get("parameters"):
        expected |= {"422"}
    expected |= {"503"}
    assert expected <= set(answers)
    for status, answer in answers.items():
        if int(status) >= 400 and path not in NO_PROBLEMS:
            assert list(answer["content"]) == [MEDIA_TYPE], status


def test_every_reference_leads_somewhere() -> None:
    wanted = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(DOCUMENT)))
    assert wanted <= set(DOCUMENT["components"]["schemas"])


def test_the_described_batch_is_the_batch_the_city_takes() -> None:
    schema = {
        "$ref": "#/components/schemas/Batch",
        "components": DOCUMENT["components"],
    }
    jsonschema.validate(batch(), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(batch(device_id="Not a device"), schema)
    body = DOCUMENT["paths"]["/api/v1/batches"]["post"]["requestBody"]
    assert body["content"]["application/json"]["schema"]["$ref"].endswith("/Batch")
