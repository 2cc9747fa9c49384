"""The second detector in the background: drawn pictures are looked at one by one, each once.

The row is held while it is looked at, so no other server takes it; a service that dies leaves it
waiting. What is seen, the withholding and the event are one transaction.
"""

from __future__ import annotations

import logging
from contextlib import AbstractAsyncContextManager
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from api.background import background
from api.judge_process import Look, LookFailedError, LookInterruptedError
from api.service import Service
from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Actor, Subject, event
from vision.judge.findings import Answer
from vision.judge.installed import Models, Standing

logger = logging.getLogger(__name__)

MACHINE = Actor("machine", "second-detector")


def judging(service: Service, database_url: str) -> AbstractAsyncContextManager[None]:
    """Look at drawn pictures whenever some have arrived, until the block ends."""

    async def judge() -> None:
        await judge_all(service)

    return background(
        database_url,
        "judging",
        judge,
        wanted=service.judging_wanted,
        pause_s=service.settings.judge_pause_s,
    )


async def judge_all(service: Service) -> None:
    """Look at what is drawn and still kept, until nothing is left that nobody else holds."""
    detector = service.second_detector
    standing = detector.standing()
    await note(service, standing)
    if standing is not Standing.INSTALLED or not await _is_waiting(service):
        return
    try:
        async with detector.looking() as look:
            while await _judge_one(service, detector.models(), look):
                pass
    except LookInterruptedError as error:
        logger.warning("second look interrupted reason=%s", error)


async def note(service: Service, standing: Standing) -> None:
    """Write down a new share, or that the second detector came or went; with its event."""
    share = round(service.settings.judge_share, 4)
    async with service.transaction() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await connection.execute("SELECT pg_advisory_xact_lock(hashtext('judge_rule'))")
        last = await (await cursor.execute(query("judge_rule_newest"))).fetchone()
        if last and (float(last["share"]), last["standing"]) == (share, standing.value):
            return
        values = {"share": share, "standing": standing.value}
        row = await (await connection.execute(query("judge_rule_store"), values)).fetchone()
        happened = event(
            "judge.set",
            actor=MACHINE,
            subject=Subject("judge", str(row[0] if row else 0)),
            data={"standing": standing.value, "share_permille": round(share * 1000)},
        )
        await outbox.record(connection, happened)
    logger.info("second detector standing=%s share=%.3f", standing.value.replace(" ", "_"), share)


async def _is_waiting(service: Service) -> bool:
    async with service.transaction() as connection:
        return await _take(connection) is not None


async def _judge_one(service: Service, models: Models, look: Look) -> bool:
    """Look at the next picture; False when none is left."""
    async with service.transaction() as connection:
        drawn = await _take(connection)
        if drawn is None:
            return False
        is_alive = True
        try:
            said = await look(drawn["jpeg"])
        except LookFailedError as error:
            logger.warning("picture not looked at sha256=%s reason=%s", drawn["sha256"], error)
            said, is_alive = Answer(is_readable=False), False
        await _store(connection, drawn, models, said)
        return is_alive  # a new process at the next job


async def _take(connection: AsyncConnection[Any]) -> dict[str, Any] | None:
    row = await (await connection.execute(query("judging_take"))).fetchone()
    return None if row is None else dict(zip(("judging_id", "sha256", "jpeg"), row, strict=True))


async def _store(
    connection: AsyncConnection[Any], drawn: dict[str, Any], models: Models, said: Answer
) -> None:
    outcome = "alarm" if said.findings else "nothing" if said.is_readable else "not readable"
    values = {
        "judging_id": drawn["judging_id"],
        "outcome": outcome,
        "face_model_sha256": models.face_sha256,
        "plate_model_sha256": models.plate_sha256,
        "seen": Jsonb(msgspec.to_builtins(said.findings)),
    }
    await connection.execute(query("judging_store"), values)
    kinds = [one.kind for one in said.findings]
    judged = event(
        "picture.judged",
        actor=MACHINE,
        subject=Subject("picture", drawn["sha256"]),
        data={
            "outcome": outcome,
            "faces": kinds.count("face"),
            "plates": kinds.count("plate"),
            "face_model": models.face_sha256,
            "plate_model": models.plate_sha256,
        },
    )
    await outbox.record(connection, judged)
