"""What the city says and the truck keeps for days without network: approved models, street map.

Both are asked for before a drive, with one try: a city that does not answer stops no drive.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from edge.city import NO_ANSWER, Answer, City
from edge.errors import SettingsError
from edge.streets import Streets, read_streets

logger = logging.getLogger(__name__)

MAP_KEPT = timedelta(days=1)  # a city's map changes rarely and has megabytes
DETECTOR = "detector"


class ModelNews(msgspec.Struct, frozen=True):
    """One model in the city's list; the rest of it is for people."""

    model_sha256: str
    system: str
    active: bool


class ModelList(msgspec.Struct, frozen=True):
    """The city's answer about models."""

    items: list[ModelNews]


class Approved(msgspec.Struct, frozen=True, kw_only=True):
    """The detectors that a person in the city has approved, and when the city said so."""

    detectors: list[str]
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How the truck's model stands with the city, in words for the operator."""

    state: Literal["approved", "not approved", "unknown"]
    asked_at: datetime | None
    says: str


@dataclass(frozen=True, slots=True)
class News:
    """What is kept beside the spool."""

    spool: Path

    @property
    def models_file(self) -> Path:
        """Where the last answer about models lies."""
        return self.spool.with_name(self.spool.name + ".models.json")

    @property
    def map_file(self) -> Path:
        """Where the street map lies."""
        return self.spool.with_name(self.spool.name + ".streets.json")

    def ask(self, city: City, *, now: datetime) -> None:
        """Ask the city; what does not come leaves the last answer as it is."""
        answer = city.models()
        found = _detectors(answer)
        if found is None:
            logger.warning("approved models not known anew status=%d", answer.status)
        else:
            said = Approved(detectors=found, asked_at=now)
            _keep(self.models_file, msgspec.json.encode(said))
        if answer.status != NO_ANSWER and self._map_is_old(now):
            self._ask_for_map(city)

    def standing(self, model_sha256: str, *, now: datetime) -> Standing:
        """Say whether the city has approved this model, as far as the truck knows."""
        try:
            said = msgspec.json.decode(self.models_file.read_bytes(), type=Approved)
        except (OSError, msgspec.MsgspecError):
            return Standing(
                "unknown",
                None,
                "the city was never asked whether it approved this model: set EDGE_URL and run "
                "`stadtwart edge upload` once",
            )
        asked = f"as of {said.asked_at:%Y-%m-%d %H:%M} UTC, {_age(now - said.asked_at)} ago"
        if model_sha256 in said.detectors:
            return Standing(
                "approved", said.asked_at, f"model {model_sha256[:12]} is approved ({asked})"
            )
        wanted = ", ".join(one[:12] for one in said.detectors) or "none"
        return Standing(
            "not approved",
            said.asked_at,
            f"model {model_sha256[:12]} is not approved by the city, approved: {wanted} ({asked}). "
            "The city holds its sightings back until a person approves it: install an approved "
            "release, or have this one approved on the city's page of models",
        )

    def streets(self) -> Streets | None:
        """Return the street map; None where the city has given none, so that nothing is matched."""
        try:
            return read_streets(self.map_file.read_bytes())
        except FileNotFoundError:
            logger.warning("no street map: what is looked at is counted for no street")
            return None

    def _map_is_old(self, now: datetime) -> bool:
        try:
            made_at = datetime.fromtimestamp(self.map_file.stat().st_mtime, UTC)
        except FileNotFoundError:
            return True
        return not timedelta(0) <= now - made_at < MAP_KEPT

    def _ask_for_map(self, city: City) -> None:
        answer = city.streets()
        try:
            if answer.status == 200:
                read_streets(answer.body)
                _keep(self.map_file, answer.body)
                return
        except SettingsError as error:  # a captive portal's page
            logger.warning("the street map cannot be used: %s", error)
        logger.warning("street map not known anew status=%d", answer.status)


def _detectors(answer: Answer) -> list[str] | None:
    if answer.status != 200:
        return None
    try:
        found = msgspec.json.decode(answer.body, type=ModelList)
    except msgspec.MsgspecError:  # a captive portal's page
        return None
    return [one.model_sha256 for one in found.items if one.system == DETECTOR and one.active]


def _keep(file: Path, body: bytes) -> None:
    """Replace a file so that a kill leaves the old one or the new one; a full disk the old one."""
    beside = file.with_name(file.name + ".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(body)
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        logger.error("what the city said cannot be kept file=%s %s", file, error)


def _age(passed: timedelta) -> str:
    hours = passed.total_seconds() / 3600
    return f"{hours:.0f} hours" if hours < 72 else f"{hours / 24:.0f} days"
