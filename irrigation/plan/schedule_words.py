"""The plan's reasons in German and English; nothing is decided here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence for the page and the sheet, in both languages."""

    de: str
    en: str


CARE = {
    "young": Words("Jungbaum in den Pflegejahren", "young tree within its years of care"),
    "established": Words(
        "älterer Baum, gegossen nur bei Dringlichkeit", "established tree, watered only when urgent"
    ),
    "unknown": Words(
        "Alter und Umfang unbekannt, wie ein Jungbaum behandelt",
        "age and girth unknown, treated as a young tree",
    ),
}
LEFT_OUT = {
    "litres": Words(
        "Wasserbudget des Plans aufgebraucht ({budget})", "the plan's litres are used up ({budget})"
    ),
    "hours": Words(
        "Stunden des Plans nach Schätzung aufgebraucht ({hours})",
        "the plan's hours are used up by estimate ({hours})",
    ),
    "watered": Words("am {watered} gegossen, nicht dringend", "watered on {watered}, not urgent"),
    "inspection": Words(
        "als abgestorben gemeldet: erst die Kontrolle durch einen Menschen",
        "reported dead: a person inspects it first",
    ),
    "group": Words(
        "Baumgruppe: keine Menge je Baum, bitte von Hand aufnehmen",
        "a group of trees: no litres per tree, please add it by hand",
    ),
}


def reason_words(
    level: str,
    rew_q50: float | None,
    *,
    care: str,
    threshold: float,
    not_reached_on: date | None,
) -> Words:
    """Say why a tree is on the plan.

    >>> reason_words("act", 0.35, care="young", threshold=0.4, not_reached_on=None).en
    'available water 35 %, below 40 % (model); young tree within its years of care'
    """
    if rew_q50 is None:
        dry = Words("keine Vorhersage: nach Regel", "no forecast: by rule")
    elif level == "good":
        dry = Words(
            f"verfügbares Wasser {rew_q50:.0%}, bis zum Gießtag unter {threshold:.0%} (Modell)",
            f"available water {rew_q50:.0%}, below {threshold:.0%} by that day (model)",
        )
    else:
        dry = Words(
            f"verfügbares Wasser {rew_q50:.0%}, unter {threshold:.0%} (Modell)",
            f"available water {rew_q50:.0%}, below {threshold:.0%} (model)",
        )
    parts = [_percent_apart(dry), CARE[care]]
    if not_reached_on is not None:
        parts.append(
            Words(
                f"am {not_reached_on:%d.%m.} nicht erreicht",
                f"not reached on {not_reached_on:%d %b}",
            )
        )
    return Words("; ".join(one.de for one in parts), "; ".join(one.en for one in parts))


def left_out_words(
    why: str, watered_on: date | None, budget_l: float | None, hours_h: float | None
) -> Words:
    """Say why a tree in need is not on the plan."""
    words = LEFT_OUT[why]
    values = {
        "budget": f"{budget_l:g} L" if budget_l is not None else "",
        "hours": f"{hours_h:g} h" if hours_h is not None else "",
    }
    return Words(
        words.de.format(watered=f"{watered_on:%d.%m.}" if watered_on else "", **values),
        words.en.format(watered=f"{watered_on:%d %b}" if watered_on else "", **values),
    )


def _percent_apart(words: Words) -> Words:
    """Put a space before the percent sign, as both languages' standards ask."""
    return Words(words.de.replace("%", " %"), words.en.replace("%", " %"))
