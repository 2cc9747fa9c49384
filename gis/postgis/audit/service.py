"""The sequencer as a service: one works, others wait; a database that goes away is waited for."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from gis.postgis.audit.origins import year_of
from gis.postgis.audit.place import Place
from gis.postgis.audit.publisher import Publisher
from gis.postgis.audit.sequencer import (
    OpenLog,
    connect,
    new_year,
    open_log,
    sequence_once,
    try_lock,
)
from gis.postgis.audit.store import Database
from gis.postgis.audit.witnesses import Witness

logger = logging.getLogger(__name__)

LOCK_PAUSE_S = 0.5
RECONNECT_PAUSE_S = 1.0


@dataclass(frozen=True, slots=True)
class Service:
    """How the sequencer runs."""

    url: str
    place: Place
    year: Callable[[], int]
    base: str | None = None
    witnesses: tuple[Witness, ...] = ()
    at_most: int = 1000
    pause_s: float = 0.05  # between looks at an empty queue
    publish_every_s: float = 1.0

    def run(self, *, is_stopped: Callable[[], bool], until_empty: bool = False) -> None:
        """Sequence until stopped, or until nothing waits.

        Raises AuditError where the log must not go on.
        """
        while not is_stopped():
            try:
                with connect(self.url) as connection:
                    if self._is_first(connection, is_stopped):
                        self._work(connection, is_stopped, until_empty)
                        return
            except psycopg.OperationalError as error:
                if until_empty:
                    raise
                logger.warning("database does not answer, waiting: %s", str(error).strip())
                time.sleep(RECONNECT_PAUSE_S)

    def _is_first(self, connection: Database, is_stopped: Callable[[], bool]) -> bool:
        is_told = False
        while not is_stopped():
            if try_lock(connection):
                return True
            if not is_told:
                logger.info("another sequencer works: waiting for it to end")
                is_told = True
            time.sleep(LOCK_PAUSE_S)
        return False

    def _work(
        self, connection: Database, is_stopped: Callable[[], bool], until_empty: bool
    ) -> None:
        log = open_log(connection, self.place, base=self.base, year=self.year())
        logger.info("sequencer ready origin=%s size=%d", log.origin, log.frontier.size)
        publisher = Publisher(connect(self.url), self.place, self.witnesses, self.publish_every_s)
        publisher.start()
        try:
            self._sequence(log, publisher, is_stopped, until_empty)
        finally:
            publisher.end()
        publisher.check()

    def _sequence(
        self,
        log: OpenLog,
        publisher: Publisher,
        is_stopped: Callable[[], bool],
        until_empty: bool,
    ) -> None:
        while not is_stopped():
            publisher.check()
            if year_of(log.origin) < self.year():
                with publisher.lock:  # the old log's last checkpoint is published once
                    log = new_year(log, self.place, base=self.base, year=self.year())
            moved = sequence_once(log, self.place, at_most=self.at_most)
            log = moved or log
            if moved is None:
                if until_empty:
                    return
                time.sleep(self.pause_s)
