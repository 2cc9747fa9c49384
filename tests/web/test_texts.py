"""German and English are complete, and nothing on the page is said without a text."""

from __future__ import annotations

import json
import re
from pathlib import Path

import api.web

WEB = Path(api.web.__file__).parent
SOURCES = [
    *sorted((WEB / "static").glob("*.js")),
    *sorted((WEB / "static/phone").glob("*.js")),
    *sorted((WEB / "templates").glob("*.html")),
]
KEY = r"[a-z_]+\.(?!html)[a-z_.]+"
# `t("a.b")`, `known("a.b", …)`, `say("a.b")`, `label("title", "a.b")`, or any quoted key of a table
PLAIN = re.compile(rf"[\"']({KEY})[\"']")
COUNTED = re.compile(rf"count\(\s*\"({KEY})\"")
COMPUTED = re.compile(r"`([a-z_]+\.)\$\{")


def texts(language: str) -> dict[str, str]:
    """Load one language as the page does."""
    loaded: dict[str, str] = json.loads((WEB / f"static/i18n/{language}.json").read_text())
    return loaded


def source_text() -> str:
    """Return all modules and templates as one text."""
    return "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)


def keys_named(source: str) -> set[str]:
    """Return every key a source names outright, counted ones as their two forms."""
    counted = set(COUNTED.findall(source))
    groups = {key.split(".")[0] for key in texts("de")}
    plain = {key for key in PLAIN.findall(source) if key.split(".")[0] in groups} - counted
    return plain | {f"{key}.{form}" for key in counted for form in ("one", "other")}


def test_both_languages_say_the_same_things() -> None:
    assert list(texts("de")) == list(texts("en"))


def test_no_text_is_empty_or_left_in_the_other_language() -> None:
    german, english = texts("de"), texts("en")
    assert all(text.strip() for text in (*german.values(), *english.values()))
    same = {key for key in german if german[key] == english[key]}
    assert same <= {"order_state.open"} | {key for key in same if len(german[key]) <= 12}


def test_placeholders_are_the_same_in_both_languages() -> None:
    german, english = texts("de"), texts("en")
    for key in german:
        assert _placeholders(german[key]) == _placeholders(english[key]), key


def test_every_text_the_page_asks_for_exists() -> None:
    assert keys_named(source_text()) - set(texts("de")) == set()


def test_every_text_that_exists_is_asked_for() -> None:
    source = source_text()
    computed = tuple(COMPUTED.findall(source))
    unused = set(texts("de")) - keys_named(source)
    assert {key for key in unused if not key.startswith(computed)} == set()


def test_every_computed_text_has_its_group() -> None:
    for group in set(COMPUTED.findall(source_text())):
        assert any(key.startswith(group) for key in texts("de")), group


def test_the_key_finder_would_notice_a_missing_text() -> None:
    assert keys_named('t("list.nowhere")') == {"list.nowhere"}
    assert keys_named('count("list.moons", 2)') == {"list.moons.one", "list.moons.other"}


def test_no_text_reaches_the_page_as_markup() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|\son\w+=\""
    )
    for path in SOURCES:
        assert not forbidden.search(path.read_text(encoding="utf-8")), path.name


def test_no_source_of_the_page_names_another_host() -> None:
    for path in [*SOURCES, *(WEB / "static").glob("*.css")]:
        hosts = set(re.findall(r"https?://([^/\"'\s]+)", path.read_text(encoding="utf-8")))
        assert hosts <= {"www.w3.org"}, path.name  # the name space of SVG, never fetched


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))
