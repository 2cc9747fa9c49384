"""Finding PostgreSQL's programs, and the user they may run as."""

from __future__ import annotations

import os
import pwd
import re
import subprocess
from pathlib import Path

from gis.postgis.errors import ClusterError

VERSIONS = Path("/usr/lib/postgresql")  # Debian and Ubuntu
EXTENSIONS = Path("/usr/share/postgresql")
SERVICE_USER = "postgres"


def find_programs(versions: Path = VERSIONS, extensions: Path = EXTENSIONS) -> Path:
    """Return the newest bin folder whose PostgreSQL has PostGIS.

    Raises ClusterError with the package to install when there is none.
    """
    usable = [
        found
        for found in versions.glob("*/bin")
        if re.fullmatch(r"\d+", found.parent.name)
        and (found / "initdb").is_file()
        and (extensions / found.parent.name / "extension" / "postgis.control").is_file()
    ]
    if not usable:
        raise ClusterError(
            f"no PostgreSQL with PostGIS under {versions}: install it "
            "(Debian, Ubuntu: apt-get install postgresql-postgis) or set DATABASE_URL"
        )
    return max(usable, key=lambda path: int(path.parent.name))


def as_server_user(command: list[str]) -> list[str]:
    """Prefix `command` so that it does not run as root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return command
    user = service_user()
    drop = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--init-groups"]
    return [*drop, "--", *command]


def service_user() -> pwd.struct_passwd:
    """Return the system user PostgreSQL's package made."""
    try:
        return pwd.getpwnam(SERVICE_USER)
    except KeyError as error:
        raise ClusterError(
            f"root may not run PostgreSQL and there is no user {SERVICE_USER!r}: "
            "install postgresql-common or run as an ordinary user"
        ) from error


def require_way_in(folder: Path) -> None:
    """Refuse a folder the server's user cannot reach, naming the parent that is closed."""
    for parent in reversed(folder.parents):
        if subprocess.run(as_server_user(["test", "-x", str(parent)]), check=False).returncode:
            raise ClusterError(
                f"PostgreSQL runs as user {SERVICE_USER!r} and cannot enter {parent}: choose "
                f"another place with STADTWART_DATA or allow it with: chmod o+x {parent}"
            )
