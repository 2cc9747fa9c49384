"""Enrol this truck: key and one-time code go to the city, the token for uploads comes back."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from contracts.enrolment import EnrolmentReceipt
from edge.city import Answer, City
from edge.device_key import ensure_key
from edge.errors import EdgeError, SettingsError
from edge.settings import Settings, enrolled_token_file, key_file


class NotEnrolledError(EdgeError):
    """The city did not take the key; nothing changed on the truck."""

    exit_code = 7


def enrol(settings: Settings, code: str) -> dict[str, object]:
    """Bring the key to the city and write its token; return what the operator wants to know.

    Raises SettingsError without an address, NotEnrolledError when the city does not take it.
    """
    if settings.url is None:
        raise SettingsError("no city address: set EDGE_URL or --url.")
    key = ensure_key(key_file(settings))
    sent = key.enrolment(device_id=settings.device_id, code=code.strip().upper())
    with City(settings.url, None, timeout_s=settings.request_timeout_s) as city:
        receipt = _receipt(city.enrol(msgspec.json.encode(sent)))
    if (receipt.device_id, receipt.public_key) != (settings.device_id, key.public):
        raise NotEnrolledError("the answer is about another truck: check EDGE_URL.")
    file = enrolled_token_file(settings)
    _write(file, receipt.vehicle_token)
    return {
        "device_id": receipt.device_id,
        "public_key": receipt.public_key,
        "token_file": str(file),
    }


def _receipt(answer: Answer) -> EnrolmentReceipt:
    try:
        if answer.status == 201:
            return msgspec.json.decode(answer.body, type=EnrolmentReceipt)
        said = msgspec.json.decode(answer.body, type=dict[str, object]).get("detail", "")
    except msgspec.MsgspecError:
        said = answer.problem or "that is no answer of the city"
    raise NotEnrolledError(
        f"not enrolled ({answer.status}): {said} No token was written; a code that was "
        "used without an answer is replaced by a new one."
    )


def _write(file: Path, token: str) -> None:
    """Replace the token, readable by its owner only."""
    beside = file.with_name(file.name + ".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write(token + "\n")
        beside.replace(file)
    except OSError as error:
        raise SettingsError(f"the token cannot be written to {file}: {error}.") from error
