"""Load a city folder: places are replaced, damages keep their segment while it exists."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from gis.city import City, CityFolderError, read_city
from gis.postgis import outbox
from gis.postgis.errors import CityError
from gis.postgis.queries import query
from gis.postgis.watering import store_watering
from gis.profile import profile_json, read_profile
from gis.watering_profile import read_watering
from governance.audit_event import Actor, Subject, event

logger = logging.getLogger(__name__)


def load_city(url: str, folder: Path) -> City:
    """Read the folder and store it in one transaction with its audit event.

    Raises CityError for an unusable folder, or for another city than the one whose
    sightings are stored.
    """
    try:
        city = read_city(folder)
        profile = read_profile(folder)
        watering = read_watering(folder)
    except CityFolderError as error:
        raise CityError(str(error)) from error
    with psycopg.connect(url) as connection:
        _refuse_other_city(connection, city)
        _store(connection, city)
        stored = {"profile": profile_json(profile)}
        connection.execute(query("report_profile_store"), stored)
        store_watering(connection, watering)
        _record(connection, city)
    logger.info("city loaded slug=%s streets=%d", city.facts.slug, len(city.streets))
    return city


def _refuse_other_city(connection: psycopg.Connection, city: City) -> None:
    stored = connection.execute(query("city_in_use")).fetchone()
    if stored and stored != (city.facts.slug, city.metric_srid):
        raise CityError(
            f"this database holds sightings of {stored[0]!r} (EPSG:{stored[1]}), not of "
            f"{city.facts.slug!r} (EPSG:{city.metric_srid}): use another database or data folder"
        )


def _store(connection: psycopg.Connection, city: City) -> None:
    srid = city.metric_srid
    districts = [
        {"district_id": one.district_id, "name": one.name, "wkb": one.area.wkb, "srid": srid}
        for one in city.districts
    ]
    streets = [
        {
            "segment_id": one.segment_id,
            "name": one.name,
            "road_class": one.road_class,
            "district_id": one.district_id,
            "wkb": one.line.wkb,
            "srid": srid,
        }
        for one in city.streets
    ]
    with connection.cursor() as cursor:
        cursor.executemany(query("district_store"), districts)
        cursor.executemany(query("street_store"), streets)
        kept: dict[str, Any] = {
            "segment_ids": [one.segment_id for one in city.streets],
            "district_ids": [one.district_id for one in city.districts],
        }
        cursor.execute(query("street_forget"), kept)
        cursor.execute(query("district_forget"), kept)
        facts = msgspec.structs.asdict(city.facts)
        cursor.execute(query("city_store"), facts | {"srid": srid})
        cursor.execute(query("damage_place_again"))


def _record(connection: psycopg.Connection, city: City) -> None:
    loaded = event(
        "city.loaded",
        actor=Actor("person", "operator:cli"),
        subject=Subject("city", city.facts.slug),
        data={"streets": len(city.streets), "districts": len(city.districts)},
    )
    connection.execute(query("audit_record"), outbox.parameters(loaded))
