"""Settings and tokens: what is wrong stops the start, and says what."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.__main__ import main
from api.settings import Settings, SettingsError, read_settings
from api.tokens import ROLES, TokensError, ensure_tokens, load_tokens, read_tokens, role_of


def test_an_unknown_setting_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_PROT", "8000")
    with pytest.raises(SettingsError, match=r"unknown setting API_PROT: known are .*API_PORT"):
        read_settings()
    assert main(["tokens", "show"]) == SettingsError.exit_code


@pytest.mark.parametrize(
    ("name", "value"), [("API_PORT", "99999"), ("API_MERGE_AT_ONCE", "0"), ("API_PORT", "web")]
)
def test_a_setting_out_of_bounds_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"{name}='{value}'"):
        read_settings()


def test_every_setting_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs/api.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"`API_{name.upper()}`" in page


def test_tokens_are_made_once_and_only_for_their_owner(tmp_path: Path) -> None:
    file = tmp_path / "data" / "tokens.json"
    made = ensure_tokens(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert ensure_tokens(file) == made
    assert load_tokens(file.parent) == made
    assert len(set(made.values())) == len(ROLES)
    assert [role_of(made[role], made) for role in ROLES] == list(ROLES)
    assert role_of("", made) is None
    assert role_of("ä", made) is None


@pytest.mark.parametrize(
    ("text", "mode", "message"),
    [
        ("{}", 0o600, "exactly the roles"),
        ("[]", 0o600, "exactly the roles"),
        ("{", 0o600, "not JSON"),
        ("{}", 0o644, "chmod 600"),
        (json.dumps(dict(zip(ROLES, "abcdefg", strict=True))), 0o600, "shorter"),
    ],
)
def test_a_tokens_file_that_cannot_be_trusted_is_refused(
    tmp_path: Path, text: str, mode: int, message: str
) -> None:
    file = tmp_path / "tokens.json"
    file.write_text(text)
    file.chmod(mode)
    with pytest.raises(TokensError, match=message):
        read_tokens(file)


def test_one_token_for_two_roles_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    file.touch(mode=0o600)
    same = "x" * 43
    file.write_text(str(dict.fromkeys(ROLES, same)).replace("'", '"'))
    with pytest.raises(TokensError, match="same token"):
        read_tokens(file)


def test_a_tokens_file_of_an_older_version_gets_the_new_roles_and_keeps_its_own(
    tmp_path: Path,
) -> None:
    file = tmp_path / "tokens.json"
    made = ensure_tokens(file)
    old = {role: made[role] for role in ROLES if role not in ("sensor", "panel", "admin")}
    file.write_text(json.dumps(old))
    again = ensure_tokens(file)
    assert {role: again[role] for role in ROLES if role in old} == old
    assert len(set(again.values())) == len(ROLES)
    assert file.stat().st_mode & 0o777 == 0o600
