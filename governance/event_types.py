"""The allow-list of the audit log: each type of event, what it is about, and its data fields.

An event of another type, or with a field that is not listed, is refused when it is built, so the
effect it belongs to does not happen either. Add a line here before a new event is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from governance.event_fields import (
    CHECKPOINT,
    COUNT,
    DAY,
    ID,
    INSTANT,
    ORIGIN,
    SHA256,
    TRUTH,
    UUID_TEXT,
    VKEY,
    Field,
    Value,
    many,
    one_of,
    or_none,
)

DAMAGE_STATE = one_of("waiting", "confirmed", "dismissed", "unsure", "ordered", "repaired")
ROLE = one_of("vehicle", "sensor", "road", "parks", "auditor", "panel", "admin")
LOGIN_REFUSED = one_of(
    "the provider refused",
    "the token does not hold",
    "no role",
    "the login is not fresh",
    "the account is disabled",
)
MODEL_SYSTEM = one_of("detector", "watering")
REOPENED = ("restored from backup", "key lost", "new key", "key rotation", "server moved")
LOG_REASON = one_of("first log", "new year", *REOPENED)
_VERDICT = {
    "verdict_id": COUNT,
    "verdict": one_of("confirmed", "not a damage", "unsure", "undone"),
    "state_before": DAMAGE_STATE,
    "state_after": DAMAGE_STATE,
    "previous_verdict_id": or_none(COUNT),
    "seconds_spent": or_none(COUNT),
}
_PLAN = {"version": COUNT, "stops": COUNT, "litres": COUNT}


@dataclass(frozen=True, slots=True)
class EventType:
    """What a type of event may say: kinds of subject, and data fields."""

    subjects: tuple[str, ...]
    data: Mapping[str, Field]


def about(*subjects: str, **data: Field) -> EventType:
    """Write one line of the list."""
    return EventType(subjects, data)


TYPES: dict[str, EventType] = {
    # --- what trucks send ---
    "batch.accepted": about(
        "batch", device=ID, sightings=COUNT, content_sha256=SHA256, models=many(SHA256)
    ),
    "batch.refused": about(
        "body", reason=one_of("invalid", "batch id used twice"), size_bytes=COUNT
    ),
    "heartbeat.received": about(
        "device", heartbeat_id=UUID_TEXT, frames_seen=COUNT, frames_assessed=COUNT, sightings=COUNT
    ),
    "coverage.accepted": about("coverage", segments=COUNT, content_sha256=SHA256, simulated=TRUTH),
    "picture.stored": about("picture", kept_sha256=SHA256, width_px=COUNT, height_px=COUNT),
    "picture.opened": about("picture"),
    "picture.judged": about(  # by the second detector on the server
        "picture",
        outcome=one_of("nothing", "alarm", "not readable"),
        faces=COUNT,
        plates=COUNT,
        face_model=SHA256,
        plate_model=SHA256,
    ),
    "picture.alarm_answered": about(
        "picture",
        answer=one_of("really visible", "false alarm", "taken back"),
        answer_id=COUNT,
        seconds_spent=or_none(COUNT),
    ),
    "judge.set": about(
        "judge",
        standing=one_of("installed", "missing", "wrong checksum"),
        share_permille=COUNT,
    ),
    "pictures.exported": about("dataset", pictures=COUNT, sha256=SHA256),
    "device.key_enrolled": about("device", public_key=SHA256),
    "device.key_forgotten": about("device"),
    "device.enrolment_offered": about("device", until=INSTANT),
    "device.enrolment_refused": about(
        "device",
        reason=one_of(
            "unknown code", "used code", "expired code", "wrong signature", "revoked key"
        ),
    ),
    # --- places and damages ---
    "city.loaded": about("city", streets=COUNT, districts=COUNT),
    "merge.run": about(
        "merge",
        sightings=COUNT,
        quarantined=COUNT,
        opened=COUNT,
        strengthened=COUNT,
        suppressed=COUNT,
    ),
    "verdict.given": about("damage", **_VERDICT),
    "verdict.undone": about("damage", **_VERDICT),
    "work_order.created": about("work_order", damages=many(ID)),
    "work_order.completed": about("work_order", damages=many(ID)),
    "work_order.cancelled": about("work_order", damages=many(ID)),
    # --- reports ---
    "report.created": about("report", sha256=SHA256, from_day=DAY, until_day=DAY),
    # --- trees and watering ---
    "trees.imported": about("register", rows=COUNT, added=COUNT, gone=COUNT),
    "readings.accepted": about("readings", stored=COUNT, known=COUNT, flagged=COUNT, source=ID),
    "waterings.accepted": about("waterings", stored=COUNT, known=COUNT, flagged=COUNT, source=ID),
    "night.run": about(
        "night_run",
        for_day=DAY,
        trees=COUNT,
        states=COUNT,
        by_model=COUNT,
        by_balance=COUNT,
        by_rule=COUNT,
        weather=one_of("fresh", "stale", "rule"),
        digest=SHA256,
    ),
    "forecast.drift": about(
        "horizon", measure=one_of("skill", "coverage"), value_permille=COUNT, checks=COUNT
    ),
    "plan.drafted": about(
        "plan",
        for_day=DAY,
        stops=COUNT,
        left_out=COUNT,
        litres=COUNT,
        digest=SHA256,
        simulated=TRUTH,
    ),
    "plan.changed": about("plan", **_PLAN, tree=ID, included=TRUTH, tree_litres=COUNT),
    "plan.approved": about("plan", **_PLAN, seconds_spent=COUNT),
    "plan.rejected": about("plan", **_PLAN),
    "plan.undone": about("plan", **_PLAN),
    "tours.computed": about(
        "plan", job=UUID_TEXT, tours=COUNT, stops=COUNT, unserved=COUNT, solver=ID
    ),
    "tours.failed": about("plan", job=UUID_TEXT),
    "tour.vehicle_failed": about("tour", after_seq=COUNT),
    "tour.reported": about(
        "tour",
        report_id=UUID_TEXT,
        tree=ID,
        outcome=one_of("watered", "not reachable", "dead"),
        litres=or_none(COUNT),
    ),
    "tree.inspected": about("tree", outcome=one_of("dead", "alive")),
    "vehicle.working": about("watering_vehicle", working=TRUTH),
    # --- people ---
    "session.opened": about("session", role=ROLE, roles=many(ROLE), fresh=TRUTH),
    "session.ended": about("session", by=one_of("themselves", "admin", "operator")),
    "session.role_changed": about("session", role_before=ROLE, role_after=ROLE),
    "login.refused": about("login", reason=LOGIN_REFUSED),
    "break_glass.created": about("account"),
    "break_glass.opened": about("session", minutes=COUNT),
    "break_glass.refused": about(
        "account", reason=one_of("unknown account", "wrong password", "locked")
    ),
    "break_glass.locked": about("account", failures=COUNT, minutes=COUNT),
    "person.disabled": about("account", sessions_ended=COUNT),
    "person.enabled": about("account"),
    # --- second looks and dialogue ---
    "review.answered": about(
        "review",
        verdict=one_of("confirmed", "not a damage", "unsure"),
        agrees=TRUTH,
        seconds_spent=COUNT,
    ),
    "finding.filed": about("finding", about=ID, responsible=ROLE, due_on=DAY),
    "finding.entry": about(
        "finding", kind=one_of("answer", "question", "closing", "reopening"), entry_id=COUNT
    ),
    "objection.received": about("objection", about=ID, due_on=DAY),
    "objection.answered": about(
        "objection", outcome=one_of("upheld", "partly upheld", "rejected", "not for the city")
    ),
    "incident.reported": about(
        "incident", system=ID, severity=one_of("minor", "serious", "critical")
    ),
    "incident.entry": about(
        "incident",
        kind=one_of("stop", "measure", "resume", "closing"),
        system=ID,
        entry_id=COUNT,
    ),
    # --- what is deleted, and copies of it ---
    "retention.run": about(
        "retention",
        kind=ID,
        period_days=COUNT,
        older_than=INSTANT,
        deleted=COUNT,
        digest=SHA256,
    ),
    "erasure.done": about(
        "erasure",
        by=one_of("place and time", "picture", "person"),
        pictures=COUNT,
        sightings=COUNT,
        keys=COUNT,
        digest=SHA256,
    ),
    "backup.made": about(
        "backup", sha256=SHA256, size_bytes=COUNT, tables=COUNT, rows=COUNT, log_size=COUNT
    ),
    "backup.deleted": about("backup", sha256=SHA256, age_days=COUNT),
    "backup.restored": about(
        "backup", sha256=SHA256, is_drill=TRUTH, rows=COUNT, seconds=COUNT, is_sound=TRUTH
    ),
    # --- guideline, register, models ---
    "guideline.checked": about(
        "guideline", sha256=SHA256, passed=COUNT, failed=many(ID), unknown=many(ID)
    ),
    "rule.lifted": about("rule", until=INSTANT),
    "rule.restored": about("rule"),
    "register.written": about("record", version=COUNT, sha256=SHA256),
    "register.published": about("record", version=COUNT, sha256=SHA256, simulated=TRUTH),
    "register.withdrawn": about("record", version=COUNT, sha256=SHA256, simulated=TRUTH),
    "register.refused": about("record", version=COUNT, reason=one_of("incomplete", "guideline")),
    "model.registered": about("model", card_sha256=SHA256, system=MODEL_SYSTEM),
    "model.activated": about(
        "model",
        card_sha256=SHA256,
        system=MODEL_SYSTEM,
        simulated=TRUTH,
        seconds_spent=or_none(COUNT),
    ),
    "model.refused": about(
        "model",
        card_sha256=SHA256,
        reason=one_of(
            "no card",
            "wrong hash",
            "own training",
            "not in the register",
            "incident",
            "guideline",
            "already active",
        ),
    ),
    "model.retired": about("model", card_sha256=SHA256, system=MODEL_SYSTEM),
    # --- the log itself ---
    "log.opened": about(
        "log", previous_checkpoint=or_none(CHECKPOINT), reason=LOG_REASON, vkey=VKEY
    ),
    "log.sealed": about("log", next_origin=ORIGIN, next_vkey=VKEY, reason=LOG_REASON),
}

# who acted: a role's token or session, a person's erasable reference (HMAC), never a name
_REFS = {
    "person": re.compile(r"([a-z][a-z_-]{0,19}:)?(token|cli|[0-9a-f]{8,64})"),
    "vehicle": re.compile(r"[a-z0-9][a-z0-9:-]{1,59}"),
    "machine": re.compile(r"[a-z][a-z0-9_.-]{0,59}"),
}


class NotLoggedError(ValueError):
    """An event that the log does not take; the message names what and where to allow it."""


def require_allowed(
    kind: str,
    *,
    actor: tuple[str, str],
    subject: tuple[str, str],
    data: Mapping[str, Value],
) -> None:
    """Check an event against the list.

    Raises NotLoggedError for an unknown type, subject or field, and for a value of another form.
    """
    known = TYPES.get(kind)
    if known is None:
        raise NotLoggedError(
            f"audit events of type {kind!r} are not listed: add it to governance/event_types.py"
        )
    if subject[0] not in known.subjects or not ID.fits(subject[1]):
        raise NotLoggedError(
            f"{kind}: subject {subject[0]!r} {subject[1][:60]!r} is not "
            f"{' or '.join(known.subjects)} with {ID.says}"
        )
    form = _REFS.get(actor[0])
    if form is None or not form.fullmatch(actor[1]):
        raise NotLoggedError(
            f"{kind}: actor {actor[0]!r} {actor[1][:60]!r} is no reference: a role's token, a "
            "session number or a person's reference (gis/postgis/person_reference.py)"
        )
    for name, value in data.items():
        field = known.data.get(name)
        if field is None:
            raise NotLoggedError(
                f"{kind}: the data field {name!r} is not listed: "
                f"{', '.join(known.data) or 'this type has none'} (governance/event_types.py)"
            )
        if not field.fits(value):
            raise NotLoggedError(f"{kind}: {name} takes {field.says}, not {str(value)[:60]!r}")
