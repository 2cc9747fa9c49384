"""The auditor's page names every command there is."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

import stadtwart_audit
from gis.postgis.audit import __main__ as operator

PAGE = Path(__file__).parents[3] / "docs" / "auditor.md"


@pytest.mark.parametrize(
    "parser", [stadtwart_audit._parser(), operator._parser()], ids=["auditor", "operator"]
)
def test_each_command_is_on_the_auditors_page(parser: argparse.ArgumentParser) -> None:
    (commands,) = [one for one in parser._actions if isinstance(one.choices, dict)]
    text = PAGE.read_text()
    for name in commands.choices or ():
        assert name in text, name
