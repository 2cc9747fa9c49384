"""Publish beside the sequencer: a slow disk or a slow witness delays no signature."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field

import psycopg

from gis.postgis.audit.errors import AuditError
from gis.postgis.audit.place import Place
from gis.postgis.audit.publish import publish, published_note
from gis.postgis.audit.store import Database, Store, open_row
from gis.postgis.audit.witnesses import Witness, with_cosignatures

logger = logging.getLogger(__name__)


@dataclass
class Publisher:
    """A thread with its own connection; `lock` is held while files are written."""

    connection: Database
    place: Place
    witnesses: tuple[Witness, ...]
    every_s: float
    lock: threading.Lock = field(default_factory=threading.Lock)
    _is_ending: threading.Event = field(default_factory=threading.Event)
    _failed: AuditError | psycopg.Error | OSError | None = None
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin publishing."""
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
        self._thread.start()

    def check(self) -> None:
        """Raise what stopped the publisher, where something did."""
        if self._failed:
            raise self._failed

    def end(self) -> None:
        """Publish a last time and end; whoever wants to know how asks `check`."""
        self._is_ending.set()
        if self._thread:
            self._thread.join()
        self.connection.close()

    def _run(self) -> None:
        try:
            is_last = False
            while not is_last:
                is_last = self._is_ending.wait(self.every_s)
                with self.lock:
                    self._publish()
        except (AuditError, psycopg.Error, OSError) as error:
            self._failed = error

    def _publish(self) -> None:
        """Publish the open log's last checkpoint, cosigned where witnesses answer."""
        row = open_row(self.connection)
        last = Store(self.connection, row).last_checkpoint() if row else None
        if row is None or last is None:
            return
        folder = self.place.public_folder(row.origin)
        if _signed_part(last[1]) == _signed_part(published_note(folder) or ""):
            return
        store = Store(self.connection, row)
        publish(store, with_cosignatures(store, last[1], self.witnesses), folder)


def _signed_part(note: str) -> str:
    return note.partition("\n\n")[0]
