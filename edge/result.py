"""What a command says at its end: lines for a person, or JSON for a program."""

from __future__ import annotations

import json
import sys


def print_result(result: dict[str, object], as_json: bool) -> None:
    """Print a result, one fact a line."""
    if as_json:
        sys.stdout.write(json.dumps(result) + "\n")
        return
    for name, value in result.items():
        shown = json.dumps(value) if isinstance(value, dict | list) else value
        sys.stdout.write(f"{name}: {shown}\n")
