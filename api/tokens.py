"""The roles, and their tokens: made at the first start, kept in one file only its owner may read.

Devices carry a token; people carry one in the demo only and log in as themselves in a real city.
"""

from __future__ import annotations

import json
import os
import secrets
from hmac import compare_digest
from pathlib import Path
from typing import Literal, get_args

Role = Literal["vehicle", "sensor", "road", "parks", "auditor", "panel", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
DEVICES: frozenset[Role] = frozenset({"vehicle", "sensor"})
PEOPLE: tuple[Role, ...] = tuple(role for role in ROLES if role not in DEVICES)
Tokens = dict[Role, str]
SHORTEST = 32  # characters; 43 are made


class TokensError(Exception):
    """The tokens file cannot be used; the message says why."""

    exit_code = 2


def ensure_tokens(file: Path) -> Tokens:
    """Return the tokens, making the file with mode 0600 where it is missing.

    A file of an older version gets tokens for the roles it lacks; what it has stays.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        _complete(file)
        return read_tokens(file)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(_written(_fresh()))
    return read_tokens(file)


def read_tokens(file: Path) -> Tokens:
    """Read the tokens; raise TokensError for a file others can read or with a role missing."""
    found = _load(file)
    if not isinstance(found, dict) or set(found) != set(ROLES):
        raise TokensError(f"{file} must name exactly the roles {', '.join(ROLES)}")
    if not all(isinstance(token, str) and len(token) >= SHORTEST for token in found.values()):
        raise TokensError(f"{file} has a token shorter than {SHORTEST} characters")
    if len(set(found.values())) != len(ROLES):
        raise TokensError(f"{file} has the same token for two roles")
    return {role: found[role] for role in ROLES}


def role_of(token: str, tokens: Tokens) -> Role | None:
    """Return the role a token stands for; takes as long for a near miss as for nonsense."""
    found: Role | None = None
    for role, known in tokens.items():
        if compare_digest(token.encode(), known.encode()):
            found = role
    return found


def load_tokens(folder: Path) -> dict[str, str]:
    """Read the tokens kept in a data folder, by role."""
    return {str(role): token for role, token in read_tokens(folder / "tokens.json").items()}


def _load(file: Path) -> object:
    try:
        if file.stat().st_mode & 0o077:
            raise TokensError(f"{file} can be read by others: chmod 600 {file}")
        return json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise TokensError(f"{file} is missing: `stadtwart serve` makes it") from error
    except ValueError as error:
        raise TokensError(f"{file} is not JSON: delete it and start again") from error


def _complete(file: Path) -> None:
    found = _load(file)
    if not isinstance(found, dict) or not found or not set(found) < set(ROLES):
        return  # whole already, or wrong in a way that reading will name
    beside = file.with_suffix(".new")
    beside.touch(mode=0o600)
    beside.write_text(_written(_fresh() | found), encoding="utf-8")
    beside.replace(file)


def _fresh() -> dict[str, str]:
    return {role: secrets.token_urlsafe(32) for role in ROLES}


def _written(tokens: dict[str, str]) -> str:
    return json.dumps(tokens, indent=2) + "\n"
