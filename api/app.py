"""The city's service, as a table of contents: who may do what stands in the routes themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from api import (
    assessments,
    audit,
    break_glass,
    city,
    coverage,
    damages,
    device_keys,
    enrolment,
    evidence,
    findings,
    guideline,
    health,
    heartbeats,
    incidents,
    ingest,
    judgings,
    models,
    objections,
    oidc,
    people,
    pictures,
    plans,
    problems,
    readings,
    register,
    reports,
    reviews,
    sessions,
    summary,
    tiles,
    tour_downloads,
    tour_reports,
    tours,
    trees,
    vehicles,
    verdicts,
    watering,
    work_orders,
)
from api.judge_job import judging
from api.judge_process import SecondDetector
from api.merge_job import merging
from api.openapi import describe_completely
from api.rim import Rim
from api.service import Service
from api.settings import Settings
from api.tokens import Tokens
from api.tour_job import touring
from api.web import (
    finding_pages,
    governance_pages,
    incident_pages,
    judging_pages,
    objection_pages,
    pages,
    phone,
    report_pages,
    session_pages,
)
from gis.postgis.database import make_pool

PREFIX = "/api/v1"
ROUTERS = (
    health.router,
    city.router,
    sessions.router,
    break_glass.router,
    oidc.router,
    people.router,
    ingest.router,
    pictures.router,
    device_keys.router,
    enrolment.router,
    heartbeats.router,
    coverage.router,
    summary.router,
    damages.router,
    assessments.router,
    verdicts.router,
    work_orders.router,
    reviews.router,
    judgings.router,
    findings.router,
    objections.router,
    incidents.router,
    tiles.router,
    audit.router,
    evidence.router,
    guideline.router,
    register.router,
    models.router,
    reports.router,
    trees.router,
    watering.router,
    readings.router,
    vehicles.router,
    plans.router,
    tour_downloads.router,  # before tours: /tours/1.pdf is no number
    tours.router,
    tour_reports.router,
)


def create_app(
    settings: Settings, *, database_url: str, tokens: Tokens, judge: SecondDetector | None = None
) -> FastAPI:
    """Put the service together; the pool opens when it starts and may wait for the database.

    Without another `judge` the second detector is the one installed in the city's folder.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        pool = make_pool(database_url, most=settings.pool_connections, wait_s=settings.pool_wait_s)
        app.state.service = Service(settings, tokens, pool, judge=judge)
        await pool.open()
        try:
            async with (
                merging(app.state.service, database_url),
                touring(app.state.service, database_url),
                judging(app.state.service, database_url),
            ):
                yield
        finally:
            await pool.close()

    app = FastAPI(
        title="Stadtwart",
        version=version("stadtwart"),
        description="Trucks send what they see, people decide, auditors read along.",
        lifespan=lifespan,
        docs_url=None,  # its page loads scripts from elsewhere; the document itself is enough
        redoc_url=None,
        openapi_url=f"{PREFIX}/openapi.json",
    )
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX)
    app.include_router(pages.router)
    app.include_router(finding_pages.router)
    app.include_router(governance_pages.router)
    app.include_router(incident_pages.router)
    app.include_router(judging_pages.router)
    app.include_router(objection_pages.router)
    app.include_router(session_pages.router)
    app.include_router(phone.router)
    app.include_router(report_pages.router)
    pages.mount_static(app)
    describe_completely(app)
    problems.add_handlers(app)
    app.add_middleware(Rim)
    return app
