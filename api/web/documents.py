"""Pages for people who read: guideline, register, reports. Plain HTML that works without a script.

A template extends `document.html` and says both languages side by side: `{{ t("Regel", "Rule") }}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.break_glass import is_live
from api.service import Service
from api.web.pages import HERE, LANGUAGES
from api.web.pages import language_of as stored_language
from gis.postgis.queries import query

MONTHS_EN = "January February March April May June July August September October November December"
NO_CITY = {"name": "–", "slug": "", "simulated": False, "time_zone": "Europe/Berlin"}


@dataclass(frozen=True, slots=True)
class Words:
    """One language's way to write texts, numbers and times."""

    language: str
    time_zone: ZoneInfo

    def t(self, german: str, english: str) -> str:
        """Choose between the two languages."""
        return german if self.language == "de" else english

    def of(self, both: Mapping[str, Any], default: str = "") -> Any:
        """Choose from a value that holds `de` and `en`."""
        return both.get(self.language, default)

    def number(self, value: float | Decimal | None, decimals: int = 0) -> str:
        """Write 1234.5 as 1.234,5 or 1,234.5; nothing as a dash."""
        if value is None:
            return "–"
        english = f"{value:,.{decimals}f}"
        if self.language == "en":
            return english
        return english.translate(str.maketrans(",.", ".,"))

    def share(self, value: float | Decimal | None, decimals: int = 0) -> str:
        """Write a share of 0..1 in percent."""
        return "–" if value is None else f"{self.number(value * 100, decimals)} %"

    def day(self, value: date | datetime | None) -> str:
        """Write a day as 22.11.2026 or 22 November 2026, in the city's time zone."""
        if value is None:
            return "–"
        if isinstance(value, datetime):
            value = value.astimezone(self.time_zone)
        if self.language == "de":
            return f"{value:%d.%m.%Y}"
        return f"{value.day} {MONTHS_EN.split()[value.month - 1]} {value.year}"

    def moment(self, value: datetime | None) -> str:
        """Write a time with its day, in the city's time zone."""
        if value is None:
            return "–"
        return f"{self.day(value)}, {value.astimezone(self.time_zone):%H:%M}"


def language_of(request: Request) -> str:
    """Take `?lang=`, else the stored choice, else the browser's first that we speak."""
    chosen = request.query_params.get("lang")
    return chosen if chosen in LANGUAGES else stored_language(request)


async def show(
    request: Request, service: Service, template: str, *, status: int = 200, **content: Any
) -> Response:
    """Fill a template that extends `document.html`, in the reader's language."""
    city = await city_of(service)
    words = Words(language_of(request), ZoneInfo(city["time_zone"]))
    content |= {"break_glass_live": await is_live(service)} | _other_way(request)
    html = render(template, words, city=city, here=request.url.path, **content)
    headers = {"Content-Language": words.language, "Vary": "Accept-Language, Cookie"}
    return HTMLResponse(html, status, headers)


def render(template: str, words: Words, **content: Any) -> str:
    """Fill a template; `t`, `of`, `number`, `share`, `day`, `moment` are known in it."""
    return (
        _pages()
        .get_template(template)
        .render(
            language=words.language,
            t=words.t,
            of=words.of,
            number=words.number,
            share=words.share,
            day=words.day,
            moment=words.moment,
            **content,
        )
    )


async def city_of(service: Service) -> dict[str, Any]:
    """Name the city, its time zone and whether it is simulated; dashes where none is loaded."""
    async with service.pool.connection() as connection:
        row = await (await connection.execute(query("document_city"))).fetchone()
    return NO_CITY if row is None else dict(zip(NO_CITY, row, strict=True))


def _other_way(request: Request) -> dict[str, str]:
    """Return the addresses of this very page in either language."""
    rest = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    return {
        f"as_{language}": "?" + urlencode([*rest, ("lang", language)]) for language in LANGUAGES
    }


@cache
def _pages() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
