"""What stands beside a picture of a limit, in English and German, from the result itself."""

from __future__ import annotations

from typing import Any

TITLES = {
    "clear": ("In clear light, for comparison", "In klarem Licht, zum Vergleich"),
    "dark": (
        "Dark, with the noise of a straining camera",
        "Dunkel, mit dem Rauschen einer angestrengten Kamera",
    ),
    "blur": ("Blurred by motion", "Durch Bewegung verwischt"),
    "glare": ("Low sun ahead", "Tiefe Sonne voraus"),
    "rain": ("Heavy rain on the glass", "Starker Regen auf der Scheibe"),
    "lens": ("Dirty lens", "Verschmutzte Linse"),
    "wet": ("A wet road that mirrors the sky", "Nasse Straße, die den Himmel spiegelt"),
    "far": ("Small and far ahead", "Klein und weit voraus"),
    "manhole": ("A manhole cover, which is no damage", "Ein Schachtdeckel, der kein Schaden ist"),
    "patch": ("A mended patch, which is no damage", "Ein Flicken, der kein Schaden ist"),
    "shadow": ("The shadow of leaves", "Der Schatten von Laub"),
}
REASONS = {  # quality.Unassessable
    "too dark": "zu dunkel",
    "glare": "Blendung",
    "blurred": "verwischt",
    "rain on picture": "Regen im Bild",
    "dirty lens": "Linse verschmutzt",
    "vehicle ahead": "Fahrzeug davor",
}


def of(key: str, facts: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return title and alternative text."""
    english, german = TITLES[key]
    return {
        "title": {"en": english, "de": german},
        "alt": {
            "en": f"Simulated road picture. {english}. {_english(facts)}",
            "de": f"Simuliertes Straßenbild. {german}. {_german(facts)}",
        },
    }


def _english(facts: dict[str, Any]) -> str:
    found, damages, false = facts["found"], facts["damages"], facts["false"]
    if facts["refused"]:
        return (
            f"Refused by the quality rule “{facts['refused']}”: nothing is reported, the road "
            f"counts as not seen. The network alone would have found {found} of {damages} damages."
        )
    alarm = f" False alarms: {false}." if false else " No false alarm."
    return f"Passed by the quality rules. Found: {found} of {damages} damages.{alarm}"


def _german(facts: dict[str, Any]) -> str:
    found, damages, false = facts["found"], facts["damages"], facts["false"]
    if facts["refused"]:
        return (
            f"Zurückgewiesen von der Qualitätsregel „{REASONS[facts['refused']]}“: Nichts wird "
            "gemeldet, die Straße gilt als nicht gesehen. Das Netz allein hätte "
            f"{found} von {damages} Schäden gefunden."
        )
    alarm = f" Fehlalarme: {false}." if false else " Kein Fehlalarm."
    return f"Von den Qualitätsregeln angenommen. Gefunden: {found} von {damages} Schäden.{alarm}"
