"""Pictures from outside: clean when kept, refused before they can hurt."""

from __future__ import annotations

import struct
from hashlib import sha256
from io import BytesIO

import httpx
import msgspec
import pytest
from PIL import Image

from api.jpeg import UnusablePictureError, clean
from api.pdf import weasyprint
from contracts.picture import MaskReceipt
from edge.device_key import DeviceKey, key_from
from tests.messages import batch, jpeg, mask_receipt, moved
from tests.serving import CityServer


def huge(width_px: int, height_px: int) -> bytes:
    """Return a small JPEG whose header claims to be huge."""
    data = bytearray(jpeg())
    start = data.index(b"\xff\xc0") + 5
    data[start : start + 4] = struct.pack(">HH", height_px, width_px)
    return bytes(data)


def with_metadata() -> bytes:
    """Return a JPEG with a place, an owner and a comment, and a zip file behind its end."""
    exif = Image.Exif()
    exif[0x8298] = "Erika Mustermann"
    exif.get_ifd(0x8825)[1] = "N"
    return jpeg(exif=exif, comment=b"call 0345 1234567") + b"PK\x03\x04 hidden"


BAD = {
    "nothing": b"",
    "a PNG": b"\x89PNG\r\n\x1a\n" + b"0" * 100,
    "an SVG": b"<svg onload='alert(1)'/>",
    "only the magic": b"\xff\xd8\xff",
    "cut off": jpeg(400, 300)[:900],
    "20,000 by 20,000 pixels": huge(20_000, 20_000),
    "just over 12 megapixels": huge(4001, 3000),
    "no pixels": huge(0, 0),
    "a thousand scans": jpeg() + b"\xff\xda" * 1000,
    "noise after the magic": b"\xff\xd8\xff" + bytes(range(256)) * 8,
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD.keys())
def test_what_is_no_modest_jpeg_is_refused(data: bytes) -> None:
    with pytest.raises(UnusablePictureError):
        clean(data)


def test_a_torn_picture_is_refused_also_after_a_pdf_was_written() -> None:
    weasyprint()
    with pytest.raises(UnusablePictureError):
        clean(BAD["cut off"])


def test_place_owner_comment_and_tail_are_gone() -> None:
    kept = clean(with_metadata())
    for secret in (b"Mustermann", b"0345", b"Exif", b"PK\x03\x04"):
        assert secret in with_metadata()
        assert secret not in kept.jpeg
    with Image.open(BytesIO(kept.jpeg)) as picture:
        assert picture.size == (64, 48) == (kept.width_px, kept.height_px)
        assert not picture.getexif()


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
def test_every_kind_of_jpeg_becomes_an_ordinary_one(mode: str) -> None:
    file = BytesIO()
    Image.new(mode, (20, 10)).save(file, "JPEG", progressive=True)
    with Image.open(BytesIO(clean(file.getvalue()).jpeg)) as picture:
        assert (picture.mode, picture.size) == ("RGB", (20, 10))


def put(city: CityServer, data: bytes, *, name: str | None = None) -> httpx.Response:
    """Upload a picture as a truck."""
    with city.client("vehicle") as truck:
        address = f"/pictures/{name or sha256(data).hexdigest()}"
        return truck.put(address, content=data, headers={"Content-Type": "image/jpeg"})


def test_only_announced_whole_and_harmless_pictures_are_kept(city: CityServer) -> None:
    good, bomb = jpeg(), huge(20_000, 20_000)
    assert put(city, good).status_code == 404
    receipts = [mask_receipt(good), mask_receipt(bomb)]
    city.send(batch(*(moved(20, picture=receipt) for receipt in receipts)))
    assert put(city, bomb).status_code == 422
    assert put(city, b"other bytes", name=receipts[0]["picture_sha256"]).status_code == 422
    with city.client("vehicle") as truck:
        address = f"/pictures/{receipts[0]['picture_sha256']}"
        assert truck.put(address, content=good).status_code == 415
        assert truck.put(address, content=b"0" * 2_000_001).status_code == 413
    assert city.rows("SELECT count(*) FROM picture") == [(0,)]
    assert put(city, good).status_code == 201


def test_a_quarantined_sighting_may_still_send_its_picture(city: CityServer) -> None:
    data = jpeg()
    city.send(batch(moved(9_000, picture=mask_receipt(data))))
    city.wait_for_merge()
    assert put(city, data).status_code == 201


OTHER_KEY = key_from(b"another key, of another machine!")


def announced_by(key: DeviceKey, data: bytes) -> dict[str, object]:
    """Return a sighting whose picture another key vouches for."""
    receipt = key.sign(msgspec.convert(mask_receipt(data), MaskReceipt))
    return moved(20, picture=msgspec.to_builtins(receipt))


def test_a_picture_without_a_signed_receipt_stays_out(city: CityServer) -> None:
    data = jpeg()
    for spoiled in ({"signature": None}, {"signature": "0" * 128}, {"masked": 7}):
        city.send(batch(moved(20, picture=mask_receipt(data) | spoiled)))
        refused = put(city, data)
        assert (refused.status_code, refused.json()["type"][-17:]) == (422, "receipt-not-valid")
    assert city.rows("SELECT count(*) FROM picture") == [(0,)]
    assert city.rows("SELECT count(*) FROM device_key") == [(0,)]


def test_a_device_is_known_by_its_first_key_until_a_person_forgets_it(city: CityServer) -> None:
    first, second = jpeg(), jpeg(colour="red")
    city.send(batch(moved(20, picture=mask_receipt(first)), announced_by(OTHER_KEY, second)))
    assert put(city, first).status_code == 201
    assert put(city, second).status_code == 422
    with city.client("admin") as admin:
        assert admin.delete("/devices/truck-1/key").status_code == 204
        assert admin.delete("/devices/truck-1/key").status_code == 404
    assert put(city, second).status_code == 201
    told = city.rows("SELECT kind FROM audit_outbox WHERE kind LIKE 'device.%' ORDER BY event_id")
    assert [kind for (kind,) in told] == [
        "device.key_enrolled",
        "device.key_forgotten",
        "device.key_enrolled",
    ]
