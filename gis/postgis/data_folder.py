"""Where this machine keeps what Stadtwart writes: database cluster, tokens, spool."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def data_folder(environ: Mapping[str, str], *, is_root: bool | None = None) -> Path:
    """Choose the data folder: STADTWART_DATA, else the system's place for root or user.

    Root gets /var/lib because PostgreSQL must enter the folder as another user, and
    /root is closed to everybody else.
    """
    if named := environ.get("STADTWART_DATA"):
        return Path(named).expanduser().absolute()
    if os.geteuid() == 0 if is_root is None else is_root:
        return Path("/var/lib/stadtwart")
    home = environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(home).expanduser().absolute() / "stadtwart"
