"""The units an operator copies start verbs that exist, as an ordinary user, in one data folder."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

import stadtwart
from api.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
SERVICES = sorted(DEPLOY.glob("*.service"))
OURS = [path for path in SERVICES if path.stem != "stadtwart-witness"]


def lines(unit: Path, name: str) -> list[str]:
    """The values of a setting of a unit."""
    found = [line.partition("=") for line in unit.read_text().splitlines()]
    return [value for key, _, value in found if key == name]


@pytest.mark.parametrize("unit", OURS, ids=lambda path: path.stem)
def test_a_unit_starts_verbs_that_exist_in_the_same_data_folder(unit: Path) -> None:
    commands = [shlex.split(one) for one in lines(unit, "ExecStart") + lines(unit, "ExecStop")]
    assert commands
    for program, verb, *_ in commands:
        assert program.endswith("/stadtwart")
        assert verb in stadtwart.VERBS
    assert lines(unit, "User") == ["stadtwart"]
    (environment,) = lines(unit, "Environment")
    names = dict(one.split("=") for one in environment.split())
    assert names.pop("STADTWART_DATA") == "/var/lib/stadtwart"
    assert {name.removeprefix("API_").lower() for name in names} <= set(Settings.model_fields)


def test_the_witness_needs_nothing_of_the_project() -> None:
    (unit,) = set(SERVICES) - set(OURS)
    (command,) = lines(unit, "ExecStart")
    assert shlex.split(command)[:2] == [
        "/usr/bin/python3",
        "/opt/stadtwart-witness/stadtwart_audit.py",
    ]
    assert "WorkingDirectory" not in unit.read_text()


def test_every_timer_has_its_unit_and_every_file_stands_in_the_readme() -> None:
    readme = (DEPLOY / "README.md").read_text()
    for timer in DEPLOY.glob("*.timer"):
        assert timer.with_suffix(".service").exists()
    for path in [*SERVICES, DEPLOY / "nginx.conf"]:
        assert f"`{path.name}`" in readme


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd on this machine")
    for path in [*SERVICES, *DEPLOY.glob("*.timer")]:
        # programs of a real installation are not here: any program stands for them
        text = path.read_text().replace("/opt/stadtwart/.venv/bin/stadtwart", "/bin/true")
        (tmp_path / path.name).write_text(
            text.replace("User=stadtwart", "User=root").replace("/opt/stadtwart", "/")
        )
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "stadtwart" in line]
    assert ours == [], done.stderr
