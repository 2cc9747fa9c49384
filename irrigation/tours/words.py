"""Why a tree is on no tour, in German and English, with what a person can do."""

from __future__ import annotations

from irrigation.plan.schedule_words import Words
from irrigation.tours.problem import Unserved

UNSERVED = {
    Unserved.NO_POSITION: Words(
        "das Baumkataster nennt keine Position: bitte nachtragen",
        "the register has no position: please add it",
    ),
    Unserved.NOT_REACHABLE: Words(
        "über das Straßennetz nicht erreichbar: Straßendaten prüfen",
        "not reachable on the street graph: check the street data",
    ),
    Unserved.NO_STREET: Words(
        "zu weit von jeder Straße für einen Schlauch: zu Fuß gießen",
        "too far from any street for a hose: water it on foot",
    ),
    Unserved.NO_VEHICLE: Words("an diesem Tag fährt kein Fahrzeug", "no vehicle works that day"),
    Unserved.TOO_FAR: Words(
        "selbst allein länger als die Schicht", "takes longer than the shift, even alone"
    ),
    Unserved.NO_REFILL: Words(
        "die Tanks sind leer und es gibt keine Zapfstelle: Zapfstelle im Stadtprofil eintragen",
        "the tanks are empty and there is no refill point: add one to the city profile",
    ),
    Unserved.NO_HOURS: Words(
        "keine Stunden mehr: alle Fahrzeuge sind ausgelastet",
        "no hours left: every vehicle's shift is full",
    ),
    Unserved.PARTLY: Words(
        "Bedarf über dem größten Tank: nur ein Teil passt in die Schicht",
        "demand above the largest tank: only a part fits into the shift",
    ),
}
