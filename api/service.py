"""What the routes share: database pool, settings, tokens, and the wish to merge."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Request
from psycopg import AsyncConnection

from api.judge_process import InstalledModels, SecondDetector
from api.provider import Provider, provider_of
from api.rate_limit import RateLimit
from api.settings import Settings
from api.tokens import Tokens
from gis.postgis.database import Pool
from gis.postgis.queries import query

logger = logging.getLogger(__name__)

ASK_AGAIN_S = 10.0  # whether the city is simulated is asked with each role token


@dataclass
class Limits:
    """How often strangers may try; a desk behind one address shares a count."""

    logins: RateLimit = field(default_factory=lambda: RateLimit("logins", most=60, window_s=600))
    passwords: RateLimit = field(
        default_factory=lambda: RateLimit("emergency logins", most=10, window_s=600)
    )
    objections: RateLimit = field(
        default_factory=lambda: RateLimit("objections", most=5, window_s=3600)
    )
    all_objections: RateLimit = field(
        default_factory=lambda: RateLimit("objections of everybody", most=60, window_s=3600)
    )
    enrolments: RateLimit = field(
        default_factory=lambda: RateLimit("enrolments of trucks", most=30, window_s=600)
    )
    cases: RateLimit = field(default_factory=lambda: RateLimit("cases", most=20, window_s=600))


@dataclass
class Service:
    """One running service."""

    settings: Settings
    tokens: Tokens
    pool: Pool
    merge_wanted: asyncio.Event = field(default_factory=asyncio.Event)
    tours_wanted: asyncio.Event = field(default_factory=asyncio.Event)
    judging_wanted: asyncio.Event = field(default_factory=asyncio.Event)
    judge: SecondDetector | None = None
    provider: Provider | None = None
    limits: Limits = field(default_factory=lambda: Limits())
    in_field: dict[str, tuple[float, Any]] = field(default_factory=dict)  # see api.model_field
    _simulated: tuple[float, bool] | None = None
    _check: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.provider = provider_of(self.settings)

    @property
    def second_detector(self) -> SecondDetector:
        """Return who looks at uploads a second time: the installed models, unless told another."""
        if self.judge is None:
            self.judge = InstalledModels(
                self.settings.judge_folder,
                face_score=self.settings.judge_face_score,
                plate_score=self.settings.judge_plate_score,
            )
        return self.judge

    async def takes_role_tokens(self) -> bool:
        """Say whether people may come with a role's token: in a simulated city, or where allowed.

        A database without a city has nothing to protect yet.
        """
        if self.settings.allow_role_tokens:
            return True
        if self._simulated is None or self._simulated[0] < time.monotonic():
            async with self.pool.connection() as connection:
                row = await (await connection.execute(query("city_is_simulated"))).fetchone()
            if row is None:
                return True
            self._simulated = (time.monotonic() + ASK_AGAIN_S, bool(row[0]))
        return self._simulated[1]

    def notice_broken_connections(self) -> None:
        """Have the pool replace what a database restart broke, once at a time."""
        if self._check is None or self._check.done():
            self._check = asyncio.create_task(self._check_pool())

    async def _check_pool(self) -> None:
        await self.pool.check()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection[Any]]:
        """Lend a connection inside one transaction: effect and audit event together."""
        async with self.pool.connection() as connection, connection.transaction():
            yield connection


async def the_service(request: Request) -> Service:
    """Return the running service of this request; async, or FastAPI sends it through a thread."""
    service: Service = request.app.state.service
    return service


TheService = Annotated[Service, Depends(the_service)]
