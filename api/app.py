"""The city's service, as a table of contents: who may do what stands in the routes themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from api import (
    audit,
    break_glass,
    city,
    damages,
    health,
    device_keys,
    heartbeats,
    ingest,
    oidc,
    people,
    pictures,
    problems,
    reports,
    sessions,
    summary,
    tiles,
    verdicts,
    work_orders,
)
from api.merge_job import merging
from api.openapi import describe_completely
from api.rim import Rim
from api.service import Service
from api.settings import Settings
from api.tokens import Tokens
from api.web import pages, phone, report_pages
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
    heartbeats.router,
    summary.router,
    damages.router,
    verdicts.router,
    work_orders.router,
    tiles.router,
    audit.router,
    reports.router,
)


def create_app(settings: Settings, *, database_url: str, tokens: Tokens) -> FastAPI:
    """Put the service together; the pool opens when it starts and may wait for the database."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        pool = make_pool(database_url, most=settings.pool_connections, wait_s=settings.pool_wait_s)
        app.state.service = Service(settings, tokens, pool)
        await pool.open()
        try:
            async with merging(app.state.service, database_url):
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
    app.include_router(phone.router)
    app.include_router(report_pages.router)
    pages.mount_static(app)
    describe_completely(app)
    problems.add_handlers(app)
    app.add_middleware(Rim)
    return app
