"""Store a city's watering profile: rules as they are, vehicles and refill points as rows."""

from __future__ import annotations

import psycopg

from gis.postgis.queries import query
from gis.watering_profile import WateringProfile, watering_json


def store_watering(connection: psycopg.Connection, profile: WateringProfile) -> None:
    """Replace the profile; a vehicle that is gone stays for its old tours, but no longer works."""
    connection.execute(query("watering_profile_store"), {"profile": watering_json(profile)})
    kept = {
        "vehicle_ids": [one.vehicle_id for one in profile.vehicles],
        "refill_ids": [one.refill_id for one in profile.refill_points],
    }
    connection.execute(query("vehicle_forget"), kept)
    connection.execute(query("refill_forget"), kept)
    with connection.cursor() as cursor:
        cursor.executemany(
            query("vehicle_store"),
            [
                {
                    "vehicle_id": one.vehicle_id,
                    "name": one.name,
                    "tank_l": one.tank_l,
                    "crew_hours_h": one.crew_hours_h,
                    "lon": one.depot.longitude_deg,
                    "lat": one.depot.latitude_deg,
                }
                for one in profile.vehicles
            ],
        )
        cursor.executemany(
            query("refill_store"),
            [
                {
                    "refill_id": one.refill_id,
                    "name": one.name,
                    "flow_l_min": one.flow_l_min,
                    "setup_min": one.setup_min,
                    "lon": one.at.longitude_deg,
                    "lat": one.at.latitude_deg,
                }
                for one in profile.refill_points
            ],
        )
