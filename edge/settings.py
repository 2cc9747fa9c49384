"""The truck's settings: environment variables beginning with EDGE_, bounded, units in names."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from edge.errors import SettingsError

PREFIX = "EDGE_"


class Settings(BaseSettings):
    """What an operator may change; nothing is read before `read_settings` is called."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    device_id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")] = "truck-1"
    url: Annotated[str, Field(pattern=r"^https?://[^/\s]+(/[^\s]*)?$")] | None = None
    token_file: Path | None = None
    spool_file: Path | None = None
    key_file: Path | None = None  # of the device's own key; made where it is missing
    boundary_file: Path | None = None
    drive_start: AwareDatetime | None = None  # for a track or frames that only count seconds
    engine: Literal["onnxruntime", "openvino", "openvino-bf16"] | None = None
    threads: Annotated[int, Field(ge=1, le=64)] = 2

    sample_distance_m: Annotated[float, Field(ge=0.5, le=100)] = 4
    fix_gap_s: Annotated[float, Field(ge=0.5, le=60)] = 5
    speed_limit_kmh: Annotated[float, Field(ge=20, le=300)] = 150
    gps_error_m: Annotated[float, Field(ge=0.5, le=50)] = 3  # 68 %, of an ordinary receiver
    clock_ahead_limit_s: Annotated[float, Field(ge=1, le=86_400)] = 600
    furthest_m: Annotated[float, Field(ge=5, le=60)] = 25
    gate_m: Annotated[float, Field(ge=0.5, le=10)] = 2.5

    spool_limit_mb: Annotated[int, Field(ge=1, le=1_000_000)] = 2_000
    checkpoint_frames: Annotated[int, Field(ge=1, le=1_000)] = 20
    batch_sightings: Annotated[int, Field(ge=1, le=500)] = 100
    request_timeout_s: Annotated[float, Field(ge=0.1, le=600)] = 30
    backoff_first_s: Annotated[float, Field(ge=0.01, le=60)] = 1
    backoff_limit_s: Annotated[float, Field(ge=0.1, le=3_600)] = 60
    patience_s: Annotated[float, Field(ge=0, le=86_400)] = 120  # without progress, then later


def read_settings(**given: object) -> Settings:
    """Read the settings; `given` (from the command line) wins over the environment.

    Raises SettingsError for an unknown EDGE_* variable or a value out of bounds.
    """
    refuse_unknown(os.environ)
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError(_explain(error)) from error


def refuse_unknown(environment: Mapping[str, str]) -> None:
    """Stop for a variable that no setting reads; a typo must not go unseen."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for variable in sorted(environment):
        if variable.upper().startswith(PREFIX) and variable.upper() not in known:
            close = difflib.get_close_matches(variable.upper(), known, n=1)
            hint = f"did you mean {close[0]}?" if close else "see docs/edge.md for those there are."
            raise SettingsError(f"{variable} is not a setting: {hint} Unset or rename it.")


def _explain(error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        name = PREFIX + str(problem["loc"][0]).upper()
        lines.append(f"{name}={problem['input']!r} is refused: {problem['msg']}.")
    return " ".join([*lines, "Set it within these bounds or unset it."])


def data_folder() -> Path:
    """Return where this machine keeps its data, the spool among it."""
    if os.environ.get("STADTWART_DATA"):
        return Path(os.environ["STADTWART_DATA"])
    if os.geteuid() == 0:
        return Path("/var/lib/stadtwart")
    share = os.environ.get("XDG_DATA_HOME")
    return (Path(share) if share else Path.home() / ".local" / "share") / "stadtwart"


def spool_file(settings: Settings) -> Path:
    """Return the spool to use: the one that was named, or the one in the data folder."""
    return settings.spool_file or data_folder() / "spool" / "edge.db"


def token_file(settings: Settings) -> Path | None:
    """Return where the token lies: the file that was named, or the one that enrolling wrote."""
    written = enrolled_token_file(settings)
    return settings.token_file or (written if written.is_file() else None)


def enrolled_token_file(settings: Settings) -> Path:
    """Return where enrolling writes the token: the file that was named, or beside the key."""
    return settings.token_file or key_file(settings).with_name("vehicle.token")


def key_file(settings: Settings) -> Path:
    """Return where the device's key lies: the file that was named, or the one beside the spool."""
    return settings.key_file or spool_file(settings).with_name("device.key")
