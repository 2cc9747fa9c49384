"""What a field of an audit event may hold: numbers, hashes, ids and fixed words, never free text.

A log that is never rewritten must never hold what somebody may ask to have erased. So a value is
known by its form: there is no kind "text" to reach for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

Value = str | int | bool | None | list[str]


@dataclass(frozen=True, slots=True)
class Field:
    """What a value must be; `says` completes the sentence "it takes …"."""

    says: str
    fits: Callable[[Value], bool]


def form(says: str, pattern: str, *, longest: int = 200) -> Field:
    """Take strings of one form."""
    matches = re.compile(pattern).fullmatch
    return Field(
        says,
        lambda value: isinstance(value, str) and len(value) <= longest and bool(matches(value)),
    )


def one_of(*words: str) -> Field:
    """Take fixed words."""
    known = frozenset(words)
    return Field(
        " or ".join(sorted(known)), lambda value: isinstance(value, str) and value in known
    )


def or_none(field: Field) -> Field:
    """Take what the field takes, or nothing."""
    return Field(f"{field.says}, or none", lambda value: value is None or field.fits(value))


def many(field: Field) -> Field:
    """Take a list of what the field takes."""
    return Field(
        f"a list of: {field.says}",
        lambda value: isinstance(value, list) and all(field.fits(one) for one in value),
    )


def is_whole(value: Value) -> bool:
    """Say whether the value is a whole number; a truth is none."""
    return isinstance(value, int) and not isinstance(value, bool)


COUNT = Field(
    "a whole number from 0 on",
    lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
)
WHOLE = Field("a whole number", is_whole)
TRUTH = Field("true or false", lambda value: isinstance(value, bool))
DECIMAL = form("a decimal number as text, like 12.5", r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", longest=40)
SHA256 = form("a SHA-256 in 64 hexadecimal digits", r"[0-9a-f]{64}")
# what a program made or a register numbers: no spaces, so no sentence; letters, so no plain place
ID = form("an id without spaces", r"[0-9A-Za-z][0-9A-Za-z._:/+@-]{0,127}")
UUID_TEXT = form("a UUID", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
VERSION = form("a version like 1.4.2", r"[0-9A-Za-z][0-9A-Za-z.+-]{0,63}")
DAY = form("a day like 2027-03-01", r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = form(
    "a time in UTC like 2027-03-01T08:00:00Z",
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z",
)
ORIGIN = form("a log's name", r"[^\s+]{1,200}")
VKEY = form("a public key name+id+key", r"[^\s+]{1,200}\+[0-9a-f]{8}\+[0-9A-Za-z+/=]{44,60}")
# the signed note as it was published: origin, size, root, signature lines
CHECKPOINT = form(
    "a signed checkpoint",
    r"[^\s+]+\n(0|[1-9][0-9]{0,18})\n[0-9A-Za-z+/]{43}=\n\n(— [^\s+]+ [0-9A-Za-z+/=]+\n){1,64}",
    longest=20_000,
)
