"""The city's identity provider (OpenID Connect): where to send people, and whether to believe it.

Authorization code with PKCE. The ID token counts only if its signature, issuer, audience, time
and nonce hold; which role somebody has is the provider's groups, read by the city's own table.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from api.settings import Settings
from api.tokens import PEOPLE, Role

logger = logging.getLogger(__name__)

# signatures only the provider can make: no "none", and no HMAC, whose key both sides hold
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "Ed25519"]
LEEWAY_S = 60  # clocks of two machines
TIMEOUT_S = 10.0
CALLBACK = "/api/v1/oidc/callback"


class ProviderAwayError(Exception):
    """The provider does not answer, or not as a provider."""


class LoginRefusedError(Exception):
    """The login does not hold; `reason` is one of the words the log knows."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Attempt:
    """A login on its way: what must come back, and what only this browser and server know."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    browser: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    code_verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))


@dataclass(frozen=True, slots=True)
class Vouched:
    """What the provider says about a person."""

    issuer: str
    subject: str
    name: str | None
    roles: list[Role]
    authenticated_at: datetime | None  # when a password was last asked for, if it says so


@dataclass
class Provider:
    """One provider; its metadata and keys are fetched when first needed."""

    issuer: str
    client_id: str
    client_secret: str | None
    public_url: str
    scope: str
    groups_claim: str
    roles_of_groups: dict[str, Role]
    step_up_s: int
    _metadata: dict[str, Any] | None = None
    _keys: KeySetSerialization | None = None

    async def login_address(self, attempt: Attempt, *, fresh: bool) -> str:
        """Return where to send the browser; `fresh` has the password asked for again."""
        metadata = await self.metadata()
        again = {"prompt": "login", "max_age": self.step_up_s} if fresh else {}
        async with self._client() as client:
            address, _ = client.create_authorization_url(
                metadata["authorization_endpoint"],
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.code_verifier,
                **again,
            )
        return str(address)

    async def logout_address(self) -> str | None:
        """Return where the provider ends its own session, if it offers that."""
        endpoint = (await self.metadata()).get("end_session_endpoint")
        if not isinstance(endpoint, str):
            return None
        back = {"client_id": self.client_id, "post_logout_redirect_uri": f"{self.public_url}/"}
        return str(httpx.URL(endpoint).copy_merge_params(back))

    async def believe(self, code: str, *, nonce: str, code_verifier: str) -> Vouched:
        """Exchange the code and check what comes back.

        Raises LoginRefusedError for anything that does not hold, ProviderAwayError.
        """
        metadata = await self.metadata()
        async with self._client() as client:
            try:
                token = await client.fetch_token(
                    metadata["token_endpoint"], code=code, code_verifier=code_verifier
                )
            except OAuthError as error:
                raise LoginRefusedError("the provider refused", str(error)) from error
            except (httpx.HTTPError, ValueError) as error:
                raise ProviderAwayError(f"{metadata['token_endpoint']}: {error}") from error
        claims = await self._checked(token, nonce)
        claims |= await self._userinfo(token, claims)
        return self._vouched(claims)

    async def metadata(self) -> dict[str, Any]:
        """Discover the provider's addresses, once; refuse those of another issuer."""
        if self._metadata is None:
            address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
            found = await _get(address)
            if found.get("issuer") != self.issuer:
                raise ProviderAwayError(
                    f"{address} speaks for {found.get('issuer')!r}, not for {self.issuer!r}"
                )
            self._metadata = found
        return self._metadata

    async def _checked(self, token: dict[str, Any], nonce: str) -> dict[str, Any]:
        """Verify the ID token: signature first, then every claim."""
        raw = token.get("id_token")
        if not isinstance(raw, str):
            raise LoginRefusedError("the token does not hold", "the provider sent no ID token")
        try:
            decoded = await self._decoded(raw)
            expected = {
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self.client_id},
            }
            given = {
                "nonce": nonce,
                "client_id": self.client_id,
                "access_token": token.get("access_token"),
            }
            CodeIDToken(decoded.claims, decoded.header, expected, given).validate(leeway=LEEWAY_S)
        except (JoseError, ValueError) as error:
            raise LoginRefusedError("the token does not hold", str(error)) from error
        return dict(decoded.claims)

    async def _decoded(self, raw: str) -> jwt.Token:
        """Check the signature; an unknown key may be a new one, so keys are fetched once again."""
        if self._keys is not None:
            try:
                return jwt.decode(raw, KeySet.import_key_set(self._keys), algorithms=ALGORITHMS)
            except (JoseError, ValueError):
                logger.info("provider keys fetched again")
        found = await _get((await self.metadata())["jwks_uri"])
        self._keys = KeySetSerialization(keys=found.get("keys", []))
        return jwt.decode(raw, KeySet.import_key_set(self._keys), algorithms=ALGORITHMS)

    async def _userinfo(self, token: dict[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
        """Ask for groups and name where the ID token does not hold them."""
        endpoint = (await self.metadata()).get("userinfo_endpoint")
        if self.groups_claim in claims or not isinstance(endpoint, str):
            return {}
        found = await _get(endpoint, token=str(token.get("access_token")))
        if found.get("sub") != claims["sub"]:
            raise LoginRefusedError("the token does not hold", "user info of another subject")
        return {name: found[name] for name in (self.groups_claim, "name") if name in found}

    def _vouched(self, claims: dict[str, Any]) -> Vouched:
        groups = claims.get(self.groups_claim)
        named = {groups} if isinstance(groups, str) else set(groups or [])
        given = {role for group, role in self.roles_of_groups.items() if group in named}
        name, asked_at = claims.get("name"), claims.get("auth_time")
        return Vouched(
            issuer=self.issuer,
            subject=str(claims["sub"])[:255],
            name=name[:200] if isinstance(name, str) and name else None,
            roles=[role for role in PEOPLE if role in given],
            authenticated_at=datetime.fromtimestamp(asked_at, UTC) if asked_at else None,
        )

    def _client(self) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            self.client_id,
            self.client_secret,
            scope=self.scope,
            redirect_uri=self.public_url + CALLBACK,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if self.client_secret else "none",
            timeout=TIMEOUT_S,
        )


def provider_of(settings: Settings) -> Provider | None:
    """Return the provider the settings name, if any."""
    if not (settings.oidc_issuer and settings.oidc_client_id and settings.public_url):
        return None
    secret = settings.oidc_client_secret_file
    return Provider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=secret.read_text(encoding="utf-8").strip() if secret else None,
        public_url=settings.public_url.rstrip("/"),
        scope=settings.oidc_scope,
        groups_claim=settings.oidc_groups_claim,
        roles_of_groups=settings.oidc_groups,
        step_up_s=settings.step_up_minutes * 60,
    )


async def _get(address: str, *, token: str | None = None) -> dict[str, Any]:
    headers = {"Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
            answer = (await client.get(address, headers=headers)).raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise ProviderAwayError(f"{address}: {error}") from error
    if not isinstance(answer, dict):
        raise ProviderAwayError(f"{address} answers with no object")
    return answer
