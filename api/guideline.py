"""The guideline: its newest results, a check at once, and the logged way back from a stop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from psycopg import AsyncConnection
from psycopg.errors import CheckViolation
from pydantic import Field

from api.fields import Reason, Sent, Shown
from api.governance_work import check_now, rows
from api.problems import Problem, answers
from api.service import Service, TheService
from api.who import Allow, Caller, recent_login
from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Subject, event
from governance.guideline import Rule, read_guideline

router = APIRouter(tags=["governance"])
Checker = Annotated[Caller, Depends(Allow("auditor", "panel", "admin"))]
Admin = Annotated[Caller, Depends(Allow("admin"))]
RuleId = Annotated[str, Path(pattern=r"^[a-z][a-z-]{1,39}$", max_length=40)]
ACTIONS = ("activation", "publication")


class RuleStatus(Shown):
    """One rule with what its newest check found."""

    number: int
    rule: str
    title_de: str
    title_en: str
    text_de: str
    text_en: str
    hard: bool
    guards: list[str]
    check: str
    tests: list[str]
    status: str  # pass, fail, unknown
    evidence: list[dict[str, Any]]
    lifted_until: datetime | None
    lifted_because: str | None


class GuidelineStatus(Shown):
    """The guideline with its newest run; `checked_at` is empty before the first."""

    version: str
    sha256: str
    checked_at: datetime | None
    event_id: str | None
    stops: dict[str, list[str]]  # action: rules that stop it now
    items: list[RuleStatus]


class Lifting(Sent):
    """A stop to lift: which rule, why, for how many days."""

    rule: Annotated[str, Field(pattern=r"^[a-z][a-z-]{1,39}$")]
    reason: Reason
    days: Annotated[int, Field(ge=1, le=31)]


@router.get("/governance/checks", responses=answers(503))
async def show_checks(service: TheService) -> GuidelineStatus:
    """Show each rule with the evidence of the newest run; anybody may read it."""
    return await status_of(service)


@router.post("/governance/checks", status_code=201, responses=answers(401, 403, 503))
async def check_rules(service: TheService, caller: Checker) -> GuidelineStatus:
    """Check every rule now."""
    await check_now(service, caller.actor)
    return await status_of(service)


@router.post(
    "/governance/liftings",
    status_code=204,
    responses=answers(401, 403, 404, 409, 413, 422, 503),
    dependencies=[Depends(recent_login)],
)
async def lift(wanted: Lifting, service: TheService, caller: Admin) -> Response:
    """Lift a failed rule's stop until a day; the log and the page say so."""
    await lift_rule(service, caller, wanted)
    return Response(status_code=204)


@router.delete(
    "/governance/liftings/{rule}",
    status_code=204,
    responses=answers(401, 403, 404, 422, 503),
)
async def restore(rule: RuleId, service: TheService, caller: Admin) -> Response:
    """Let the rule stop again what it guards."""
    await restore_rule(service, caller, rule)
    return Response(status_code=204)


async def status_of(service: Service) -> GuidelineStatus:
    """Put the guideline and its newest run together."""
    guideline = read_guideline()
    found = {row["rule_id"]: row for row in await rows(service, "guideline_newest")}
    newest: dict[str, Any] = next(iter(found.values()), {})
    stops = {
        action: [
            row["guideline_stops"] for row in await rows(service, "guideline_stops", action=action)
        ]
        for action in ACTIONS
    }
    return GuidelineStatus(
        version=guideline.version,
        sha256=guideline.sha256,
        checked_at=newest.get("checked_at"),
        event_id=str(newest["event_id"]) if newest else None,
        stops=stops,
        items=[_item(rule, found.get(rule.rule_id)) for rule in guideline.rules],
    )


async def lift_rule(service: Service, caller: Caller, wanted: Lifting) -> None:
    """Store the lifting and its event."""
    _require_rule(wanted.rule)
    until = datetime.now(UTC) + timedelta(days=wanted.days)
    happened = event(
        "rule.lifted",
        actor=caller.actor,
        subject=Subject("rule", wanted.rule),
        data={"until": until.strftime("%Y-%m-%dT%H:%M:%SZ")},
    )
    values = {
        "rule_id": wanted.rule,
        "lifted_by": caller.ref,
        "until": until,
        "reason": wanted.reason,
        "event_id": happened.id,
    }
    async with service.transaction() as connection:
        try:
            await connection.execute(query("rule_lift"), values)
        except CheckViolation as error:
            raise Problem(
                409, "not-liftable", "a stop is lifted by a person, 31 days at most"
            ) from error
        await outbox.record(connection, happened)


async def restore_rule(service: Service, caller: Caller, rule: str) -> None:
    """End a lifting before its day."""
    happened = event("rule.restored", actor=caller.actor, subject=Subject("rule", rule))
    async with service.transaction() as connection:
        if not await _restored(connection, rule, caller.ref):
            raise Problem(404, "not-lifted", f"the rule {rule!r} is not lifted")
        await outbox.record(connection, happened)


async def _restored(connection: AsyncConnection[Any], rule: str, ended_by: str) -> bool:
    cursor = await connection.execute(
        query("rule_restore"), {"rule_id": rule, "ended_by": ended_by}
    )
    return await cursor.fetchone() is not None


def _require_rule(rule: str) -> None:
    if read_guideline().rule(rule) is None:
        raise Problem(404, "no-such-rule", f"the guideline has no rule {rule!r}")


def _item(rule: Rule, row: dict[str, Any] | None) -> RuleStatus:
    return RuleStatus(
        number=rule.number,
        rule=rule.rule_id,
        title_de=rule.title["de"],
        title_en=rule.title["en"],
        text_de=rule.text["de"],
        text_en=rule.text["en"],
        hard=rule.is_hard,
        guards=list(rule.guards),
        check=rule.check,
        tests=list(rule.tests),
        status=row["status"] if row else "unknown",
        evidence=row["evidence"] if row else [],
        lifted_until=row["lifted_until"] if row else None,
        lifted_because=row["lifted_because"] if row else None,
    )
