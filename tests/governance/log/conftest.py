"""Fixtures of the audit log's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.governance.log.city_log import CityLog


@pytest.fixture
def log(database_url: str, tmp_path: Path) -> CityLog:
    """A city without a log yet."""
    return CityLog(database_url, tmp_path)
