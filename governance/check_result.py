"""What a check of the guideline found: pass, fail or unknown, with evidence in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Status(Enum):
    """The result of one check."""

    PASS = "pass"  # noqa: S105  it held
    FAIL = "fail"  # it did not
    UNKNOWN = "unknown"  # nobody could look; counts as failed where the rule guards something


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence an auditor can follow; `link` leads to where it can be seen."""

    de: str
    en: str
    is_fault: bool = False
    link: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as stored and shown."""
        return {"de": self.de, "en": self.en, "is_fault": self.is_fault, "link": self.link}


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The status of a rule with its evidence, faults first."""

    status: Status
    evidence: tuple[Evidence, ...]


def fine(de: str, en: str, link: str | None = None) -> Evidence:
    """Evidence that speaks for the rule."""
    return Evidence(de, en, link=link)


def fault(de: str, en: str, link: str | None = None) -> Evidence:
    """Evidence that the rule does not hold."""
    return Evidence(de, en, is_fault=True, link=link)


def judged(evidence: Sequence[Evidence]) -> CheckResult:
    """Fail with one fault, pass without; nothing looked at is unknown."""
    ordered = tuple(sorted(evidence, key=lambda one: not one.is_fault))
    if not ordered:
        return CheckResult(Status.UNKNOWN, ())
    return CheckResult(Status.FAIL if ordered[0].is_fault else Status.PASS, ordered)
