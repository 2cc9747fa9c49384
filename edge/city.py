"""The city's address: sends bytes, returns what was answered. No decisions here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType

import httpx

from edge.errors import SettingsError

NO_ANSWER = 0
MOST_ANSWER_BYTES = 1_000_000
MOST_MAP_BYTES = 64_000_000  # a city of 100,000 street segments has about 20 MB
API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; status `NO_ANSWER` when none came."""

    status: int
    body: bytes = b""
    is_json: bool = False
    retry_after_s: float | None = None
    problem: str = ""  # why there was no answer


class City:
    """An open connection to the city."""

    def __init__(self, url: str, token: str | None, *, timeout_s: float) -> None:
        self._client = httpx.Client(
            base_url=url.rstrip("/") + API,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=timeout_s,
            follow_redirects=False,  # a redirect is a captive portal or a typo, not the city
        )

    def __enter__(self) -> City:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def send_batch(self, body: bytes) -> Answer:
        """Send a batch."""
        return self._send("POST", "/batches", body, "application/json")

    def send_picture(self, sha256: str, jpeg: bytes) -> Answer:
        """Send a masked picture."""
        return self._send("PUT", f"/pictures/{sha256}", jpeg, "image/jpeg")

    def send_heartbeat(self, body: bytes) -> Answer:
        """Send a sign of life."""
        return self._send("POST", "/heartbeats", body, "application/json")

    def send_coverage(self, body: bytes) -> Answer:
        """Send the sums of what was looked at."""
        return self._send("POST", "/coverage", body, "application/json")

    def enrol(self, body: bytes) -> Answer:
        """Introduce the truck's key with a one-time code."""
        return self._send("POST", "/enrolments", body, "application/json")

    def streets(self) -> Answer:
        """Ask for the street map."""
        return self._send("GET", "/streets", None, None, most_bytes=MOST_MAP_BYTES)

    def models(self) -> Answer:
        """Ask which models the city has approved."""
        return self._send("GET", "/models", None, None)

    def health(self) -> Answer:
        """Ask whether the city is well."""
        return self._send("GET", "/health", None, None)

    def _send(
        self,
        method: str,
        path: str,
        body: bytes | None,
        kind: str | None,
        *,
        most_bytes: int = MOST_ANSWER_BYTES,
    ) -> Answer:
        headers = {"Content-Type": kind} if kind else {}
        try:
            with self._client.stream(method, path, content=body, headers=headers) as response:
                return _answer(response, most_bytes)
        except httpx.HTTPError as error:
            return Answer(NO_ANSWER, problem=f"{type(error).__name__}: {error}")


def _answer(response: httpx.Response, most_bytes: int) -> Answer:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > most_bytes:
            problem = f"the answer is larger than {most_bytes // 1_000_000} MB"
            return Answer(NO_ANSWER, problem=problem)
    kind = response.headers.get("content-type", "")
    is_json = "json" in kind.partition(";")[0]
    after_s = retry_after_s(response.headers.get("retry-after"), now=datetime.now(UTC))
    return Answer(response.status_code, bytes(body), is_json, after_s)


def retry_after_s(value: str | None, *, now: datetime) -> float | None:
    """Read a Retry-After header, seconds or date (RFC 9110, 10.2.3); None when there is none."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds())


def read_token(path: Path | None) -> str:
    """Read the vehicle's token: the file's only line, or "vehicle" in a tokens.json.

    Raises SettingsError when there is none.
    """
    if path is None:
        raise SettingsError("no token: name its file with --token-file or EDGE_TOKEN_FILE.")
    try:
        text = path.read_text(encoding="utf-8").strip()
        token = str(json.loads(text)["vehicle"]) if text.startswith("{") else text
    except (OSError, ValueError, KeyError) as error:
        raise SettingsError(
            f"token file {path} cannot be read ({type(error).__name__}): it holds one line, or "
            'JSON with "vehicle".'
        ) from error
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise SettingsError(f"token file {path} holds no token: one line of printable ASCII.")
    return token
