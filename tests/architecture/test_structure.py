"""The structure the newcomer relies on: folders, docstrings, collected tests, a host-free lock."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("contracts", "governance", "gis", "vision", "irrigation", "edge", "api")


def tracked(pattern: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", pattern], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split("\n")
    return [ROOT / name for name in listed if name]


def test_the_folders_of_the_design_are_there() -> None:
    for name in (*PACKAGES, "datasets", "tests", "docs"):
        assert (ROOT / name).is_dir(), name
    assert not (ROOT / "datasets/__init__.py").exists(), "datasets is nothing to import"


@pytest.mark.parametrize("package", PACKAGES)
def test_an_init_file_holds_one_docstring_and_nothing_else(package: str) -> None:
    for path in (ROOT / package).rglob("__init__.py"):
        if "node_modules" in path.parts:
            continue
        body = ast.parse(path.read_text()).body
        assert len(body) == 1, path
        assert isinstance(body[0], ast.Expr), path


def test_every_written_test_is_collected() -> None:
    """A test that the runner never finds is worse than none."""
    written = 0
    for path in tracked("tests/*.py"):
        tree = ast.parse(path.read_text())
        written += sum(
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.name.startswith("test_")
            for node in ast.walk(tree)
        )
        if any(
            isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
            for node in tree.body
        ):
            assert path.name.startswith("test_"), f"{path} holds tests but is not collected"
    assert written > 50


def test_the_lock_is_hashed_and_names_no_host() -> None:
    text = (ROOT / "requirements.lock").read_text()
    assert "--hash=sha256:" in text
    assert not re.search(r"https?://|--index|--find-links", text)


def test_the_npm_lock_records_no_address() -> None:
    text = (ROOT / "api/web/package-lock.json").read_text()
    assert not re.search(r'https?://|"resolved"', text)
    assert '"integrity"' in text


def test_each_verb_of_the_command_can_be_loaded() -> None:
    import importlib

    import stadtwart

    for module, _, _ in stadtwart.VERBS.values():
        assert callable(importlib.import_module(module).main), module


def test_each_verb_is_documented() -> None:
    import stadtwart

    pages = "".join(
        path.read_text() for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    )
    for verb in stadtwart.VERBS:
        assert f"stadtwart {verb}" in pages or f"start {verb}" in pages, verb
