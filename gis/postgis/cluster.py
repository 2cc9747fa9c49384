"""The embedded PostGIS: a private cluster in one folder, own socket, no network, no service.

`start` may be called at any time: it makes the cluster when there is none, clears what a
kill -9 left behind, starts the server when it is down and returns when it answers.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import psycopg

from gis.postgis import server_programs
from gis.postgis.errors import ClusterError

logger = logging.getLogger(__name__)

OWNER = "stadtwart"
DATABASE = "stadtwart"
PORT = 5432  # only names the socket file; nothing listens on the network
LONGEST_SOCKET_BYTES = 100  # Linux allows 107 with the file's own name
START_TIMEOUT_S = 60


@dataclass(frozen=True, slots=True)
class Cluster:
    """One private PostgreSQL cluster; `durable=False` gives up fsync, for tests alone."""

    folder: Path
    durable: bool = True

    @property
    def data(self) -> Path:
        """The folder PostgreSQL calls PGDATA."""
        return self.folder / "data"

    @property
    def socket_folder(self) -> Path:
        """Where the socket lies: beside the data, or in /tmp where that path is too long."""
        beside = self.folder / "socket"
        if len(os.fsencode(beside)) + len(f"/.s.PGSQL.{PORT}") <= LONGEST_SOCKET_BYTES:
            return beside
        name = sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path("/tmp") / f"stadtwart-{os.getuid()}-{name}"  # noqa: S108 -- made 0700, owner checked

    def url(self, database: str = DATABASE) -> str:
        """Return the connection address, as psycopg and psql read it."""
        host = quote(str(self.socket_folder), safe="")
        return f"postgresql://{OWNER}@{host}/{database}?port={PORT}"

    def is_running(self) -> bool:
        """Say whether the server answers."""
        try:
            with psycopg.connect(self.url("postgres"), connect_timeout=5):
                return True
        except psycopg.OperationalError:
            return False

    def start(self) -> str:
        """Make and start the cluster where needed; return its address."""
        programs = server_programs.find_programs()
        self._make_folders()
        with self._lock():
            if not self.is_running():
                self._make(programs)
                self._clear_after_kill()
                self._launch(programs)
            self._make_database()
        return self.url()

    def stop(self) -> None:
        """Stop the server and wait until it is down; do nothing when it is down already."""
        if self._server_pid() is None:
            return
        programs = server_programs.find_programs()
        self._run([str(programs / "pg_ctl"), "stop", "-w", "-m", "fast", "-D", str(self.data)])

    def _make_folders(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            user = server_programs.service_user()
            server_programs.require_way_in(self.folder)
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self.folder.chmod(0o700)
        self.socket_folder.mkdir(mode=0o700, exist_ok=True)
        self._own(self.socket_folder)

    def _own(self, folder: Path) -> None:
        """Make sure a socket folder is ours, for in /tmp somebody else may have been first."""
        wanted = server_programs.service_user().pw_uid if os.geteuid() == 0 else os.getuid()
        found = folder.stat(follow_symlinks=False)
        if found.st_uid not in (wanted, os.getuid()):
            raise ClusterError(f"{folder} belongs to user {found.st_uid}: remove it")
        os.chown(folder, wanted, -1, follow_symlinks=False)
        folder.chmod(0o700)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Let one starter in at a time, so that two terminals do not run initdb at once."""
        with (self.folder / "start.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _make(self, programs: Path) -> None:
        """Run initdb in a scratch folder and rename it: a cut initdb never looks finished."""
        if (self.data / "PG_VERSION").exists():
            return
        scratch = self.folder / "data.making"
        shutil.rmtree(scratch, ignore_errors=True)
        logger.info("cluster making folder=%s", self.data)
        options = ["-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        self._run([str(programs / "initdb"), "-D", str(scratch), *options])
        scratch.rename(self.data)

    def _clear_after_kill(self) -> None:
        """Remove a postmaster.pid whose process is gone, or whose number now is another's."""
        pid_file = self.data / "postmaster.pid"
        if pid_file.exists() and self._server_pid() is None:
            logger.warning("cluster stale pid file removed folder=%s", self.data)
            pid_file.unlink(missing_ok=True)

    def _server_pid(self) -> int | None:
        """Return the running server's process number; it always works inside its data folder."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            return pid if Path(f"/proc/{pid}/cwd").resolve(strict=True) == self.data else None
        except (OSError, ValueError):
            return None

    def _launch(self, programs: Path) -> None:
        """Start the server; after kill -9 orphaned backends may hold it up for some seconds."""
        command = [str(programs / "pg_ctl"), "start", "-w", "-t", str(START_TIMEOUT_S)]
        command += ["-D", str(self.data), "-l", str(self.folder / "server.log")]
        command += ["-o", self._server_options()]
        for attempt in range(5):
            try:
                return self._run(command)
            except ClusterError:
                if attempt == 4:
                    raise
                logger.warning("cluster start repeated attempt=%d", attempt + 1)
                time.sleep(1)
                self._clear_after_kill()
        return None

    def _server_options(self) -> str:
        settings = {
            "listen_addresses": "''",
            "port": str(PORT),
            "unix_socket_directories": f"'{self.socket_folder}'",
            "unix_socket_permissions": "0700",
            "max_locks_per_transaction": "256",  # merging locks one key per 256 m cell
            "timezone": "UTC",
            "jit": "off",  # compiling costs more than these short queries take
        }
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        return " ".join(f"-c {name}={value}" for name, value in settings.items())

    def _make_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = connection.execute(
                "SELECT FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
            if known is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _run(self, command: list[str]) -> None:
        """Run one of PostgreSQL's programs, never with its pipes open to the server."""
        log = self.folder / "command.log"
        with log.open("w") as output:
            done = subprocess.run(
                server_programs.as_server_user(command),
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                check=False,
                cwd="/",
            )
        if done.returncode:
            raise ClusterError(
                f"{Path(command[0]).name} failed ({done.returncode}): {_tail(log)} "
                f"Server log: {_tail(self.folder / 'server.log')}"
            )


def _tail(path: Path) -> str:
    """Return the last lines of a log on one line."""
    if not path.exists():
        return "none"
    return " | ".join(path.read_text(errors="replace").strip().splitlines()[-4:])
