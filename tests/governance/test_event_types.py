"""The log takes listed events with listed fields; names, places and sentences find no field."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import Any

import pytest

from governance import event_fields
from governance.audit_event import Actor, Subject, event
from governance.event_fields import CHECKPOINT, Field, many, or_none
from governance.event_types import TYPES, NotLoggedError
from tests.governance.log.bundles import KEY, event_bodies, signed

ROOT = Path(__file__).parents[2]
DESK = Actor("person", "road:token")
DAMAGE = Subject("damage", "7")
PERSONAL: list[Any] = [
    "Erika Mustermann",
    "Erika Mustermann sah ein Loch",
    "HAL-AB 123",
    "51.4800, 11.9651",
    "Große Ulrichstraße 5",
    "a shadow",
    0.5,
    {"name": "Erika"},
]


def test_an_event_nobody_listed_is_refused_by_name() -> None:
    with pytest.raises(NotLoggedError, match=r"'verdict\.guessed'.*event_types\.py"):
        event("verdict.guessed", actor=DESK, subject=DAMAGE)


def test_a_field_nobody_listed_is_refused_by_name() -> None:
    with pytest.raises(NotLoggedError, match="'reason' is not listed: verdict_id, verdict"):
        event("verdict.given", actor=DESK, subject=DAMAGE, data={"reason": "a shadow"})


def test_a_value_of_another_form_is_refused_with_what_is_taken() -> None:
    with pytest.raises(NotLoggedError, match="verdict takes confirmed or not a damage"):
        event("verdict.given", actor=DESK, subject=DAMAGE, data={"verdict": "rather not"})
    with pytest.raises(NotLoggedError, match="subject 'person' '7' is not damage"):
        event("verdict.given", actor=DESK, subject=Subject("person", "7"))
    with pytest.raises(NotLoggedError, match="the model is named by a SHA-256"):
        event("verdict.given", actor=DESK, subject=DAMAGE, model="yolo, the good one")


@pytest.mark.parametrize("name", ["Erika Mustermann", "road:Erika", "erika@halle.de", ""])
def test_a_person_acts_under_a_reference_never_under_a_name(name: str) -> None:
    with pytest.raises(NotLoggedError, match="is no reference"):
        event("picture.opened", actor=Actor("person", name), subject=Subject("picture", "a1"))
    with pytest.raises(NotLoggedError, match="is not picture"):
        event("picture.opened", actor=DESK, subject=Subject("picture", f"of {name}"))


@pytest.mark.parametrize("value", PERSONAL, ids=str)
def test_no_listed_field_of_any_event_takes_a_name_a_place_or_a_sentence(value: Any) -> None:
    for kind, known in TYPES.items():
        for name, field in known.data.items():
            assert not field.fits(value), f"{kind}.{name}"
            assert not field.fits([value]), f"{kind}.{name}"


def test_each_form_takes_what_it_says() -> None:
    taken: dict[str, Any] = {
        "COUNT": 0,
        "WHOLE": -3,
        "TRUTH": False,
        "DECIMAL": "-0.25",
        "SHA256": "0f" * 32,
        "ID": "x12/3-b",
        "UUID_TEXT": "01a201c6-99d9-71a1-b7bf-5b72be4b544e",
        "VERSION": "1.4.2+cpu",
        "DAY": "2027-03-01",
        "INSTANT": "2027-03-01T08:00:00.25Z",
        "ORIGIN": KEY.name,
        "VKEY": str(KEY.verifier),
        "CHECKPOINT": signed(event_bodies(3)),
    }
    forms = dict(inspect.getmembers(event_fields, lambda one: isinstance(one, Field)))
    assert set(forms) == set(taken)
    for name, field in forms.items():
        assert field.fits(taken[name]), name
        assert not field.fits(None), name
        assert or_none(field).fits(None), name
        assert many(field).fits([]), name
    assert not event_fields.COUNT.fits(True)
    assert not event_fields.COUNT.fits(-1)
    assert not CHECKPOINT.fits(signed(event_bodies(3)) + "and a word\n")


def test_every_event_the_programs_write_is_listed() -> None:
    """Found in the source, so that a new event fails here and not before a citizen."""
    written: dict[str, Path] = {}
    for package in ("api", "gis", "governance", "irrigation", "vision", "edge"):
        for path in (ROOT / package).rglob("*.py"):
            if "node_modules" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "event":
                    kinds = [one.value for one in node.args if isinstance(one, ast.Constant)]
                    written |= dict.fromkeys(map(str, kinds), path)
    assert len(written) > 5
    missing = {kind: str(path) for kind, path in written.items() if kind not in TYPES}
    assert not missing
