"""What a machine made says so, at every address and in every format; nothing new slips through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pyogrio
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from api.app import PREFIX, create_app
from api.settings import Settings
from api.tokens import ROLES
from contracts.ai_label import AiLabel, flat, in_words
from tests.api.label_routes import AREAS, LABELLED, UNLABELLED
from tests.api.test_desk import decide, given_damages
from tests.api.test_tiles import tile_of
from tests.messages import MODEL
from tests.serving import CityServer
from tests.small_city import CENTRE

# fields that only a machine fills; an object that has one is AI-made
MARKS = {"confidence", "damage_class", "rew", "litres_needed", "litres_interval", "urgency"}
# what a truck sends, and a sighting inside its labelled damage
NOT_ANSWERS = {"SightingOfDamage"}
FLAT = {"ai_version", "ai_system", "ai_model_sha256", "ai_made_at", "ai_confidence"} | {
    "ai_human_status",
    "ai_simulated",
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The service's own description of all its addresses."""
    tokens = {role: f"test-token-of-the-role-{role}-0123456789" for role in ROLES}
    app: FastAPI = create_app(Settings(port=0), database_url="postgresql:///none", tokens=tokens)
    return app.openapi()


def routes(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each method and address under the prefix, with its description."""
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            yield f"{method.upper()} {path.removeprefix(PREFIX)}", told


def is_declared(route: str) -> bool:
    """Say whether somebody has decided about this route."""
    path = route.split(" ", 1)[1]
    in_area = any(re.match(rf"{area}(/|\.|$)", path) for area in AREAS)
    return route in LABELLED or route in UNLABELLED or in_area


def answers(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each JSON schema of a route's good answers."""
    for code, answer in told["responses"].items():
        if code.startswith("2"):
            for kind, content in answer.get("content", {}).items():
                if kind.startswith("application/") and "json" in kind:
                    yield content.get("schema", {})


def bare_marks(
    schema: Any, document: dict[str, Any], seen: frozenset[str] = frozenset()
) -> Iterator[str]:
    """Yield each AI mark below a schema that no label covers."""
    if not isinstance(schema, dict):
        return
    if reference := schema.get("$ref"):
        name = reference.rsplit("/", 1)[1]
        if name not in seen | NOT_ANSWERS | {"AiLabel"}:
            yield from bare_marks(document["components"]["schemas"][name], document, seen | {name})
        return
    own = schema.get("properties", {})
    if "ai_label" in own:
        return  # it speaks for what lies inside
    for name, inner in own.items():
        if name in MARKS:
            yield f"{schema.get('title', '?')}.{name}"
        yield from bare_marks(inner, document, seen)
    for key in ("items", "additionalProperties"):
        yield from bare_marks(schema.get(key), document, seen)
    for key in ("anyOf", "oneOf", "allOf"):
        for inner in schema.get(key, []):
            yield from bare_marks(inner, document, seen)


def has_label(schema: Any, document: dict[str, Any], seen: frozenset[str] = frozenset()) -> bool:
    """Say whether a label stands anywhere below a schema."""
    if not isinstance(schema, dict):
        return False
    if reference := schema.get("$ref"):
        name = reference.rsplit("/", 1)[1]
        return name not in seen and has_label(
            document["components"]["schemas"][name], document, seen | {name}
        )
    own = schema.get("properties", {})
    inner = [*own.values(), schema.get("items"), schema.get("additionalProperties")]
    inner += [one for key in ("anyOf", "oneOf", "allOf") for one in schema.get(key, [])]
    return "ai_label" in own or any(has_label(one, document, seen) for one in inner)


def test_each_address_is_declared_labelled_or_not(document: dict[str, Any]) -> None:
    undeclared = [route for route, _ in routes(document) if not is_declared(route)]
    assert undeclared == [], "add a line to tests/api/label_routes.py"
    assert LABELLED.isdisjoint(UNLABELLED)


def test_no_answer_holds_a_machines_claim_without_its_label(document: dict[str, Any]) -> None:
    bare = {
        route: found
        for route, told in routes(document)
        if (found := [one for schema in answers(told) for one in bare_marks(schema, document)])
    }
    assert bare == {}


def test_each_labelled_json_answer_promises_the_label(document: dict[str, Any]) -> None:
    silent = [
        route
        for route, told in routes(document)
        if route in LABELLED
        and (schemas := list(answers(told)))
        and not any(has_label(schema, document) for schema in schemas)
    ]
    assert silent == []


def test_the_search_would_find_a_claim_without_label() -> None:
    told = {"components": {"schemas": {"A": {"title": "A", "properties": {"urgency": {}}}}}}
    assert list(bare_marks({"items": {"$ref": "#/components/schemas/A"}}, told)) == ["A.urgency"]
    labelled: dict[str, Any] = {"properties": {"ai_label": {}, "urgency": {}}}
    assert list(bare_marks(labelled, told)) == []


def labels_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every label in a JSON answer."""
    if isinstance(value, dict):
        if "ai_label" in value:
            yield value["ai_label"]
        for inner in value.values():
            yield from labels_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from labels_in(inner)


def test_every_damage_says_who_claims_it_and_whether_a_person_looked(city: CityServer) -> None:
    first, second, _ = given_damages(city, 3)
    with city.client("road") as road:
        decide(road, first, "confirmed")
        decide(road, second, "not a damage")
        answers = [road.get("/damages").json(), road.get(f"/damages/{first}").json()]
    found = [one for answer in answers for one in labels_in(answer)]
    read = [msgspec.convert(one, AiLabel) for one in found]
    assert len(read) == 4
    assert {one.model_sha256 for one in read} == {MODEL}
    assert {one.human_status for one in read} == {"confirmed", "not a damage", "not reviewed"}


def test_every_damage_on_the_map_carries_the_same_label_as_in_the_list(
    city: CityServer, tmp_path: Path
) -> None:
    first, second, third = given_damages(city, 3)
    with city.client("road") as road:
        decide(road, first, "confirmed")
        decide(road, second, "unsure")
        listed = {one["damage_id"]: one["ai_label"] for one in road.get("/damages").json()["items"]}
        tile = road.get(f"/tiles/damages/{tile_of(*CENTRE, 14)}")
    file = tmp_path / "tile.mvt"
    file.write_bytes(tile.content)
    drawn = pyogrio.read_dataframe(file, layer="damages").set_index("damage_id")
    assert set(drawn.index) == {first, second, third}
    for damage_id, label in listed.items():
        told = flat(label)
        for name in FLAT - {"ai_made_at"}:
            assert drawn.loc[damage_id, name] == told[name], name
        assert str(drawn.loc[damage_id, "ai_made_at"])[:19] == told["ai_made_at"][:19]


@given(
    st.builds(
        dict,
        version=st.just(1),
        system=st.text(min_size=1, max_size=20),
        confidence=st.floats(0, 1),
        human_status=st.sampled_from(["not reviewed", "confirmed"]),
    )
)
def test_a_label_loses_nothing_when_it_is_laid_flat(label: dict[str, Any]) -> None:
    assert {name.removeprefix("ai_"): value for name, value in flat(label).items()} == label
    assert all(f"ai_{name}={value}" in in_words(label) for name, value in label.items())
