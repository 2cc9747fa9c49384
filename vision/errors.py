"""What can go wrong with models and data sets; the exit code lives on the class."""

from __future__ import annotations


class VisionError(Exception):
    """Something about a model or a data set must be put right by a person."""

    exit_code = 1


class UnknownModelError(VisionError):
    """The model file matches no card."""

    exit_code = 3


class DataError(VisionError):
    """A picture, label or manifest is missing or is not what it should be."""

    exit_code = 4


class ParityError(VisionError):
    """The exported network does not say what the trained one says."""

    exit_code = 5
