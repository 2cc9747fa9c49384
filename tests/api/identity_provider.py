"""A real identity provider (Canaille) on a free port, for tests: accounts, groups, one client.

It runs in its own process: `python -m tests.api.identity_provider PORT REDIRECT_URI`.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx

from tests.flows.processes import free_port

CLIENT_ID = "stadtwart"
CLIENT_SECRET = "a-secret-for-tests-0123456789-0123456789"
PASSWORD = "correct horse battery staple"
PEOPLE = {  # account: (name, groups)
    "kim": ("Kim Beispiel", ["tiefbau"]),
    "ada": ("Ada Beispiel", ["tiefbau", "rpa"]),
    "pat": ("Pat Beispiel", ["kantine"]),
}
START_TIMEOUT_S = 180


@dataclass(frozen=True)
class IdentityProvider:
    """A running provider."""

    issuer: str
    folder: Path

    @property
    def settings(self) -> dict[str, object]:
        """What a city needs to know of it."""
        secret = self.folder / "client-secret"
        secret.write_text(CLIENT_SECRET + "\n")
        return {
            "oidc_issuer": self.issuer,
            "oidc_client_id": CLIENT_ID,
            "oidc_client_secret_file": secret,
            "oidc_groups": {"tiefbau": "road", "rpa": "auditor"},
        }


@contextmanager
def identity_provider(folder: Path, redirect_uri: str) -> Iterator[IdentityProvider]:
    """Run the provider until the block ends."""
    port = free_port()
    with (folder / "provider.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.api.identity_provider", str(port), redirect_uri],
            stdout=log,
            stderr=log,
        )
    issuer = f"http://127.0.0.1:{port}/"
    try:
        _wait(f"{issuer}.well-known/openid-configuration", process, folder / "provider.log")
        yield IdentityProvider(issuer, folder)
    finally:
        process.terminate()
        process.wait(timeout=120)


@dataclass
class Form(HTMLParser):
    """The form of a page: where it goes and what it holds."""

    address: str
    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form and its inputs."""
        given = dict(attrs)
        if tag == "form":
            self.action = urljoin(self.address, given.get("action") or "")
        if tag == "input" and given.get("name"):
            self.fields[str(given["name"])] = given.get("value") or ""


def fill_in(browser: httpx.Client, answer: httpx.Response, account: str) -> httpx.Response:
    """Follow the provider's pages as a person would, until it sends the browser back."""
    for _ in range(10):
        if answer.is_redirect:
            target = urljoin(str(answer.url), answer.headers["location"])
            if urlsplit(target).path == "/api/v1/oidc/callback":
                return answer
            answer = browser.get(target)
            continue
        form = Form(str(answer.url))
        form.feed(answer.text)
        known = {"login": account, "password": PASSWORD}
        filled = form.fields | {name: known[name] for name in known if name in form.fields}
        answer = browser.post(form.action or str(answer.url), data=filled)
    raise AssertionError(f"the provider does not come to an end: {answer.url}")


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(address, timeout=30).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"the identity provider did not start:\n{log.read_text()[-2000:]}")


def _run(port: int, redirect_uri: str) -> None:
    from canaille import create_app
    from canaille.app import models
    from canaille.backends import Backend
    from werkzeug.serving import make_server

    issuer = f"http://127.0.0.1:{port}"
    app = create_app(
        {
            "SECRET_KEY": "x" * 32,
            "CANAILLE": {"DATABASE": "memory", "JAVASCRIPT": False, "HTMX": False, "SMTP": None},
            "CANAILLE_OIDC": {"ISSUER": issuer, "TRUSTED_DOMAINS": ["127.0.0.1"]},
        },
        init_backend=True,
    )
    with app.app_context():
        store = Backend.instance
        groups: dict[str, list[object]] = {}
        for account, (name, member_of) in PEOPLE.items():
            person = models.User(
                user_name=account,
                formatted_name=name,
                given_name=name.split()[0],
                family_name=name.split()[1],
                emails=[f"{account}@stadt.example"],
                password=PASSWORD,
            )
            store.save(person)
            for group in member_of:
                groups.setdefault(group, []).append(person)
        for group, members in groups.items():
            store.save(models.Group(display_name=group, members=members))
        client = models.Client(
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            client_name="Stadtwart",
            client_uri=redirect_uri,
            redirect_uris=[redirect_uri],
            post_logout_redirect_uris=[redirect_uri.replace("api/v1/oidc/callback", "")],
            grant_types=["authorization_code"],
            response_types=["code"],
            scope=["openid", "profile", "groups"],
            token_endpoint_auth_method="client_secret_basic",
        )
        store.save(client)
        client.audience = [client]
        store.save(client)
    make_server("127.0.0.1", port, app, threaded=True).serve_forever()


if __name__ == "__main__":
    _run(int(sys.argv[1]), sys.argv[2])
