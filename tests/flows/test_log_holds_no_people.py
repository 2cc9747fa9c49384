"""What a day at the desk writes into the log: no name, no place, no sentence of anybody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from governance.event_types import TYPES
from tests.messages import batch, heartbeat, jpeg, mask_receipt, moved, sighting
from tests.serving import CityServer

WRITTEN = {  # what people and places are called in this flow; none of it may reach the log
    "reason": "Schatten, sagt Erika Mustermann",
    "title": "Loch vor Haus 5",
    "team": "Kolonne Müller",
    "note": "mit Herrn Schulze gefüllt",
}
PLACES = ("Weststraße", "Oststraße", "Am Ring", "Kleinstadt", "11.96", "51.48")
DECIMAL_DEGREES = re.compile(r"\b\d{1,2}\.\d{3,}")


def a_day(city: CityServer) -> None:
    """Each kind of thing that people and trucks do."""
    picture = jpeg()
    seen = moved(20, picture=mask_receipt(picture))
    with city.client("vehicle") as truck:
        truck.post("/batches", json=batch(seen, moved(70), moved(120)))
        truck.post("/batches", json=batch(sighting(confidence=70)))  # refused
        digest = sha256(picture).hexdigest()
        headers = {"Content-Type": "image/jpeg"}
        assert truck.put(f"/pictures/{digest}", content=picture, headers=headers).is_success
        truck.post("/heartbeats", json=heartbeat())
    city.wait_for_merge()
    first, second, third = (n for (n,) in city.rows("SELECT damage_id FROM damage ORDER BY 1"))
    with city.client("road") as road:
        decision: dict[str, Any] = {"seen_verdict_id": None, "seconds_spent": 3}
        decision["reason"] = WRITTEN["reason"]
        given = [
            road.post(f"/damages/{number}/verdicts", json=decision | {"verdict": verdict})
            for number, verdict in (
                (first, "confirmed"),
                (second, "confirmed"),
                (third, "not a damage"),
            )
        ]
        undone = {"verdict_id": given[2].json()["verdict_id"]}
        assert road.post(f"/damages/{third}/verdicts/undo", json=undone).is_success
        for number, end in ((first, "completion"), (second, "cancellation")):
            wanted = {"title": WRITTEN["title"], "team": WRITTEN["team"], "damage_ids": [number]}
            order = road.post("/work-orders", json=wanted).json()["work_order_id"]
            told = {"note" if end == "completion" else "reason": WRITTEN["note"]}
            assert road.post(f"/work-orders/{order}/{end}", json=told).is_success
        assert road.get(f"/pictures/{digest}").is_success
    with city.client() as browser:
        login = {"token": city.tokens["road"]}
        headers = {"Sec-Fetch-Site": "same-origin"}
        assert browser.post("/session", json=login, headers=headers).is_success


def texts(value: Any) -> Iterator[str]:
    """Each string in a body, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def test_no_body_of_a_day_at_the_desk_holds_a_person_or_a_place(city: CityServer) -> None:
    a_day(city)
    bodies = [bytes(row[0]).decode() for row in city.rows("SELECT body FROM audit_outbox")]
    kinds = {json.loads(body)["type"] for body in bodies}
    assert len(kinds) >= 12, f"the day should leave most kinds of events, it left {sorted(kinds)}"
    for body in bodies:
        for personal in (*WRITTEN.values(), *" ".join(WRITTEN.values()).split(), *PLACES):
            if len(personal) > 3:
                assert personal not in body
        assert not DECIMAL_DEGREES.search(json.dumps(json.loads(body)["data"]))
        for text in texts(json.loads(body)):
            assert " " not in text or text in {"not a damage", "batch id used twice"}, body
    assert kinds <= set(TYPES)
