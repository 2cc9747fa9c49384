"""What the routes share: database pool, settings, tokens, and the wish to merge."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Request
from psycopg import AsyncConnection

from api.settings import Settings
from api.tokens import Tokens
from gis.postgis.database import Pool

logger = logging.getLogger(__name__)


@dataclass
class Service:
    """One running service."""

    settings: Settings
    tokens: Tokens
    pool: Pool
    merge_wanted: asyncio.Event = field(default_factory=asyncio.Event)
    _check: asyncio.Task[None] | None = None

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
