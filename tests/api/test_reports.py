"""The committee's report: from the city's records alone, honest when there is nothing to say."""

from __future__ import annotations

import io
from hashlib import sha256
from typing import Any

import httpx
import pypdf
import pytest

from governance.report.model import Report, read_report
from tests.api.test_desk import decide, given_damages, order
from tests.messages import batch, heartbeat, moved
from tests.serving import CityServer

PDF_TIMEOUT_S = 200  # a second or two alone, much more on a machine that does other things
YEAR = {"from_day": "2026-01-01", "until_day": "2026-12-31"}


def this_year(city: CityServer) -> dict[str, str]:
    """The interval around now, by the database's clock."""
    year = city.rows("SELECT extract(year FROM now())::int")[0][0]
    return {"from_day": f"{year}-01-01", "until_day": f"{year}-12-31"}


def made(client: httpx.Client, interval: dict[str, str]) -> tuple[Report, dict[str, Any], bytes]:
    """Make a report and read it back."""
    answer = client.post("/reports", json=interval)
    assert answer.status_code == 201, answer.text
    kept = answer.json()
    body = client.get(f"/reports/{kept['report_id']}").content
    return read_report(body), kept, body


def values(report: Report) -> dict[str, Any]:
    """All figures by key."""
    return {one.key: one.value for section in report.sections for one in section.figures}


def test_the_report_counts_what_trucks_sent_and_people_decided(city: CityServer) -> None:
    first, second, _third = given_damages(city, 3)
    with city.client("vehicle") as truck:
        assert truck.post("/heartbeats", json=heartbeat()).status_code < 300
    with city.client("road") as road:
        decide(road, first, "confirmed")
        decide(road, second, "not a damage")
        order(road, first)
        report, _, _ = made(road, this_year(city))
    found = values(report)
    assert (found["use.drives"], found["use.sightings"], found["use.damages"]) == (1, 3, 3)
    assert (found["decisions.given"], found["decisions.confirmed"]) == (2, 1)
    assert found["decisions.orders_created"] == 1
    assert found["waiting.still"] == 1
    wrong = report.figure("errors.dismissed")
    assert (wrong.value, wrong.n, wrong.standing) == (0.5, 2, "counted")
    assert wrong.low is not None
    assert wrong.high is not None
    assert wrong.low < 0.1
    assert wrong.high > 0.9


def test_an_empty_interval_gives_an_honest_report(city: CityServer) -> None:
    given_damages(city, 1)
    with city.client("auditor") as auditor:
        report, kept, _ = made(auditor, {"from_day": "2019-02-01", "until_day": "2019-02-28"})
        page = auditor.get(f"{city.url}/reports/{kept['report_id']}?lang=de").text
    found = values(report)
    assert (found["use.sightings"], found["decisions.given"], found["waiting.still"]) == (0, 0, 0)
    for key in ("errors.dismissed", "waiting.median", "decisions.override"):
        figure = report.figure(key)
        assert (figure.value, figure.standing) == (None, "no cases")
    assert "nichts eingegangen und nichts entschieden" in page


def test_a_district_nobody_drove_is_unknown_and_never_sound(city: CityServer) -> None:
    given_damages(city, 1)
    with city.client("auditor") as auditor:
        report, kept, _ = made(auditor, this_year(city))
        page = auditor.get(f"{city.url}/reports/{kept['report_id']}?lang=en").text
    table = report.table("coverage.districts")
    standing = [column.key for column in table.columns].index("column.knowledge")
    assert {row[standing] for row in table.rows} == {"unknown"}
    assert report.figure("coverage.share").value is None
    assert "never means" in page


def test_a_report_is_kept_word_for_word_and_its_digest_stands_in_the_log(
    city: CityServer,
) -> None:
    with city.client("auditor") as auditor:
        _, kept, body = made(auditor, YEAR)
        events = auditor.get("/audit/events", params={"subject_kind": "report"}).json()["items"]
        listed = auditor.get("/reports").json()["items"]
    assert kept["sha256"] == sha256(body).hexdigest()
    assert [(one["type"], one["data"]["sha256"]) for one in events] == [
        ("report.created", kept["sha256"])
    ]
    assert [one["sha256"] for one in listed] == [kept["sha256"]]
    with pytest.raises(Exception, match="append-only"):
        city.rows("DELETE FROM committee_report RETURNING 1")


