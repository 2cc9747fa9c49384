"""Give the city what waits: batches, then their pictures, the heartbeats, the coverage.

Nothing leaves the spool before the city says that it has it. A refusal of many is halved until
the bad sighting is alone; a refusal of one is parked; everything else is tried again, slower.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from uuid import UUID

import msgspec

from contracts.batch import Receipt
from contracts.coverage import CoverageReceipt
from edge.city import NO_ANSWER, Answer, City
from edge.errors import PostponedError
from edge.heartbeat import heartbeat_of
from edge.outbox import Letter, Outbox
from edge.spool import Owed, Spool

logger = logging.getLogger(__name__)


class Fate(Enum):
    """What the spool does next with the thing that was sent."""

    DONE = "done"  # with the city: let go
    RETRY = "retry"  # our trouble or theirs, for now: keep, wait longer
    SPLIT = "split"  # one of many is refused: find out which
    PARK = "park"  # the city refuses it: keep for a person, never resend by itself


REFUSALS = frozenset({400, 409, 413, 415, 422})  # about what was sent, not about who or when


def fate_of(status: int, *, sightings: int = 1) -> Fate:
    """Read the HTTP status of an upload.

    401 and 403 are RETRY: a wrong token is the operator's fault, and losing evidence over
    it would be ours. So is a wrong address (3xx, 404, 405).
    """
    if 200 <= status < 300:
        return Fate.DONE
    if status in REFUSALS:
        return Fate.SPLIT if sightings > 1 else Fate.PARK
    return Fate.RETRY


def receipt_in(answer: Answer, batch_id: UUID, *, sightings: int) -> Receipt | None:
    """Return the receipt for exactly this batch; None: a captive portal may say 200, too."""
    try:
        receipt = msgspec.json.decode(answer.body, type=Receipt)
    except msgspec.MsgspecError:
        return None
    is_ours = receipt.batch_id == batch_id and receipt.stored + receipt.known == sightings
    return receipt if is_ours else None


def is_covered(answer: Answer, coverage_id: str) -> bool:
    """Tell whether the city has exactly these sums."""
    try:
        receipt = msgspec.json.decode(answer.body, type=CoverageReceipt)
    except msgspec.MsgspecError:
        return False
    return str(receipt.coverage_id) == coverage_id


@dataclass(slots=True)
class BackOff:
    """Wait longer after each failure, by chance more or less, until patience ends."""

    first_s: float
    limit_s: float
    patience_s: float
    sleep: Callable[[float], None]
    chance: random.Random = field(default_factory=random.SystemRandom)
    failures: int = 0
    waited_s: float = 0.0

    def succeeded(self) -> None:
        """Begin anew."""
        self.failures = 0
        self.waited_s = 0.0

    def failed(self, answer: Answer) -> None:
        """Wait; not shorter than the city asked for.

        Raises PostponedError when patience ends.
        """
        growing_s = min(self.limit_s, self.first_s * 2 ** min(self.failures, 30))
        wait_s = max(growing_s * self.chance.uniform(0.5, 1.5), answer.retry_after_s or 0.0)
        if self.waited_s + wait_s > self.patience_s:
            raise PostponedError(explain(answer))
        self.failures += 1
        self.waited_s += wait_s
        logger.warning("upload postponed status=%d wait_s=%.1f", answer.status, wait_s)
        self.sleep(wait_s)


def explain(answer: Answer) -> str:
    """Say why the city did not take it, and what helps."""
    kept = "Everything waits in the spool; `stadtwart edge upload` sends it."
    if answer.status == NO_ANSWER:
        return (
            f"the city does not answer ({answer.problem}): check EDGE_URL and the network. {kept}"
        )
    if answer.status in (401, 403):
        return f"the city refuses the token ({answer.status}): renew EDGE_TOKEN_FILE. {kept}"
    if answer.status in (404, 405) or 200 <= answer.status < 400:
        return f"EDGE_URL does not lead to the city's service ({answer.status}): correct it. {kept}"
    return f"the city cannot take it now ({answer.status}). {kept}"


@dataclass(slots=True)
class Sent:
    """What the city has since this upload began."""

    sightings: int = 0
    pictures: int = 0
    parked: int = 0


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload of everything that waits."""

    spool: Spool
    outbox: Outbox
    city: City
    back_off: BackOff
    batch_sightings: int
    sent: Sent

    def run(self) -> None:
        """Send until nothing waits.

        Raises PostponedError when the city does not take it within the patience.
        """
        while letter := self.outbox.next_letter(size=self.batch_sightings, now=datetime.now(UTC)):
            self._send_letter(letter)
        while picture := self.outbox.next_picture():
            self._send_picture(*picture)
        for owed in self.spool.owed_heartbeats():
            self._send_heartbeat(owed)
        while covered := self.outbox.next_coverage():
            self._send_coverage(*covered)

    def _send_letter(self, letter: Letter) -> None:
        answer = self.city.send_batch(letter.body)
        fate = fate_of(answer.status, sightings=letter.sightings)
        receipt = receipt_in(answer, letter.batch_id, sightings=letter.sightings)
        if fate is Fate.DONE and receipt is not None:
            self.outbox.settle_letter(receipt)
            self.sent.sightings += letter.sightings
            self.back_off.succeeded()
        elif fate is Fate.SPLIT:
            logger.warning("batch halved batch=%s status=%d", letter.batch_id, answer.status)
            self.outbox.split_letter(letter, now=datetime.now(UTC))
        elif fate is Fate.PARK:
            logger.error("sighting parked batch=%s status=%d", letter.batch_id, answer.status)
            self.outbox.park_letter(letter, reason_of(answer))
            self.sent.parked += 1
        else:
            self.back_off.failed(answer)

    def _send_picture(self, sha256: str, jpeg: bytes) -> None:
        answer = self.city.send_picture(sha256, jpeg)
        fate = Fate.PARK if answer.status == 404 else fate_of(answer.status)
        if fate is Fate.DONE and (answer.is_json or not answer.body):
            self.outbox.settle_picture(sha256)
            self.sent.pictures += 1
            self.back_off.succeeded()
        elif fate is Fate.PARK:
            logger.error("picture parked sha256=%s status=%d", sha256, answer.status)
            self.outbox.park_picture(sha256, reason_of(answer))
            self.sent.parked += 1
        else:
            self.back_off.failed(answer)

    def _send_coverage(self, coverage_id: str, body: bytes) -> None:
        answer = self.city.send_coverage(body)
        fate = fate_of(answer.status)
        if fate is Fate.DONE and is_covered(answer, coverage_id):
            self.outbox.settle_coverage(coverage_id)
            self.back_off.succeeded()
        elif fate is Fate.PARK:
            logger.error("coverage parked coverage=%s status=%d", coverage_id, answer.status)
            self.outbox.park_coverage(coverage_id, reason_of(answer))
            self.sent.parked += 1
        else:
            self.back_off.failed(answer)

    def _send_heartbeat(self, owed: Owed) -> None:
        body = owed.body
        if body is None:
            body = msgspec.json.encode(
                heartbeat_of(
                    owed.drive_id,
                    owed.progress,
                    self.spool.content(),
                    device_id=self.outbox.device_id,
                    now=datetime.now(UTC),
                )
            )
            self.spool.write_heartbeat(owed.drive_id, body)
        while True:
            answer = self.city.send_heartbeat(body)
            fate = fate_of(answer.status)
            if fate is Fate.RETRY:
                self.back_off.failed(answer)
                continue
            if fate is Fate.PARK:
                logger.error("heartbeat parked drive=%s status=%d", owed.drive_id, answer.status)
            self.spool.settle_heartbeat(owed.drive_id, is_parked=fate is Fate.PARK)
            return


def reason_of(answer: Answer) -> str:
    """Return the city's words for a refusal, for the person who looks at what is parked."""
    try:
        problem = msgspec.json.decode(answer.body, type=dict[str, object])
    except msgspec.MsgspecError:
        return str(answer.status)
    detail = problem.get("detail") or problem.get("title") or ""
    return f"{answer.status} {detail}"[:300].strip()
