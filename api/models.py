"""Models: their cards, approval by a person who did not train them, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Response
from pydantic import Field

from api.fields import Reason, Sent, Sha256, Shown
from api.governance_work import person_of, rows, work
from api.model_field import Field30Days, field_of
from api.problems import Problem, answers
from api.service import Service, TheService
from api.who import Allow, Caller, recent_login
from gis.postgis.governance import exports, gate
from gis.postgis.governance.gate import SUPPLIER, Database, Person
from gis.postgis.governance.shipped import PROGRAM, ShippedModel, newest, read_model, shipped_models
from governance.model_papers import readme

router = APIRouter(tags=["governance"])
ModelSha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
System = Literal["detector", "watering"]
Approver = Annotated[Caller, Depends(Allow("panel", "admin"))]
Admin = Annotated[Caller, Depends(Allow("admin"))]


class ModelInList(Shown):
    """A model with a verified card."""

    model_sha256: Sha256
    card_sha256: Sha256
    system: System
    name: str
    version: str
    active: bool
    registered_at: datetime


class Models(Shown):
    """Every model with a verified card."""

    items: list[ModelInList]


class ModelDecision(Shown):
    """An approval or its end; `simulated` when it was made for show."""

    at: datetime
    kind: Literal["activated", "retired"]
    simulated: bool
    shown_as: str | None
    reason: str | None
    event_id: str


class ModelInFull(ModelInList):
    """The card as it was verified, what it did in the field, and what people decided."""

    card: dict[str, Any]
    trained_by_supplier: bool
    decisions: list[ModelDecision]
    field: Field30Days | None  # detectors only


class Approval(Sent):
    """The card that was read, and for how long."""

    card_sha256: Sha256
    seconds_spent: Annotated[int, Field(ge=0, le=86_400)] | None = None


class Retirement(Sent):
    """Why the approval is taken back."""

    reason: Reason


class Registration(Sent):
    """A system whose newest released model gets its card registered, and who trained it."""

    system: System
    trained_by: Literal["supplier", "me"]


@router.get("/models", responses=answers(503))
async def list_models(service: TheService) -> Models:
    """List the models; anybody may read it, trucks too."""
    return Models(items=[_in_list(row) for row in await cards(service)])


@router.get("/models/{model_sha256}", responses=answers(404, 422, 503))
async def show_model(model_sha256: ModelSha256, service: TheService) -> ModelInFull:
    """Show a model's card and what people decided about it."""
    row = await card_of(service, model_sha256)
    found = await rows(service, "model_decisions", model_sha256=model_sha256)
    return ModelInFull(
        **_in_list(row).model_dump(),
        card=row["body"],
        trained_by_supplier=row["trained_by"] == SUPPLIER,
        decisions=[_decision(one) for one in found],
        field=await field_of(service, row),
    )


@router.get(
    "/models/{model_sha256}/README.md", response_class=Response, responses=answers(404, 422, 503)
)
async def show_readme(model_sha256: ModelSha256, service: TheService) -> Response:
    """Give the card as a Hugging Face README."""
    row = await card_of(service, model_sha256)
    text = readme(row["body"], model_sha256=model_sha256)
    return Response(text, media_type="text/markdown; charset=utf-8")


@router.get(
    "/models/{model_sha256}/bom.cdx.json", response_class=Response, responses=answers(404, 422, 503)
)
async def show_bom(model_sha256: ModelSha256, service: TheService) -> Response:
    """Give the model's bill of materials (CycloneDX 1.6)."""
    row = await card_of(service, model_sha256)
    text = await work(service, lambda connection: exports.bom(connection, row))
    return Response(text, media_type="application/vnd.cyclonedx+json")


@router.get(
    "/models/{model_sha256}/limits/{key}.jpg",
    response_class=Response,
    responses=answers(404, 422, 503),
)
async def show_limit(
    model_sha256: ModelSha256,
    key: Annotated[str, Path(pattern="^[a-z]{1,20}$")],
    service: TheService,
) -> Response:
    """Give the simulated picture of one limit, if it still is the one that the card vouches for."""
    row = await card_of(service, model_sha256)
    file = f"limits/{key}.jpg"
    shown = {one["file"]: one["sha256"] for one in row["body"].get("limit_pictures", [])}
    path = PROGRAM / row["folder"] / file
    if file not in shown or not path.is_file():
        raise Problem(404, "no-picture", f"the card shows no picture of a limit {key!r}")
    content = path.read_bytes()
    if sha256(content).hexdigest() != shown[file]:
        raise Problem(404, "other-picture", f"{file} is not the picture that the card vouches for")
    return Response(content, media_type="image/jpeg")


