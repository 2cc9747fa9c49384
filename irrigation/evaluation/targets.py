"""What was promised of the forecast, and whether a report keeps it."""

from __future__ import annotations

from typing import Any


def judge(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Hold the gated figures against the targets; a figure that was not measured has no row."""
    now = report["nowcast"]["rmse_rew"]["gated"]["rmse"]
    found = [_row("now-cast RMSE (REW) at unseen sites at most 0.19", now, now <= 0.19)]
    for cell in report["forecast"]:
        kind, days = cell["weather"], cell["days_ahead"]
        if days == 7 and kind in ("perfect", "imperfect"):
            least = 0.25 if kind == "perfect" else 0.12
            skill = cell["gated_against_best_baseline"]["skill"]
            name = f"7-day skill with {kind} weather at least {least}"
            found.append(_row(name, skill, skill >= least))
    for cell in report["forecast"]:
        share = cell["interval_80"]["coverage"]
        name = f"80 % interval covers 77-83 %: {cell['days_ahead']} d, {cell['weather']} weather"
        found.append(_row(name, share, 0.77 <= share <= 0.83))
    share = report["nowcast"]["interval_80"]["coverage"]
    found.append(_row("80 % interval covers 77-83 %: now-cast", share, 0.77 <= share <= 0.83))
    return found + _dry(report.get("turning_dry_within_7_days", {}))


def _dry(dry: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    today = "ranking by dryness today (REW, soil storage known)"
    for kind in ("perfect", "imperfect", "none"):
        row = dry.get(f"learned, {kind} weather, soil storage known")
        if row is not None and row["average_precision"] is not None:
            least = max(0.64, dry[today]["average_precision"])
            value = row["average_precision"]
            name = f"turning dry within 7 days, {kind} weather: average precision above {least:.3f}"
            rows.append(_row(name, value, value > least))
    return rows


def _row(name: str, value: float, met: bool) -> dict[str, Any]:
    return {"name": name, "value": value, "met": bool(met)}
