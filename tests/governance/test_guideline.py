"""The guideline is complete: each rule names a check that exists and a test that exists."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from gis.postgis.governance.guideline_run import check_of
from governance.guideline import Rule, read_guideline
from governance.schema import SchemaError, schema

ROOT = Path(__file__).parents[2]
RULES = read_guideline().rules


def test_the_guideline_says_what_the_councils_asked_for() -> None:
    assert [rule.rule_id for rule in RULES] == [
        "human-last",
        "labelled",
        "privacy-on-device",
        "no-profile",
        "logged",
        "approved-card",
        "retention",
        "fair-coverage",
        "energy",
        "fallback",
        "incident-stop",
        "drift-watched",
        "masking-checked",
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule_id)
def test_every_rule_names_a_check_and_a_test_that_exist(rule: Rule) -> None:
    assert callable(check_of(rule))
    for test in rule.tests:
        file, name = test.split("::")
        body = ast.parse((ROOT / file).read_text(encoding="utf-8")).body
        assert name in {one.name for one in body if isinstance(one, ast.FunctionDef)}, test


def test_a_hard_rule_that_guards_nothing_is_refused(tmp_path: Path) -> None:
    content = json.loads((ROOT / "governance/guideline.json").read_text(encoding="utf-8"))
    content["rules"][0]["guards"] = []
    file = tmp_path / "guideline.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(SchemaError, match="rules/0/guards"):
        read_guideline(file)


@pytest.mark.parametrize("name", ["guideline", "register_record", "register_publishable"])
def test_our_schemas_are_json_schema_2020_12_with_german_titles(name: str) -> None:
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(schema(name))
    assert schema(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema(name)["title"]
