"""What an operator may set for the city's service: API_* and DATABASE_URL, nothing else."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

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
    session_hours: int = Field(default=12, ge=1, le=24 * 7)
    pool_connections: int = Field(default=12, ge=2, le=100)
    pool_wait_s: float = Field(default=5.0, gt=0, le=60)
    merge_pause_s: float = Field(default=0.5, ge=0, le=60)  # collects several batches into one job
    merge_at_once: int = Field(default=1000, ge=1, le=5000)  # sightings a transaction
    tile_features: int = Field(default=10_000, ge=100, le=100_000)


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
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0]).upper()
        raise SettingsError(f"{name}={first['input']!r}: {first['msg']}") from error


def _named(environ: Mapping[str, str]) -> list[str]:
    return [name for name in environ if name.startswith(PREFIX)]
