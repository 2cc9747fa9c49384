"""Rules 3 and 4: only masked pictures arrive, and nothing can carry a vehicle's track."""

from __future__ import annotations

import inspect as source
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from typing import get_args

import msgspec

import contracts
from contracts.sighting import Sighting
from gis.postgis.governance.inspection import Inspection
from governance.check_result import CheckResult, Evidence, fault, fine, judged

TRACK_WORDS = re.compile(
    r"(^|_)(track|tracks|trajectory|route|gps|fixes|speed|driver|employee|odometer)(_|$)"
)
PLACE_WORDS = ("longitude_deg", "latitude_deg", "position_error_m")
PLACED = {"Sighting"}  # the place in it is the damage's, not the vehicle's
# lines that nobody drove: streets of the map, and plans a person approves before anybody drives
LINES_ALLOWED = {"street_segment", "tour", "tour_run", "tour_stop"}
PAIRED = "(picture_sha256 IS NULL) = (mask_receipt IS NULL)"


def only_masked_pictures_arrive(city: Inspection) -> CheckResult:
    """Look at the message, at the constraint, and at each stored picture."""
    return judged([*_receipt(), *_pairing(city), *_pictures(city)])


def nothing_can_carry_a_track(city: Inspection) -> CheckResult:
    """Look at every field of every message and every column of every table."""
    return judged([*_messages(), *_tables(city)])


def message_types() -> dict[str, type[msgspec.Struct]]:
    """Return every message of contracts/."""
    found: dict[str, type[msgspec.Struct]] = {}
    for module in pkgutil.iter_modules(contracts.__path__, "contracts."):
        for name, one in source.getmembers(import_module(module.name), source.isclass):
            if issubclass(one, msgspec.Struct) and one is not msgspec.Struct:
                found[name] = one
    return found


def _receipt() -> Iterator[Evidence]:
    kinds = msgspec.json.schema(Sighting)["$defs"]["Sighting"]["properties"]["picture"]
    named = {one.get("$ref", one.get("type")) for one in kinds["anyOf"]}
    if named == {"#/$defs/MaskReceipt", "null"}:
        yield fine(
            "eine Sichtung nennt ein Bild nur mit seinem Maskierungsnachweis",
            "a sighting names a picture only by its mask receipt",
        )
    else:
        yield fault(
            f"eine Sichtung kann ein Bild auch anders mitbringen: {sorted(map(str, named))}",
            f"a sighting can bring a picture in another way: {sorted(map(str, named))}",
        )


def _pairing(city: Inspection) -> Iterator[Evidence]:
    if city.catalogue.holds("sighting", PAIRED):
        yield fine("die Datenbank verlangt zum Bild den Nachweis", "the database asks for both")
    else:
        yield fault(
            "die Datenbank nimmt ein Bild ohne Maskierungsnachweis an",
            "the database takes a picture without a mask receipt",
        )


def _pictures(city: Inspection) -> Iterator[Evidence]:
    rows = city.rows("governance_pictures_unmasked")
    for (sha256,) in rows:
        yield fault(
            f"Bild {sha256[:12]}… hat keinen Maskierungsnachweis",
            f"picture {sha256[:12]}… has no mask receipt",
        )
    if not rows:
        yield fine(
            "zu jedem gespeicherten Bild gibt es einen Maskierungsnachweis",
            "each stored picture has a mask receipt",
        )


def _messages() -> Iterator[Evidence]:
    for name, one in sorted(message_types().items()):
        if not one.__struct_config__.forbid_unknown_fields:
            yield fault(
                f"Nachricht {name} nimmt unbekannte Felder an",
                f"message {name} takes unknown fields",
            )
        kinds = {field.name: field.type for field in msgspec.structs.fields(one)}
        fields = list(kinds)
        for field in fields:
            if TRACK_WORDS.search(field) and not _is_truth(kinds[field]):
                yield fault(f"Nachricht {name}: Feld {field}", f"message {name}: field {field}")
        if name not in PLACED and any(word in fields for word in PLACE_WORDS):
            yield fault(f"Nachricht {name} nennt einen Ort", f"message {name} names a place")
    yield fine(
        f"{len(message_types())} Nachrichten durchgesehen: keine kann eine Spur tragen",
        f"{len(message_types())} messages looked through: none can carry a track",
    )


def _tables(city: Inspection) -> Iterator[Evidence]:
    columns = city.catalogue.columns
    for column in columns:
        is_line = "linestring" in column.type.lower() or "trajectory" in column.type.lower()
        is_named = column.type != "boolean" and TRACK_WORDS.search(column.name)
        if (is_line and column.table not in LINES_ALLOWED) or is_named:
            yield fault(
                f"Spalte {column.table}.{column.name} ({column.type}) könnte eine Spur aufnehmen",
                f"column {column.table}.{column.name} ({column.type}) could hold a track",
            )
    yield fine(
        f"{len(columns)} Spalten durchgesehen; Linien stehen nur in Straßennetz und Tourenplan",
        f"{len(columns)} columns looked through; lines only in the street map and tour plans",
    )


def _is_truth(kind: object) -> bool:
    """Say whether a field holds true or false only: that cannot carry a track."""
    return kind is bool or set(get_args(kind)) == {bool, type(None)}
