"""Erasure on request: pictures and passes near a place at a time, one picture, or one person.

What was decided stays decided and proven: the damage on the road, the verdict, the log. What goes
is the picture, which vehicle was there when, and the link from a reference to a human being.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from gis.postgis import outbox
from gis.postgis.errors import DatabaseError
from gis.postgis.queries import query
from gis.postgis.retention.rules import ROLE, digest_of
from governance.audit_event import Actor, Subject, event, event_id

WIDEST_M = 2000  # a request about more than a quarter of a town is a mistake
OPERATOR = Actor("person", "operator:cli")


class ErasureError(DatabaseError):
    """The request cannot be carried out as it stands; nothing was erased."""


@dataclass(frozen=True, slots=True)
class Near:
    """A place and a span of time, as a citizen names them; times with zone, `until` excluded."""

    longitude_deg: float
    latitude_deg: float
    radius_m: float
    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        """Refuse what can only be a mistake."""
        if not (5.8 <= self.longitude_deg <= 15.1 and 47.2 <= self.latitude_deg <= 55.1):
            raise ErasureError(
                f"{self.longitude_deg},{self.latitude_deg} is not in Germany: longitude first"
            )
        if not 0 < self.radius_m <= WIDEST_M:
            raise ErasureError(f"a radius of {self.radius_m} m: up to {WIDEST_M} m")
        if not self.since < self.until:
            raise ErasureError(f"the time ends ({self.until}) before it begins ({self.since})")


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: ids for the receipt in the requester's hand, the digest for the log."""

    erasure_id: UUID
    by: str
    pictures: list[str] = field(default_factory=list)
    sightings: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)  # SHA-256 of each key

    @property
    def digest(self) -> str:
        """The digest that stands in the log, over all ids."""
        return digest_of([*self.pictures, *self.sightings, *self.keys])


def erase_near(connection: Connection[Any], near: Near, *, is_dry: bool = False) -> Erased:
    """Erase pictures and passes near a place at a time."""
    with connection.transaction(force_rollback=is_dry):
        _become_keeper(connection)
        wanted = {
            "longitude_deg": near.longitude_deg,
            "latitude_deg": near.latitude_deg,
            "radius_m": near.radius_m,
            "since": near.since,
            "until": near.until,
        }
        hits = connection.execute(query("erasure_near"), wanted).fetchall()
        erased = Erased(
            event_id(),
            "place and time",
            pictures=_forget_pictures(connection, [sha for _, sha in hits if sha]),
            sightings=_texts(
                connection, "erasure_passes", {"sighting_ids": [one for one, _ in hits]}
            ),
        )
        _receipt(connection, erased)
    return erased


def erase_picture(connection: Connection[Any], sha256: str, *, is_dry: bool = False) -> Erased:
    """Erase one picture, named by the hash the log knows it by."""
    with connection.transaction(force_rollback=is_dry):
        _become_keeper(connection)
        pictures = _forget_pictures(connection, [sha256])
        if not pictures:
            raise ErasureError(f"there is no picture {sha256}: nothing was erased")
        erased = Erased(event_id(), "picture", pictures=pictures)
        _receipt(connection, erased)
    return erased


def erase_person(connection: Connection[Any], person_id: UUID, *, is_dry: bool = False) -> Erased:
    """Erase a person with account and sessions, and cut their references."""
    with connection.transaction(force_rollback=is_dry):
        _become_keeper(connection)
        wanted = {"person_id": person_id}
        keys = _texts(connection, "erasure_person_keys", wanted)
        people = _texts(connection, "erasure_person", wanted)
        if not keys and not people:
            raise ErasureError(f"nobody has the id {person_id}: nothing was erased")
        erased = Erased(event_id(), "person", keys=keys)
        _receipt(connection, erased)
    return erased


def _become_keeper(connection: Connection[Any]) -> None:
    connection.execute(f"SET LOCAL ROLE {ROLE}".encode())


def _forget_pictures(connection: Connection[Any], sha256s: list[str]) -> list[str]:
    return _texts(connection, "erasure_pictures", {"sha256s": sorted(set(sha256s))})


def _texts(connection: Connection[Any], name: str, values: dict[str, Any]) -> list[str]:
    return [str(row[0]) for row in connection.execute(query(name), values)]


def _receipt(connection: Connection[Any], erased: Erased) -> None:
    happened = event(
        "erasure.done",
        actor=OPERATOR,
        subject=Subject("erasure", str(erased.erasure_id)),
        data={
            "by": erased.by,
            "pictures": len(erased.pictures),
            "sightings": len(erased.sightings),
            "keys": len(erased.keys),
            "digest": erased.digest,
        },
    )
    connection.execute(query("audit_record"), outbox.parameters(happened))
