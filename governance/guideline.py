"""The AI guideline as values: numbered rules, each with the check that holds it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from governance.schema import require_valid

HERE = Path(__file__).parent
SHIPPED = HERE / "guideline.json"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `check` names a callable as `package.module:function`."""

    number: int
    rule_id: str
    title: Mapping[str, str]  # de, en
    text: Mapping[str, str]
    is_hard: bool  # a failed hard rule stops what it guards
    guards: tuple[str, ...]  # "activation", "publication"
    check: str
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guideline:
    """The rules of one version, with the sha256 of the file they stand in."""

    version: str
    sha256: str
    title: Mapping[str, str]
    rules: tuple[Rule, ...]

    def rule(self, rule_id: str) -> Rule | None:
        """Return a rule by its id."""
        return next((rule for rule in self.rules if rule.rule_id == rule_id), None)


def read_guideline(file: Path = SHIPPED) -> Guideline:
    """Read the guideline.

    Raises SchemaError for a file that does not fit its schema, or numbers that do not count up.
    """
    raw = file.read_bytes()
    content: dict[str, Any] = json.loads(raw)
    require_valid(content, "guideline", what=file.name)
    rules = tuple(
        Rule(**(one | {"guards": tuple(one["guards"]), "tests": tuple(one["tests"])}))
        for one in content["rules"]
    )
    if [rule.number for rule in rules] != list(range(1, len(rules) + 1)):
        raise ValueError(f"{file.name}: rules are numbered 1, 2, 3, … without a gap")
    return Guideline(content["version"], sha256(raw).hexdigest(), content["title"], rules)
