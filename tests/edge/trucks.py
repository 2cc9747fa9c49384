"""A truck put together for a test: tiny network, own spool, fixed clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from edge.boundary import Boundary
from edge.device_key import key_from
from edge.drive import read_drive
from edge.progress import Progress
from edge.run import Truck, run_id_of, work_through
from edge.settings import Settings
from edge.spool import Spool
from edge.streets import Streets
from tests.edge.tiny_model import write_model
from vision.runtime import model_file
from vision.runtime.model_file import Model

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ROOMY_BYTES = 50_000_000


def tiny_model(folder: Path) -> Model:
    """Load the tiny network."""
    return model_file.load(write_model(folder / "tiny"), threads=1, engine_name="onnxruntime")


def quiet(progress: Progress) -> None:
    """Tell nobody."""


def drive_through(
    drive_folder: Path,
    model: Model,
    spool: Spool,
    *,
    boundary: Boundary | None = None,
    settings: Settings | None = None,
    tell: Callable[[Progress], None] = quiet,
    now: datetime = NOW,
    streets: Streets | None = None,
) -> Progress:
    """Work through a drive with this spool."""
    settings = settings or Settings()
    drive = read_drive(drive_folder, track_file=None, start=None)
    run_id = run_id_of(drive, model, settings, boundary)
    key = key_from(bytes(32))
    truck = Truck(drive, model, settings, spool, boundary, now, run_id, key, streets)
    return work_through(truck, tell=tell)
