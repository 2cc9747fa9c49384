"""A truck is let in by a person's one-time code; a revoked key never comes back."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import msgspec
import pytest

from api.__main__ import main as city_main
from contracts.picture import MaskReceipt
from edge.__main__ import main as truck_main
from edge.device_key import DeviceKey, ensure_key, key_from
from tests.api.test_pictures import put
from tests.messages import batch, jpeg, mask_receipt, moved
from tests.serving import CityServer

Offer = Callable[..., str]


@pytest.fixture
def offered(
    city: CityServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Offer:
    """The operator's command, in a city that is not simulated: it returns a code."""
    city.rows("UPDATE city SET simulated = false RETURNING 1")
    monkeypatch.setenv("DATABASE_URL", city.database_url)
    monkeypatch.setenv("STADTWART_DATA", str(tmp_path / "city"))

    def offer(device_id: str = "truck-1") -> str:
        assert city_main(["tokens", "enrol", device_id]) == 0
        line = capsys.readouterr().out.splitlines()[1]
        assert line.startswith("stadtwart edge enrol --url ")
        return line.rpartition(" ")[2]

    return offer


def enrol(city: CityServer, folder: Path, code: str, device_id: str = "truck-1") -> int:
    """Type the operator's line on the truck."""
    ways = ["--url", city.url, "--device-id", device_id, "--spool", str(folder / "spool.db")]
    return truck_main(["enrol", *ways, "--code", code, "--json"])


def bring(city: CityServer, key: DeviceKey, code: str, **changes: str) -> httpx.Response:
    """Send what a truck sends, changed or from elsewhere."""
    sent = msgspec.to_builtins(key.enrolment(device_id="truck-1", code=code)) | changes
    with city.client() as stranger:
        return stranger.post("/enrolments", json=sent)


def announce(city: CityServer, key: DeviceKey, picture: bytes) -> None:
    receipt = key.sign(msgspec.convert(mask_receipt(picture), MaskReceipt))
    city.send(batch(moved(20, picture=msgspec.to_builtins(receipt))))


def told(city: CityServer) -> list[str]:
    rows = city.rows(
        "SELECT kind, convert_from(body, 'UTF8')::json -> 'data' ->> 'reason' "
        "FROM audit_outbox WHERE kind LIKE 'device.%' ORDER BY event_id"
    )
    return [
        kind.removeprefix("device.") + (f": {reason}" if reason else "") for kind, reason in rows
    ]


def test_one_line_on_the_truck_brings_its_key_to_the_city_and_its_token_back(
    city: CityServer, offered: Offer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = jpeg(), jpeg(colour="red")
    code = offered()
    assert enrol(city, tmp_path, code.lower()) == 0
    said = json.loads(capsys.readouterr().out)
    key = ensure_key(tmp_path / "device.key")
    assert city.rows("SELECT device_id, public_key FROM device_key") == [("truck-1", key.public)]
    token = Path(said["token_file"])
    assert (token.read_text().strip(), token.stat().st_mode & 0o777) == (
        city.tokens["vehicle"],
        0o600,
    )
    announce(city, key, first)
    assert put(city, first).status_code == 201
    announce(city, key_from(b"another key, of another machine!"), second)
    assert put(city, second).status_code == 422
    assert told(city) == ["enrolment_offered", "key_enrolled"]
    assert code not in str(city.rows("SELECT * FROM device_enrolment"))


def test_a_real_city_takes_no_picture_of_a_truck_that_nobody_enrolled(city: CityServer) -> None:
    city.rows("UPDATE city SET simulated = false RETURNING 1")
    picture = jpeg()
    city.send(batch(moved(20, picture=mask_receipt(picture))))
    answer = put(city, picture)
    assert (answer.status_code, "stadtwart tokens enrol" in answer.json()["detail"]) == (422, True)
    assert city.rows("SELECT count(*) FROM device_key") == [(0,)]


def test_a_code_works_once_for_one_truck_and_not_for_ever(
    city: CityServer, offered: Offer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine, others = key_from(bytes(32)), key_from(b"1" * 32)
    code = offered()
    assert bring(city, mine, code, device_id="truck-2").status_code == 403  # signed for truck-1
    assert bring(city, mine, code, public_key=others.public).status_code == 403  # not its key
    assert enrol(city, tmp_path, code, "truck-2") == 7
    assert "ask for a new code" in capsys.readouterr().err
    assert bring(city, mine, "AAAA-" * 4 + "AAAA").status_code == 403
    assert bring(city, mine, "AAAA").status_code == 422
    assert bring(city, mine, code).status_code == 201
    assert bring(city, mine, code).status_code == 403  # the very same message again
    late = offered()
    city.rows(
        "UPDATE device_enrolment SET offered_at = now() - interval '2 days', "
        "expires_at = now() - interval '1 day' WHERE used_at IS NULL RETURNING 1"
    )
    assert bring(city, mine, late).status_code == 403
    assert told(city) == [
        "enrolment_offered",
        "enrolment_refused: wrong signature",
        "enrolment_refused: wrong signature",
        "enrolment_refused: unknown code",
        "enrolment_refused: unknown code",
        "key_enrolled",
        "enrolment_refused: used code",
        "enrolment_offered",
        "enrolment_refused: expired code",
    ]


def test_of_many_who_bring_one_code_at_once_exactly_one_gets_in(
    city: CityServer, offered: Offer
) -> None:
    code = offered()
    keys = [key_from(bytes([number]) * 32) for number in range(6)]
    with ThreadPoolExecutor(6) as trucks:
        answers = list(trucks.map(lambda key: bring(city, key, code).status_code, keys))
    assert sorted(answers) == [201] + [403] * 5
    assert len(city.rows("SELECT public_key FROM device_key")) == 1


def test_a_revoked_key_stays_out_and_new_hardware_comes_with_a_new_code(
    city: CityServer, offered: Offer
) -> None:
    stolen, fresh, picture = key_from(bytes(32)), key_from(b"1" * 32), jpeg()
    assert bring(city, stolen, offered()).status_code == 201
    assert bring(city, fresh, offered()).status_code == 201  # replaces, and so revokes
    announce(city, stolen, picture)
    assert put(city, picture).status_code == 422
    code = offered()
    assert bring(city, stolen, code).status_code == 403
    assert bring(city, fresh, code).status_code == 201  # the refusal did not use the code up
    assert city.rows("SELECT public_key FROM revoked_device_key") == [(stolen.public,)]
    assert told(city)[-2:] == ["enrolment_offered", "enrolment_refused: revoked key"]
    assert told(city).count("key_forgotten") == 1


def test_an_administrator_offers_codes_and_revokes_keys_in_the_page_too(city: CityServer) -> None:
    key, picture = key_from(bytes(32)), jpeg()
    with city.client("admin") as admin:
        code = admin.post("/devices/truck-1/enrolments", json={"hours": 2}).json()["code"]
        assert admin.post("/devices/truck-1/enrolments", json={"hours": 999}).status_code == 422
        assert bring(city, key, code).status_code == 201
        assert admin.delete("/devices/truck-1/key").status_code == 204
        announce(city, key, picture)
        assert put(city, picture).status_code == 422  # also where first keys are trusted


def test_the_trucks_commands_refuse_what_makes_no_sense(
    city: CityServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        city_main(["tokens", "enrol", "Hans Müller"])
    assert enrol(city, tmp_path, "not a code") == 7
    assert not (tmp_path / "vehicle.token").exists()
    assert truck_main(["enrol", "--spool", str(tmp_path / "s.db"), "--code", "AAAA"]) == 2
    assert "no city address" in capsys.readouterr().err
