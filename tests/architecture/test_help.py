"""Help names the command as the user typed it, for every verb and the verbs below it."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from stadtwart import VERBS

CHOICES = re.compile(r"\{([a-z][a-z0-9,-]*)\}")


def usage_of(verb: str, *below: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The usage that `stadtwart VERB [VERB] --help` prints, as one line."""
    module, first, _ = VERBS[verb]
    with pytest.raises(SystemExit) as ended:
        importlib.import_module(module).main([*first, *below, "--help"])
    assert ended.value.code == 0, (verb, below)
    printed = capsys.readouterr().out
    return " ".join(printed.split("\n\n")[0].split())


@pytest.mark.parametrize("verb", VERBS)
def test_help_begins_with_what_was_typed(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    usage = usage_of(verb, capsys=capsys)
    assert usage.startswith(f"usage: stadtwart {verb} "), usage
    positional = re.sub(r"\[[^\]]*\]", "", usage)
    for below in {one for found in CHOICES.findall(positional) for one in found.split(",")}:
        line = usage_of(verb, below, capsys=capsys)
        assert line.startswith(f"usage: stadtwart {verb} {below} "), line


def test_every_command_that_a_message_or_a_page_names_exists() -> None:
    root = Path(__file__).parents[2]
    folders = ("api", "docs", "edge", "gis", "governance", "irrigation", "vision")
    pages = [root / "README.md"]
    pages += [
        p for name in folders for kind in ("py", "md") for p in (root / name).rglob(f"*.{kind}")
    ]
    named = {
        (verb, page.relative_to(root).as_posix())
        for page in pages
        if "node_modules" not in page.parts
        for verb in re.findall(r"`stadtwart ([a-z]+)\b", page.read_text(encoding="utf-8"))
    }
    assert len(named) > 50
    assert {(verb, page) for verb, page in named if verb not in VERBS} == set()
