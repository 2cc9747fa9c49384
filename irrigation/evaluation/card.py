"""The soil model's card: made from a training and its evaluation report, never typed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from irrigation.model.outlook import NOISE
from irrigation.model.released import LABEL

LICENCE = "EUPL-1.2"
SOURCES = [
    "NOAA NCEI, U.S. Climate Reference Network (USCRN), daily, 2020: a work of the US Government. "
    "Changes: water in 0-40 cm from the sensors at 5, 10 and 20 cm; ET0 by FAO-56.",
]
INTENDED = (
    "A second opinion beside the water balance: how dry a root zone is today and in 1, 3, 7 and 14 "
    "days, with an interval. A person decides what is watered."
)
OUT_OF_SCOPE = (
    "It measures nothing. It says nothing about a single tree's health, and without local sensors "
    "its figures hold for grass plots in the USA, not for street trees."
)
VERIFIED = (
    "Not yet verified at the time of the training: this card knows no sensor under a city tree. "
    "Where a city has sensors, each archived forecast is checked when its truth comes; the model's "
    "page in that city's register shows the errors by horizon."
)
LIMITS = [
    "Trained and measured on grass in the open, in one year (2020), in the USA. No open series of "
    "soil moisture under city trees was within reach; nobody has measured it under a German tree.",
    "Waterings do not occur in the training data. A watering enters as rain on the pit, which is "
    "what the water balance says of it; that it dries the same way is an assumption.",
    "Genus, age, girth, crown, sealing and soil class are not features: the stations have none. "
    "They work through the water balance only.",
    "REW of the stations is scaled with hindsight (the site's own year). The forecasts themselves "
    "know only what the sensor has shown so far; their error in REW is scaled with hindsight.",
    "The interval keeps its promise on average over sites, not at each site: see the coverage by "
    "site.",
    "The 'imperfect' weather is a noise model, not an archive of real forecasts: " + NOISE,
    "The recipe (depth, step, features) was chosen by cross-validation over these same sites; "
    "sites of another file are the independent check.",
]


def build(
    *,
    name: str,
    version: str,
    trained: dict[str, Any],
    stations: dict[str, str],
    report: dict[str, Any],
) -> dict[str, Any]:
    """Put identity, purpose, data, figures and limits of one model into one record."""
    return {
        "card_version": 1,
        "name": name,
        "version": version,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "label": LABEL,
        "licence": LICENCE,
        "intended_use": INTENDED,
        "out_of_scope": OUT_OF_SCOPE,
        "limits": LIMITS,
        "attribution": SOURCES,
        "trained_on": stations | {"sites": trained["sites"], "local_sensors": 0},
        "parts": trained["parts"],
        "rankings": trained["rankings"],
        "evaluation": report,
    }


def render(card: dict[str, Any]) -> str:
    """Write the card as Markdown."""
    return "\n".join(_lines(card)) + "\n"


def _lines(card: dict[str, Any]) -> Iterator[str]:
    report = card["evaluation"]
    yield from (f"# {card['name']} {card['version']}", "")
    yield from ("Generated from the training and its evaluation; do not edit.", "")
    yield from (f"**Label wherever it is shown: “{card['label']['de']}”.**", "")
    yield from ("## Use", "", card["intended_use"], "", f"Not for: {card['out_of_scope']}", "")
    yield from ("## Figures", "", f"Measured by {report['how']}. {report['sites']} sites.", "")
    yield from _targets(report)
    yield from _nowcast(report["nowcast"])
    yield from _forecast(report["forecast"])
    yield from _dry(report.get("turning_dry_within_7_days", {}))
    yield from ("## Verified in a city", "", VERIFIED, "")
    yield from ("## Limits", "", *(f"- {limit}" for limit in card["limits"]), "")
    yield from ("## Energy", "", _energy(card.get("energy")), "")
    yield from ("## Origin", "", f"- licence {card['licence']}; made {card['made_at']}")
    sites = card["trained_on"]
    yield f"- trained on {len(sites['sites'])} sites of {sites['file']}, sha256 `{sites['sha256']}`"
    yield "- sensors of this city in the training: none"
    yield from (f"- {source}" for source in card["attribution"])


def _energy(stated: dict[str, Any] | None) -> str:
    """Say what a thousand forecasts cost, or that nobody has measured it."""
    if stated is None or stated["wh_per_1000_forecasts"] is None:
        return "Not measured."
    return (
        f"{stated['wh_per_1000_forecasts']:.6f} Wh per 1,000 forecasts ({stated['method']}; "
        f"{stated['work']}; {stated['forecasts']} forecasts in {stated['seconds']:.1f} s)."
    )


def _targets(report: dict[str, Any]) -> Iterator[str]:
    yield from ("| target | figure | |", "|---|---|---|")
    for row in report["targets"]:
        yield f"| {row['name']} | {row['value']} | {'met' if row['met'] else '**missed**'} |"
    yield ""


def _nowcast(now: dict[str, Any]) -> Iterator[str]:
    yield from ("### Soil of today at a site without sensor, RMSE in REW", "")
    yield from ("| who | RMSE | 95 % over sites |", "|---|---|---|")
    for name, row in now["rmse_rew"].items():
        low, high = row["interval_95_over_sites"]
        yield f"| {name} | {row['rmse']:.3f} | {low:.3f} to {high:.3f} |"
    yield from ("", f"80 % interval covers {now['interval_80']['coverage']:.1%}.", "")


def _forecast(cells: list[dict[str, Any]]) -> Iterator[str]:
    names = list(cells[0]["rmse_vwc"])
    yield from ("### Change of the soil's water, RMSE in volume share (0-40 cm)", "")
    yield f"| days | weather | {' | '.join(names)} | skill, 95 % over sites | covers | gate |"
    yield f"|---|---|{'---|' * len(names)}---|---|---|"
    for cell in cells:
        skill = cell["gated_against_best_baseline"]
        low, high = skill["interval_95_over_sites"]
        figures = " | ".join(f"{cell['rmse_vwc'][name]['rmse']:.4f}" for name in names)
        chosen = ", ".join(f"{name} {count}×" for name, count in cell["gate_chose"].items())
        yield (
            f"| {cell['days_ahead']} | {cell['weather']} | {figures} | {skill['skill']:.2f} "
            f"({low:.2f} to {high:.2f}) over {cell['best_baseline']} | "
            f"{cell['interval_80']['coverage']:.1%} | {chosen} |"
        )
    yield ""


def _dry(dry: dict[str, Any]) -> Iterator[str]:
    if not dry:
        return
    yield from ("### Turning dry within 7 days, average precision", "")
    yield from (f"{dry['definition']}: {dry['share_of_events']:.1%} of the site-days.", "")
    yield from ("| who | average precision | 95 % over sites |", "|---|---|---|")
    for name, row in dry.items():
        if isinstance(row, dict) and row["average_precision"] is not None:
            low, high = row["interval_95_over_sites"]
            yield f"| {name} | {row['average_precision']:.3f} | {low:.3f} to {high:.3f} |"
    yield ""
