"""A simulated city approves its models and publishes its records, so there is something to see.

The approving person is invented and says so wherever the approval is shown.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import psycopg

from gis.postgis.errors import CityError
from gis.postgis.governance import gate, register
from gis.postgis.governance.gate import Database, Person
from gis.postgis.governance.guideline_run import run_checks, store
from gis.postgis.governance.inspection import inspect
from gis.postgis.governance.load import load, released
from gis.postgis.queries import query
from governance.audit_event import Actor

APPROVER = Person("demo:a11ce0000001", shown_as="Alice Beispiel (erfunden)")
PUBLISHED = ("road-damage", "watering")


def approve(url: str, environ: Mapping[str, str] = os.environ) -> None:
    """Load, check, approve, publish, check again; a second time changes nothing.

    Raises CityError where the city is real: there people decide.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        _require_simulated(connection)
        load(connection)
        _check(connection, environ)
        for model in released().values():
            if not _is_active(connection, model.card_sha256):
                gate.activate(connection, model, approver=APPROVER, is_simulated=True)
        _publish(connection)
        _check(connection, environ)


def check(url: str, environ: Mapping[str, str] = os.environ) -> None:
    """Check the guideline once more, when there is something to look at."""
    with psycopg.connect(url, autocommit=True) as connection:
        _check(connection, environ)


def _check(connection: Database, environ: Mapping[str, str]) -> None:
    found = run_checks(inspect(connection, environ))
    store(connection, found, actor=Actor("person", "operator:cli"))


def _publish(connection: Database) -> None:
    rows = connection.execute(query("register_newest"), {"record_id": None}).fetchall()
    for record_id, version, _, _, _, _, public_version in rows:
        if record_id in PUBLISHED and public_version != version:
            register.publish(connection, record_id, version, person=APPROVER, is_simulated=True)


def _require_simulated(connection: Database) -> None:
    row = connection.execute("SELECT simulated FROM city").fetchone()
    if row is None or not row[0]:
        raise CityError(
            "only a simulated city approves its own models: in a real one a person does, on /models"
        )


def _is_active(connection: Database, card_sha256: str) -> bool:
    row = connection.execute(
        "SELECT FROM model_active WHERE card_sha256 = %s", [card_sha256]
    ).fetchone()
    return row is not None