@router.post("/models", status_code=201, responses=answers(401, 403, 404, 409, 413, 422, 503))
async def register_model(wanted: Registration, service: TheService, caller: Admin) -> ModelInList:
    """Register the card of a system's newest released model, after measuring its files."""
    model = newest(wanted.system)
    if model is None:
        raise Problem(404, "no-model", f"no released model of {wanted.system!r} is installed")
    person, is_own = person_of(caller), wanted.trained_by == "me"

    def register(connection: Database) -> bool:
        return gate.register_card(
            connection,
            model,
            registrar=person,
            trained_by=person.ref if is_own else SUPPLIER,
            trained_by_person_id=person.person_id if is_own else None,
        )

    await work(service, register)
    return _in_list(await card_of(service, model.model_sha256))


@router.post(
    "/models/{model_sha256}/activation",
    status_code=204,
    responses=answers(401, 403, 409, 413, 422, 503),
    dependencies=[Depends(recent_login)],
)
async def activate(
    model_sha256: ModelSha256, wanted: Approval, service: TheService, caller: Approver
) -> Response:
    """Approve a model; the database refuses without card, with a wrong hash, or to its trainer."""
    person = person_of(caller)
    await approve(service, person, model_sha256, wanted)
    return Response(status_code=204)


@router.post(
    "/models/{model_sha256}/retirement",
    status_code=204,
    responses=answers(401, 403, 404, 413, 422, 503),
    dependencies=[Depends(recent_login)],
)
async def retire(
    model_sha256: ModelSha256, wanted: Retirement, service: TheService, caller: Approver
) -> Response:
    """Take a model's approval back; the city works on without it."""
    person = person_of(caller)
    was_active = await work(
        service, lambda at: gate.retire(at, model_sha256, person=person, reason=wanted.reason)
    )
    if not was_active:
        raise Problem(404, "not-active", f"model {model_sha256[:12]}… is not active")
    return Response(status_code=204)


async def approve(service: Service, person: Person, model_sha256: str, wanted: Approval) -> None:
    """Measure the files, then ask the database; a refusal is a Problem and an event."""
    known = await cards(service, model_sha256)
    card = next((one for one in known if one["card_sha256"] == wanted.card_sha256), None)
    model = measured(model_sha256, wanted.card_sha256, card)
    spent = wanted.seconds_spent
    await work(service, lambda at: gate.activate(at, model, approver=person, seconds_spent=spent))


async def cards(service: Service, model_sha256: str | None = None) -> list[dict[str, Any]]:
    """Return the verified cards, newest first."""
    return await rows(service, "model_cards", model_sha256=model_sha256)


async def card_of(service: Service, model_sha256: str) -> dict[str, Any]:
    """Return the newest card of a model; raise Problem 404 without one."""
    found = await cards(service, model_sha256)
    if not found:
        raise Problem(404, "no-card", f"no card of a model {model_sha256[:12]}… is registered")
    return found[0]


def measured(model_sha256: str, card_sha256: str, card: Mapping[str, Any] | None) -> ShippedModel:
    """Measure the files anew that a person is about to approve.

    Without a registered card, or without files, what is known is handed on for the database
    to refuse: an attempt is worth an entry in the log.
    """
    if card is not None and (PROGRAM / card["folder"] / "card.json").is_file():
        return read_model(PROGRAM / card["folder"])
    here = [one for one in shipped_models() if one.model_sha256 == model_sha256]
    if card is None and here:
        return replace(here[0], card_sha256=card_sha256)  # the card that was read, not ours
    return ShippedModel(
        system=card["system"] if card else "detector",
        folder=PROGRAM,
        card={},
        card_sha256=card_sha256,
        model_sha256=model_sha256,
        file_sha256=None,
    )


def _in_list(row: Mapping[str, Any]) -> ModelInList:
    return ModelInList(
        model_sha256=row["model_sha256"],
        card_sha256=row["card_sha256"],
        system=row["system"],
        name=row["name"],
        version=row["model_version"],
        active=row["is_active"],
        registered_at=row["registered_at"],
    )


def _decision(row: Mapping[str, Any]) -> ModelDecision:
    return ModelDecision(
        at=row["decided_at"],
        kind=row["kind"],
        simulated=row["is_simulated"],
        shown_as=row["shown_as"],
        reason=row["reason"],
        event_id=str(row["event_id"]),
    )
