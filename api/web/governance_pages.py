"""Pages for the auditor and the public: guideline, register, models, one event of the log."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import Field

from api import evidence, guideline, judgings, models, register
from api.fields import Reason, Sent, Sha256
from api.forms import read_form
from api.governance_work import check_now, person_of, rows, work
from api.model_field import field_of
from api.problems import Problem
from api.service import Service, TheService
from api.web.documents import language_of, show
from api.web.model_words import said_of
from api.who import Allow, Caller, identify, recent_login
from gis.postgis.governance import gate
from gis.postgis.governance import register as stored_register
from governance.card_facts import datasets_of
from governance.card_words import call, say
from governance.figures import Figure, resolve

router = APIRouter(include_in_schema=False)
Anybody = Annotated[Caller | None, Depends(identify)]
INSIDERS = ("auditor", "panel", "admin")


class RecordToPublish(Sent):
    """The form below a draft."""

    version: Annotated[int, Field(ge=1)]


class RuleToRestore(Sent):
    """The form beside a lifted rule."""

    rule: str


class CardToApprove(Sent):
    """The form below a card."""

    card_sha256: Sha256


class ModelToRetire(Sent):
    """The form below an active model."""

    reason: Reason


@router.get("/governance")
async def guideline_page(request: Request, service: TheService, caller: Anybody) -> Response:
    """Show each rule with the newest evidence."""
    runs = await rows(service, "guideline_runs")
    status = await guideline.status_of(service)
    return await show(
        request, service, "document_guideline.html", guideline=status, runs=runs, caller=caller
    )


@router.post("/governance/checks")
async def check_form(
    request: Request,
    service: TheService,
    caller: Annotated[Caller, Depends(Allow("auditor", "panel", "admin"))],
) -> Response:
    """Check now, then show the guideline."""
    return await _done(request, service, check_now(service, caller.actor), "/governance")


@router.post("/governance/liftings", dependencies=[Depends(recent_login)])
async def lifting_form(
    request: Request, service: TheService, caller: Annotated[Caller, Depends(Allow("admin"))]
) -> Response:
    """Lift a rule's stop."""
    wanted = await read_form(request, guideline.Lifting)
    doing = guideline.lift_rule(service, caller, wanted)
    return await _done(request, service, doing, "/governance")


@router.post("/governance/liftings/end")
async def restoring_form(
    request: Request, service: TheService, caller: Annotated[Caller, Depends(Allow("admin"))]
) -> Response:
    """Let the rule stop again."""
    wanted = await read_form(request, RuleToRestore)
    doing = guideline.restore_rule(service, caller, wanted.rule)
    return await _done(request, service, doing, "/governance")


@router.get("/register")
async def register_page(request: Request, service: TheService, caller: Anybody) -> Response:
    """Show what is published; people of the house see drafts too."""
    return await show(
        request,
        service,
        "document_register.html",
        public=await register.public_records(service),
        drafts=await register.drafts(service),
        is_insider=_is_insider(caller),
    )


@router.get("/register/{record_id}")
async def record_page(
    record_id: str, request: Request, service: TheService, caller: Anybody
) -> Response:
    """Show one record: the published version, or for people of the house the newest."""
    public = await register.public_records(service, record_id)
    drafts = await register.drafts(service, record_id) if _is_insider(caller) else []
    if not public and not drafts:
        raise register.not_public(record_id)
    is_draft = bool(drafts) and (not public or request.query_params.get("version") == "newest")
    row = drafts[0] if is_draft else public[0]
    known = {one["card_sha256"]: one["body"] for one in await models.cards(service)}
    return await show(
        request,
        service,
        "document_record.html",
        record=row["body"],
        row=row,
        is_draft=is_draft,
        newest=drafts[0] if drafts else None,
        figures=_figures(row["body"], known),
        history=await rows(service, "register_history", record_id=record_id),
        caller=caller,
    )


