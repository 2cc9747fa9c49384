"""Every law that a paper cites was written down with its source; what nobody read says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from api.template_command import texts
from governance.citations import Cited, appendix, cited, lookup, table
from governance.templates import fill

ROOT = Path(__file__).parents[3]
CITIES = [ROOT / "datasets" / name for name in ("musterstadt", "kleinau")]
PUBLIC = [*(ROOT / "governance/register").glob("*.json"), ROOT / "governance/guideline.json"]


@pytest.fixture(scope="module")
def papers() -> dict[tuple[str, str], str]:
    """All papers of both cities, by city and name."""
    return {
        (city.name, name): text
        for city in CITIES
        for name, text in texts(city, None, on=date(2026, 11, 22)).items()
    }


def test_every_citation_in_a_paper_or_template_stands_in_the_table(
    papers: dict[tuple[str, str], str],
) -> None:
    unknown = {
        (*where, one)
        for where, text in papers.items()
        for one in cited(text.split("## Zitierte")[0], where[1])
        if lookup(one) is None
    }
    for name in fill.names():
        source = (fill.FOLDER / f"{name}.md").read_text(encoding="utf-8")
        unknown |= {("template", name, one) for one in cited(source, name) if not lookup(one)}
    assert unknown == set(), "read the law, then write it into governance/citations.toml"


def test_what_the_public_register_cites_stands_in_the_table_too() -> None:
    german = {
        one
        for file in PUBLIC
        for line in file.read_text(encoding="utf-8").splitlines()
        if '"de"' in line or '"title"' in line
        for one in cited(line, "05-einstufung-ki-verordnung")
    }
    assert german
    assert [one for one in german if lookup(one) is None] == []


def test_a_citation_is_read_as_people_write_it() -> None:
    assert cited("nach Art. 6 Abs. 1 Buchst. e, Abs. 3 DSGVO und § 9 StrG LSA") == [
        Cited("DSGVO", "Art. 6"),
        Cited("StrG LSA", "§ 9"),
    ]
    assert cited("die Rechte aus Art. 15 bis 17 DSGVO (Art. 4 der Verordnung (EU) 2024/1689)") == [
        Cited("DSGVO", "Art. 15"),
        Cited("DSGVO", "Art. 16"),
        Cited("DSGVO", "Art. 17"),
        Cited("KI-VO", "Art. 4"),
    ]
    assert cited("§§ 9, 10 StrG LSA") == [Cited("StrG LSA", "§ 9"), Cited("StrG LSA", "§ 10")]
    assert cited("Anhang III Nr. 2?", "05-einstufung-ki-verordnung") == [
        Cited("KI-VO", "Anhang III")
    ]
    assert cited("siehe § 3", "07-dienstvereinbarung") == [], "the agreement's own paragraphs"
    assert lookup(Cited("KI-VO", "Art. 999")) is None


def test_papers_end_with_what_they_cite_and_say_what_nobody_has_read(
    papers: dict[tuple[str, str], str],
) -> None:
    text = papers["musterstadt", "04-datenschutz-folgenabschaetzung"]
    body, listed = text.split("## Zitierte Vorschriften")
    rows = [line for line in listed.splitlines() if line.startswith("| ")][1:]
    assert len(rows) == len(cited(body, "04-datenschutz-folgenabschaetzung"))
    (unread,) = [row for row in rows if "§ 4 DSAG LSA" in row]
    assert unread.endswith("nicht nachgelesen: zu bestätigen |")
    (read,) = [row for row in rows if row.startswith("| Art. 35 DSGVO")]
    assert read.endswith("| nachgelesen |")
    assert appendix(body, "09-fahrzeugaufkleber") == "", "a sticker has no room for it"
    assert "§ 823 BGB" in papers["kleinau", "01-leitlinie"], "in Hesse the civil code counts"


def test_the_table_says_of_each_entry_what_it_says_and_where_it_was_read() -> None:
    for one in table():
        assert len(one.says) > 10, one
        assert len(one.source) > 10, one
        assert one.read is not ("nicht nachgelesen" in one.source), one
    assert len({(one.law, one.place) for one in table()}) == len(table())
