"""What an operator may set for the city's service: API_* and DATABASE_URL, nothing else."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from api.tokens import PEOPLE, Role
from gis.postgis.data_folder import data_folder

PREFIX = "API_"


class SettingsError(Exception):
    """A setting is unknown or out of bounds; the service does not start."""

    exit_code = 2


class Settings(BaseSettings):
    """The settings, each with its bounds; see docs/api.md."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65_535)  # 0: any free port
    tokens_file: Path = Field(
        default_factory=lambda: data_folder(os.environ) / "tokens.json", validate_default=True
    )
    allow_role_tokens: bool = False  # also where the city is not simulated
    session_hours: int = Field(default=12, ge=1, le=24 * 7)
    session_idle_minutes: int = Field(default=30, ge=1, le=24 * 60)
    step_up_minutes: int = Field(default=10, ge=1, le=24 * 60)
    public_url: str | None = None  # as browsers see it, without a slash at the end
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret_file: Path | None = None
    oidc_scope: str = "openid profile groups"
    oidc_groups_claim: str = "groups"
    oidc_groups: Annotated[dict[str, Role], NoDecode] = Field(default_factory=dict)
    pool_connections: int = Field(default=12, ge=2, le=100)
    pool_wait_s: float = Field(default=5.0, gt=0, le=60)
    merge_pause_s: float = Field(default=0.5, ge=0, le=60)  # collects several batches into one job
    merge_at_once: int = Field(default=1000, ge=1, le=5000)  # sightings a transaction
    tour_s: float = Field(default=40.0, ge=1, le=3600)  # longest search for the tours of one plan
    tile_features: int = Field(default=10_000, ge=100, le=100_000)
    judge_share: float = Field(default=0.1, ge=0, le=1)  # of the pictures, drawn by lot
    judge_folder: Path = Field(
        default_factory=lambda: data_folder(os.environ) / "judge", validate_default=True
    )
    judge_face_score: float = Field(default=0.7, ge=0.1, le=1)  # from here on it speaks
    judge_plate_score: float = Field(default=0.35, ge=0.1, le=1)
    judge_pause_s: float = Field(default=30.0, ge=0, le=3600)  # collects pictures into one look
    companions: bool = True  # the audit log's sequencer and the night's work run beside the server
    night_hour: int = Field(default=1, ge=-1, le=23)  # UTC; -1: somebody else does the night's work

    @field_validator("oidc_groups", mode="before")
    @classmethod
    def _read_groups(cls, given: object) -> object:
        """Read `tiefbau=road,gruen=parks`."""
        if not isinstance(given, str):
            return given
        pairs = [pair.rpartition("=") for pair in given.split(",") if pair.strip()]
        groups = {group.strip(): role.strip() for group, _, role in pairs}
        if wrong := [f"{group}={role}" for group, role in groups.items() if role not in PEOPLE]:
            raise ValueError(f"{wrong[0]!r} is not GROUP=ROLE with a role of {', '.join(PEOPLE)}")
        return groups

    @field_validator("public_url", "oidc_issuer")
    @classmethod
    def _require_https(cls, url: str | None) -> str | None:
        """Refuse plain http, which everybody on the way can read, but on this machine."""
        if url is None:
            return None
        parts = urlsplit(url)
        is_local = parts.hostname in ("127.0.0.1", "localhost", "::1")
        if not parts.hostname or parts.scheme not in ("https", *(["http"] if is_local else [])):
            raise ValueError("must be an https:// address")
        return url

    @model_validator(mode="after")
    def _require_whole_provider(self) -> Self:
        if self.oidc_issuer and not (self.oidc_client_id and self.public_url and self.oidc_groups):
            raise ValueError(
                "API_OIDC_ISSUER also needs API_OIDC_CLIENT_ID, API_OIDC_GROUPS and API_PUBLIC_URL"
            )
        return self


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; raise SettingsError for an unknown name or a bad value."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    if unknown := sorted(set(_named(environ)) - known):
        raise SettingsError(
            f"unknown setting {', '.join(unknown)}: known are {', '.join(sorted(known))}"
        )
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(_in_words(error)) from error


def _in_words(error: ValidationError) -> str:
    first = error.errors()[0]
    if not first["loc"]:  # several settings that do not go together
        return str(first["msg"])
    return f"{PREFIX}{str(first['loc'][0]).upper()}={first['input']!r}: {first['msg']}"


def _named(environ: Mapping[str, str]) -> list[str]:
    return [name for name in environ if name.startswith(PREFIX)]