@router.post("/register/{record_id}/publication", dependencies=[Depends(recent_login)])
async def publication_form(
    record_id: str,
    request: Request,
    service: TheService,
    caller: Annotated[Caller, Depends(Allow("panel", "admin"))],
) -> Response:
    """Publish a version."""
    wanted = await read_form(request, RecordToPublish)
    person = person_of(caller)
    doing = work(
        service,
        lambda at: stored_register.publish(at, record_id, wanted.version, person=person),
    )
    return await _done(request, service, doing, f"/register/{record_id}")


@router.get("/models")
async def models_page(request: Request, service: TheService) -> Response:
    """Show every model with a verified card."""
    found = await models.cards(service)
    uses = [say(one["body"]["intended_use"], language_of(request)) for one in found]
    return await show(request, service, "document_models.html", models=found, uses=uses)


@router.get("/models/{model_sha256}")
async def model_page(
    model_sha256: models.ModelSha256, request: Request, service: TheService, caller: Anybody
) -> Response:
    """Show a card: figures from card.json, what people decided, its papers."""
    row = await models.card_of(service, model_sha256)
    card, language = row["body"], language_of(request)
    return await show(
        request,
        service,
        "document_model.html",
        row=row,
        card=card,
        said=said_of(card, language),
        call=partial(call, language=language),
        datasets=datasets_of(row["body"]),
        field=await field_of(service, row),
        masking=await judgings.rates(service, mask_model_sha256=model_sha256),
        verified=await rows(service, "model_skill", model_sha256=model_sha256),
        decisions=await rows(service, "model_decisions", model_sha256=model_sha256),
        refusals=await rows(service, "model_refusals", model_sha256=model_sha256),
        caller=caller,
    )


@router.post("/models/{model_sha256}/activation", dependencies=[Depends(recent_login)])
async def activation_form(
    model_sha256: models.ModelSha256,
    request: Request,
    service: TheService,
    caller: Annotated[Caller, Depends(Allow("panel", "admin"))],
) -> Response:
    """Approve a model."""
    wanted = await read_form(request, CardToApprove)
    approval = models.Approval(card_sha256=wanted.card_sha256)
    doing = models.approve(service, person_of(caller), model_sha256, approval)
    return await _done(request, service, doing, f"/models/{model_sha256}")


@router.post("/models/{model_sha256}/retirement", dependencies=[Depends(recent_login)])
async def retirement_form(
    model_sha256: models.ModelSha256,
    request: Request,
    service: TheService,
    caller: Annotated[Caller, Depends(Allow("panel", "admin"))],
) -> Response:
    """Take an approval back."""
    wanted = await read_form(request, ModelToRetire)
    person = person_of(caller)
    doing = work(
        service, lambda at: gate.retire(at, model_sha256, person=person, reason=wanted.reason)
    )
    return await _done(request, service, doing, f"/models/{model_sha256}")


@router.get("/log/{event_id}")
async def event_page(
    event_id: UUID, request: Request, service: TheService, caller: Anybody
) -> Response:
    """Show one event, where it stands in the log, and how to check it at home."""
    event = await evidence.event_for(service, event_id, caller)
    text = json.dumps(event.content, indent=2, ensure_ascii=False)
    return await show(request, service, "document_event.html", event=event, text=text)


def _figures(record: dict[str, Any], cards: dict[str, dict[str, Any]]) -> list[Figure]:
    wanted = [one for one in record["benefit_figures"] if one["card_sha256"] in cards]
    return [resolve(one, cards[one["card_sha256"]]) for one in wanted]


def _is_insider(caller: Caller | None) -> bool:
    return caller is not None and caller.role in INSIDERS


async def _done(
    request: Request, service: Service, doing: Awaitable[object], address: str
) -> Response:
    """Answer a form with the page it leads to, or with what was refused and why."""
    try:
        await doing
    except Problem as error:
        return await show(
            request,
            service,
            "document_refused.html",
            status=error.status_code,
            detail=error.detail,
            back=address,
        )
    return RedirectResponse(f"{address}?lang={language_of(request)}", status_code=303)
