"""What can go wrong with trees, weather and forecasts; the exit code lives on the class."""

from __future__ import annotations


class IrrigationError(Exception):
    """Something about a file or a setting must be put right by a person."""

    exit_code = 1


class CadastreError(IrrigationError):
    """A tree register cannot be read as the mapping says."""

    exit_code = 3


class WeatherError(IrrigationError):
    """A weather file is missing or is not what it should be."""

    exit_code = 4


class StationsError(IrrigationError):
    """A file of soil stations cannot be used to train or measure a forecast."""

    exit_code = 5


class ModelError(IrrigationError):
    """A soil model's files do not fit their card."""

    exit_code = 6


class NoTreesError(IrrigationError):
    """The database holds no trees yet."""

    exit_code = 7

    def __init__(self) -> None:
        super().__init__(
            "this database holds no trees: stadtwart irrigation load CITY_FOLDER (or a register's "
            "files with --mapping)"
        )


class ReadingError(IrrigationError):
    """A file of readings or waterings is not what it should be."""

    exit_code = 8
