"""`stadtwart governance load`: cards of the released models and the register, unpublished.

Loading again changes nothing, unless the program brings a newer model or text: then a record gets
a new version, which waits for a person like the first.
"""

from __future__ import annotations

import logging
from typing import Any

from gis.postgis.errors import CityError
from gis.postgis.governance import gate, register
from gis.postgis.governance.gate import Database, Person
from gis.postgis.governance.shipped import SYSTEMS, ShippedModel, newest
from gis.postgis.queries import query
from governance.audit_event import Actor
from governance.register_seed import CardInUse, RegisterOwner, fill, seeds

logger = logging.getLogger(__name__)
OPERATOR = Person("operator:cli")
LOADER = Actor("person", OPERATOR.ref)


def load(connection: Database) -> dict[str, int]:
    """Store what is new; return how many cards and record versions that were.

    Raises CityError without a city: a record names who is responsible.
    """
    owner = owner_of(connection)
    models = released()
    cards = sum(gate.register_card(connection, one, registrar=OPERATOR) for one in models.values())
    in_use = {system: _in_use(one) for system, one in models.items()}
    records = 0
    for seed in seeds():
        if not _may_replace(connection, seed["record_id"]):
            continue
        if register.write(connection, fill(seed, owner, in_use), actor=LOADER) is not None:
            records += 1
    logger.info("governance loaded cards=%d record_versions=%d", cards, records)
    return {"cards": cards, "record_versions": records}


def released() -> dict[str, ShippedModel]:
    """Return the newest released model of each system that has one."""
    found = {system: newest(system) for system in set(SYSTEMS.values())}
    return {system: model for system, model in found.items() if model is not None}


def owner_of(connection: Database) -> RegisterOwner:
    """Return what the records say of the city."""
    row = connection.execute(query("register_owner")).fetchone()
    if row is None:
        raise CityError("no city is loaded: run `stadtwart city load DIR` first")
    name, slug, authority, email, origin, key = row
    return RegisterOwner(name, authority or name, email or f"ki@{slug}.example", origin, key)


def _may_replace(connection: Database, record_id: str) -> bool:
    """What people wrote is theirs: a text of the program never goes over it."""
    values: dict[str, Any] = {"record_id": record_id, "loader": LOADER.ref}
    row = connection.execute(query("register_by_people"), values).fetchone()
    return row is None


def _in_use(model: ShippedModel) -> CardInUse:
    return CardInUse(
        name=model.card["name"],
        version=model.card["version"],
        model_sha256=model.model_sha256,
        card_sha256=model.card_sha256,
        body=model.card,
    )
