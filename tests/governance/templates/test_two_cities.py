"""Two cities' papers: complete, each about its own city, in forms an office can open."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import odfdo
import pypdf
import pytest

from api.document_files import odt_from, pdf_from
from api.template_command import main, tables_of, texts
from governance.templates import fill

ROOT = Path(__file__).parents[3]
CITIES = {name: ROOT / "datasets" / name.lower() for name in ("Musterstadt", "Kleinau")}
DAY = date(2026, 11, 22)
PAPERS = {
    "leitlinie",
    "registereintrag",
    "modellkarte",
    "datenschutz-folgenabschaetzung",
    "einstufung-ki-verordnung",
    "verarbeitungsverzeichnis",
    "dienstvereinbarung",
    "datenschutzhinweis",
    "fahrzeugaufkleber",
    "ausschussbericht",
    "lernpfad-fahren",
    "lernpfad-pruefen",
    "lernpfad-gaertnern",
    "lernpfad-pruefung-und-rat",
    "lernpfad-verwalten",
}


@pytest.fixture(scope="module")
def papers() -> dict[str, dict[str, str]]:
    """All papers of both cities."""
    return {city: texts(folder, None, on=DAY) for city, folder in CITIES.items()}


def told(folder: Path) -> Iterator[str]:
    """Every text a city states about itself that is long enough to be its own."""
    for table in tables_of(folder).values():
        yield from (one for one in table.values() if isinstance(one, str) and len(one) > 3)


def test_each_paper_of_the_list_exists() -> None:
    assert {name.split("-", 1)[1] for name in fill.names()} == PAPERS


@pytest.mark.parametrize("city", CITIES)
def test_no_placeholder_is_left(papers: dict[str, dict[str, str]], city: str) -> None:
    for name, text in papers[city].items():
        assert not re.search(r"[{}]|TODO|XXX|___|\bNone\b|\bnan\b", text), name
        assert len(text) > 500, name
        assert text.startswith("# "), name


@pytest.mark.parametrize(("own", "other"), [("Musterstadt", "Kleinau"), ("Kleinau", "Musterstadt")])
def test_no_city_stands_in_the_other_ones_papers(
    papers: dict[str, dict[str, str]], own: str, other: str
) -> None:
    shared = set(told(CITIES[own]))
    foreign = {one for one in told(CITIES[other]) if one not in shared and " " in one} | {
        other,
        other.lower(),
    }
    for name, text in papers[own].items():
        assert [one for one in foreign if one in text] == [], name
        assert own in text, name


def test_the_law_of_the_land_stands_in_the_papers(papers: dict[str, dict[str, str]]) -> None:
    for city, act in (("Musterstadt", "DSAG LSA"), ("Kleinau", "HDSIG")):
        assert act in papers[city]["04-datenschutz-folgenabschaetzung"]
        assert "Art. 35 Abs. 7" in papers[city]["04-datenschutz-folgenabschaetzung"]
        assert "Verordnung (EU) 2024/1689" in papers[city]["05-einstufung-ki-verordnung"]


def test_every_field_a_city_states_is_asked_for_somewhere_or_serves_a_report() -> None:
    asked = {pair for name in fill.names() for pair in fill.fields_of(name)}
    for table, fields in tables_of(CITIES["Musterstadt"]).items():
        if table in ("city", "energy", "benefit", "law"):
            continue  # [law] differs by Land: not every paper cites every act
        for field, value in fields.items():
            if field.endswith("_days"):
                continue  # periods that the retention run reads
            assert value is None or (table, field) in asked, f"[{table}] {field}"


def test_names_from_the_profile_stand_where_german_needs_no_other_case(
    papers: dict[str, dict[str, str]],
) -> None:
    """The profile states names in the nominative, without article: no sentence may bend them."""
    for city, folder in CITIES.items():
        tables = tables_of(folder)
        names = {
            str(tables[table][field])
            for table, field in (
                ("workforce", "council"),
                ("workforce", "law"),
                ("administration", "committee"),
                ("administration", "audit_office"),
                ("data_protection", "land_act"),
                ("law", "municipal_act"),
            )
        }
        bent = re.compile(
            rf"\b(der|die|das|dem|den|des|durch|von|mit|nach) ({'|'.join(map(re.escape, names))})"
        )
        for name, text in papers[city].items():
            assert bent.search(text) is None, name


def test_what_the_profile_lacks_is_named_with_table_field_and_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = (CITIES["Kleinau"] / "city.toml").read_text(encoding="utf-8")
    (tmp_path / "city.toml").write_text(whole.replace("picture_days = 60\n", "", 1))
    out = tmp_path / "out"
    assert main(["render", "--city", str(tmp_path), "--out", str(out), "--format", "md"]) == 5
    said = capsys.readouterr().err
    assert "[data_protection] picture_days" in said
    assert "city.toml" in said
    assert not out.exists(), "nothing is written before everything is complete"


def test_a_mistyped_field_is_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = (CITIES["Kleinau"] / "city.toml").read_text(encoding="utf-8")
    (tmp_path / "city.toml").write_text(whole.replace("picture_days", "pictures_days", 1))
    assert main(["render", "--city", str(tmp_path), "--out", str(tmp_path / "out")]) == 5
    assert "pictures_days" in capsys.readouterr().err


def test_a_city_that_keeps_tracks_says_so(tmp_path: Path) -> None:
    whole = (CITIES["Kleinau"] / "city.toml").read_text(encoding="utf-8")
    (tmp_path / "city.toml").write_text(whole.replace("track_kept = false", "track_kept = true"))
    names = ["04-datenschutz-folgenabschaetzung", "07-dienstvereinbarung"]
    for text in texts(tmp_path, names, on=DAY).values():
        assert "verworfen; keine Meldung" not in text
        assert "aufbewahrt" in text or "Zugriff nur nach § 5" in text


def test_the_office_can_edit_and_print_each_paper(papers: dict[str, dict[str, str]]) -> None:
    text = papers["Musterstadt"]["07-dienstvereinbarung"]
    title = fill.title_of(text)
    edited = odfdo.Document(io.BytesIO(odt_from(text, title=title)))
    headings = [one.text_recursive for one in edited.body.headers]
    assert headings[0] == title
    assert "§ 5 Verwertungsverbot und Ausnahmen" in headings
    table = edited.body.tables[0]
    assert table.get_cell((0, 1)).text_recursive.strip() == "Dienststelle"
    assert "Dienststelle und Personalvertretung vereinbaren:" in edited.body.text_recursive
    printed = pypdf.PdfReader(io.BytesIO(pdf_from(text, title=title, footer=title)))
    assert printed.metadata is not None
    assert printed.metadata.title == title
    words = " ".join(page.extract_text() for page in printed.pages).replace("\u00ad", "")
    assert "Verwertungsverbot" in words


@pytest.mark.parametrize("city", CITIES)
def test_every_paper_can_be_edited(papers: dict[str, dict[str, str]], city: str) -> None:
    for name, text in papers[city].items():
        edited = odfdo.Document(io.BytesIO(odt_from(text, title=fill.title_of(text))))
        assert edited.body.headers[0].text_recursive == fill.title_of(text), name
