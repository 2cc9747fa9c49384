"""Pieces that several messages of the desk share: bounded texts and numbers."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

LARGEST_ID = 2**63 - 1  # PostgreSQL's bigint
NO_CONTROL = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"  # line breaks and tabs are fine

Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
ShortText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100, pattern=NO_CONTROL, strip_whitespace=True),
]
Title = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=NO_CONTROL, strip_whitespace=True),
]
Reason = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500, pattern=NO_CONTROL, strip_whitespace=True),
]
Note = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2000, pattern=NO_CONTROL, strip_whitespace=True),
]
LongText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=4000, pattern=NO_CONTROL, strip_whitespace=True),
]


class Sent(BaseModel):
    """What a person sends: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Shown(BaseModel):
    """What a person gets to see."""

    model_config = ConfigDict(extra="forbid")
