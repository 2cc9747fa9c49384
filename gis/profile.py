"""What a city says about itself in `city.toml` beside [city]: offices, law, fleet, baselines.

Every table and field is optional when read: who renders a template or a report asks for what it
needs and names what is missing. Unknown fields are refused: a typing mistake must not vanish.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from gis.city import CityFolderError

Text = Annotated[str, Meta(min_length=1, max_length=600)]
Positive = Annotated[float, Meta(gt=0)]
Days = Annotated[int, Meta(ge=1, le=36_500)]
Count = Annotated[int, Meta(ge=0)]


class Range(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stated value with its uncertainty, and where it comes from."""

    low: Annotated[float, Meta(ge=0)]
    likely: Annotated[float, Meta(ge=0)]
    high: Annotated[float, Meta(ge=0)]
    source: Text

    def __post_init__(self) -> None:
        """Refuse an order that makes no sense."""
        if not self.low <= self.likely <= self.high:
            raise ValueError(
                f"low {self.low}, likely {self.likely}, high {self.high}: not in order"
            )


class Administration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[administration]: who is who; offices and functions, no persons' names."""

    authority: Text | None = None  # "Stadt Musterstadt"
    head: Text | None = None  # "Der Oberbürgermeister"
    street: Text | None = None
    postcode: Text | None = None
    town: Text | None = None
    email: Text | None = None
    phone: Text | None = None
    website: Text | None = None
    council: Text | None = None  # "Stadtrat"
    committee: Text | None = None  # the committee that gets the report
    road_office: Text | None = None
    parks_office: Text | None = None
    audit_office: Text | None = None
    it_office: Text | None = None
    ai_office: Text | None = None  # keeps register and guideline
    resolution: Text | None = None  # the council's decision on AI


class DataProtection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[data_protection]: officer, authority, periods, and what the city has decided."""

    officer_contact: Text | None = None
    authority: Text | None = None  # supervisory authority of the Land
    authority_contact: Text | None = None
    record_number: Text | None = None  # in the record of processing activities
    legal_basis_roads: Text | None = None
    legal_basis_trees: Text | None = None
    land_act: Text | None = None  # "DSAG LSA"
    picture_days: Days | None = None
    open_picture_days: Days | None = None  # while a damage is open
    sighting_days: Days | None = None
    track_kept: bool | None = None  # false: the truck forgets its track after the drive
    log_days: Days | None = None
    backup_days: Days | None = None
    key_backup_days: Days | None = None  # keys of staff references, in their own short cycle
    quarantine_days: Days | None = None
    heartbeat_days: Days | None = None
    coverage_days: Days | None = None  # which street was looked at on which day
    session_days: Days | None = None
    person_days: Days | None = None  # after the last login
    objection_days: Days | None = None  # after the answer
    person_key_days: Days | None = None  # after the end of their year
    note_days: Days | None = None
    verdict_reason_days: Days | None = None  # what people typed, from here on
    order_text_days: Days | None = None  # after the order was closed
    finding_days: Days | None = None  # after the finding was closed
    incident_days: Days | None = None  # after the incident was closed
    plan_reason_days: Days | None = None
    tour_note_days: Days | None = None
    governance_reason_days: Days | None = None
    review_months: Annotated[int, Meta(ge=1, le=60)] | None = None
    excluded_places: Text | None = None  # where no picture is taken
    impact_assessment_decision: Text | None = None  # the controller's own decision and date


class Fleet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[fleet]: the vehicles that see."""

    operator: Text | None = None  # who runs the trucks
    operator_relation: Text | None = (
        None  # "Eigenbetrieb" | "Auftragsverarbeiter nach Art. 28 DSGVO"
    )
    vehicles: Count | None = None
    kind: Text | None = None  # "Abfallsammelfahrzeuge"
    camera: Text | None = None
    upload_place: Text | None = None  # "Betriebshof, WLAN"


class Workforce(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[workforce]: the employees' side."""

    council: Text | None = None  # "Personalrat" or, at a company, "Betriebsrat"
    law: Text | None = None  # "PersVG LSA"
    codetermination: Text | None = None  # the paragraph on technical monitoring
    agreement_begins: Text | None = None
    agreement_notice_months: Annotated[int, Meta(ge=1, le=36)] | None = None
    learning_hours: Positive | None = None  # paid hours for a learning path
    drivers: Count | None = None
    reviewers: Count | None = None
    gardeners: Count | None = None


class Law(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[law]: what differs from Land to Land."""

    road_act: Text | None = None  # "StrG LSA"
    road_duty: Text | None = None  # the paragraph on the duty to keep roads safe
    municipal_act: Text | None = None  # "KVG LSA"
    archive_act: Text | None = None
    transparency_act: Text | None = None


class Trees(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[trees]: the other use."""

    count: Count | None = None
    sensors: Count | None = None
    register: Text | None = None  # name of the tree register


class Machine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[machine]: where the city's part runs."""

    place: Text | None = None  # "ein Arbeitsplatzrechner im Tiefbauamt"
    description: Text | None = None


class Energy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[energy]: stated powers; measured values come from cards and benches."""

    truck_device_w: Positive | None = None
    frames_per_s: Positive | None = None  # what the device gets through at that power
    server_w: Positive | None = None
    grid_g_co2_per_kwh: Positive | None = None
    source: Text | None = None


class Benefit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[benefit]: how it went before; without a baseline the report claims no benefit."""

    days_to_known: Range | None = None
    minutes_per_damage: Range | None = None
    litres_per_tree_and_year: Range | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[report]: the committee's rhythm."""

    every_months: Annotated[int, Meta(ge=1, le=24)] | None = None
    first: Text | None = None


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """All tables; tables that other parts own (such as [watering]) are left to them."""

    administration: Administration = Administration()
    data_protection: DataProtection = DataProtection()
    fleet: Fleet = Fleet()
    workforce: Workforce = Workforce()
    law: Law = Law()
    trees: Trees = Trees()
    machine: Machine = Machine()
    energy: Energy = Energy()
    benefit: Benefit = Benefit()
    report: Report = Report()


def read_profile(folder: Path) -> Profile:
    """Read a city folder's profile; raise CityFolderError that names file, table and field."""
    file = folder / "city.toml"
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        return msgspec.convert(tables, Profile)
    except FileNotFoundError as error:
        raise CityFolderError(f"{file} is missing: see docs/database.md, city folder") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise CityFolderError(f"{file}: {error}") from error


def profile_json(profile: Profile) -> str:
    """Write the profile for the database."""
    return msgspec.json.encode(profile).decode()


def profile_of(stored: object) -> Profile:
    """Read the profile as the database gives it back; an empty one where none was stored."""
    return msgspec.convert(stored or {}, Profile)