def test_the_paper_says_what_the_page_says_and_can_be_read_aloud(city: CityServer) -> None:
    given_damages(city, 2)
    with city.client("auditor") as auditor:
        auditor.timeout = PDF_TIMEOUT_S
        _, kept, _ = made(auditor, this_year(city))
        german = auditor.get(f"/reports/{kept['report_id']}.pdf")
        again = auditor.get(f"/reports/{kept['report_id']}.pdf")
        page = auditor.get(f"{city.url}/reports/{kept['report_id']}?lang=de").text
    assert german.headers["content-type"] == "application/pdf"
    assert german.content == again.content
    paper = pypdf.PdfReader(io.BytesIO(german.content))
    root: Any = paper.trailer["/Root"]
    assert (root["/Lang"], bool(root["/MarkInfo"]["/Marked"])) == ("de", True)
    text = " ".join(one.extract_text() for one in paper.pages)
    for words in ("Kleinstadt", "Zeit bis zur Entscheidung", "Simuliert", "unbekannt"):
        assert words in text, words
        assert words in page, words
    assert kept["sha256"][:40] in text.replace("\n", "")


def test_both_languages_say_the_same_figures(city: CityServer) -> None:
    with city.client("auditor") as auditor:
        auditor.timeout = PDF_TIMEOUT_S
        _, kept, _ = made(auditor, YEAR)
        address = f"{city.url}/reports/{kept['report_id']}"
        english = auditor.get(address, params={"lang": "en"}).text
        paper = auditor.get(f"/reports/{kept['report_id']}.pdf", params={"lang": "en"}).content
    assert "Time to decision" in english
    text = " ".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(paper)).pages)
    assert "Time to decision" in text


@pytest.mark.parametrize(
    ("from_day", "until_day"),
    [("2026-12-31", "2026-01-01"), ("2999-01-01", "2999-12-31"), ("1990-01-01", "2026-01-01")],
)
def test_an_interval_that_makes_no_sense_is_refused(
    city: CityServer, from_day: str, until_day: str
) -> None:
    with city.client("auditor") as auditor:
        wanted = {"from_day": from_day, "until_day": until_day}
        assert auditor.post("/reports", json=wanted).status_code == 422
        assert auditor.get("/reports").json() == {"items": []}


def test_the_page_makes_a_report_from_its_form(city: CityServer) -> None:
    with city.client() as browser:
        browser.base_url = httpx.URL(city.url)
        assert browser.get("/reports").status_code == 401
        own = {"Sec-Fetch-Site": "same-origin"}
        browser.post("/api/v1/session", json={"token": city.tokens["auditor"]}, headers=own)
        assert "Noch kein Bericht" in browser.get("/reports?lang=de").text
        made = browser.post("/reports?lang=de", data=YEAR, headers=own)
        assert made.status_code == 303
        assert "Bericht über den Einsatz" in browser.get(made.headers["location"]).text
        wrong = browser.post("/reports?lang=de", data={"from_day": "x"}, headers=own)
        assert wrong.status_code == 422
        assert "Nicht erstellt" in wrong.text
        other = browser.post("/reports", data=YEAR, headers={"Sec-Fetch-Site": "cross-site"})
        assert other.status_code == 403


def test_late_uploads_do_not_change_a_closed_interval(city: CityServer) -> None:
    with city.client("auditor") as auditor:
        before, _, _ = made(auditor, {"from_day": "2026-05-01", "until_day": "2026-05-31"})
        city.send(batch(moved(20)))  # seen in May, sent today
        city.wait_for_merge()
        after, _, _ = made(auditor, {"from_day": "2026-05-01", "until_day": "2026-05-31"})
    counted = [
        key for key in values(before) if key.startswith("use.") and values(before)[key] is not None
    ]
    assert {key: values(before)[key] for key in counted} == {
        key: values(after)[key] for key in counted
    }
