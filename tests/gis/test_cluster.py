"""The embedded PostGIS starts whatever the last end was like."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gis.postgis.cluster import Cluster
from gis.postgis.data_folder import data_folder
from gis.postgis.errors import ClusterError
from gis.postgis.server_programs import find_programs
from tests.postgres import private_cluster


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    with private_cluster() as cluster:
        yield cluster


def pid_of(cluster: Cluster) -> int:
    """Return the server's process number."""
    return int((cluster.data / "postmaster.pid").read_text().split("\n")[0])


def test_starting_twice_and_stopping_twice_is_fine(own_cluster: Cluster) -> None:
    pid = pid_of(own_cluster)
    own_cluster.start()
    assert pid_of(own_cluster) == pid
    own_cluster.stop()
    own_cluster.stop()
    assert not own_cluster.is_running()
    assert own_cluster.start() == own_cluster.url()
    assert own_cluster.is_running()


def test_it_starts_after_a_kill_9(own_cluster: Cluster) -> None:
    own_cluster.start()
    os.kill(pid_of(own_cluster), signal.SIGKILL)
    own_cluster.start()
    assert own_cluster.is_running()


def test_it_starts_when_its_old_process_number_is_anothers(own_cluster: Cluster) -> None:
    own_cluster.stop()
    file = own_cluster.data / "postmaster.pid"
    file.write_text(f"{os.getpid()}\n{own_cluster.data}\n0\n5432\n\n\n")
    own_cluster.start()
    assert own_cluster.is_running()


def test_nothing_listens_on_the_network_and_strangers_cannot_enter(own_cluster: Cluster) -> None:
    own_cluster.start()
    with psycopg.connect(own_cluster.url()) as connection:
        shown = connection.execute("SHOW listen_addresses").fetchone()
    assert shown == ("",)
    for folder in (own_cluster.folder, own_cluster.data, own_cluster.socket_folder):
        assert folder.stat().st_mode & 0o077 == 0


def test_a_long_path_gets_a_short_socket() -> None:
    cluster = Cluster(Path("/var/lib") / ("long" * 40))
    assert len(str(cluster.socket_folder)) < 60


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must become another user")
def test_a_closed_parent_folder_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(ClusterError, match="cannot enter"):
        Cluster(closed / "postgres").start()


def test_a_machine_without_postgis_hears_what_to_install(tmp_path: Path) -> None:
    for version in ("14", "9"):
        programs = tmp_path / "lib" / version / "bin"
        programs.mkdir(parents=True)
        (programs / "initdb").touch()
    with pytest.raises(ClusterError, match="apt-get install"):
        find_programs(tmp_path / "lib", tmp_path / "share")


def test_the_newest_postgresql_with_postgis_is_taken(tmp_path: Path) -> None:
    for version in ("9", "15", "16"):
        (tmp_path / "lib" / version / "bin").mkdir(parents=True)
        (tmp_path / "lib" / version / "bin" / "initdb").touch()
    for version in ("9", "15"):
        (tmp_path / "share" / version / "extension").mkdir(parents=True)
        (tmp_path / "share" / version / "extension" / "postgis.control").touch()
    found = find_programs(tmp_path / "lib", tmp_path / "share")
    assert found == tmp_path / "lib" / "15" / "bin"


def test_the_data_folder_follows_the_setting_then_the_user() -> None:
    assert data_folder({"STADTWART_DATA": "/srv/x"}) == Path("/srv/x")
    assert data_folder({}, is_root=True) == Path("/var/lib/stadtwart")
    assert data_folder({"XDG_DATA_HOME": "/h"}, is_root=False) == Path("/h/stadtwart")
