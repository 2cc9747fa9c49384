"""Somebody with every right on the database: an edit, a swap, a cut, and the auditor sees it.

The bundle is exported after the deed, by the ordinary program; the auditor has a checkpoint
from before.
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import psycopg
import pytest

import stadtwart_audit
from gis.postgis.audit.errors import AuditError, ForkError
from gis.postgis.audit.place import read_key
from gis.postgis.audit.publish import publish
from tests.governance.log.bundles import signed, write_bundle
from tests.governance.log.city_log import CityLog

EVENTS = 599  # with the log's first word 600 entries: two full tiles and a partial one


@pytest.fixture
def log(database_url: str, tmp_path: Path) -> CityLog:
    """A city without a log yet."""
    return CityLog(database_url, tmp_path)


class Auditor:
    """What the auditor took home, and what they do with a new bundle."""

    def __init__(self, log: CityLog, folder: Path) -> None:
        self.policy, self.pinned = folder / "policy.txt", folder / "pinned"
        vkey = (log.published() / "log.vkey").read_text()
        self.policy.write_text(f"log {vkey}quorum none\n")
        self.pinned.write_text(log.checkpoint())
        self.log, self.stick = log, folder / "stick"

    def export(self) -> None:
        """Let the city write its bundle."""
        with psycopg.connect(self.log.url) as connection:
            store = self.log.store(connection)
            last = store.last_checkpoint()
            assert last is not None
            publish(store, last[1], self.stick)

    def verify(self) -> int:
        """Verify it."""
        return stadtwart_audit.main(
            ["verify", str(self.stick), "--policy", str(self.policy), "--pinned", str(self.pinned)]
        )


@pytest.fixture
def told(log: CityLog) -> list[UUID]:
    events = log.tell(EVENTS)
    log.sequence()
    return events


@pytest.fixture
def auditor(log: CityLog, told: list[UUID], tmp_path: Path) -> Auditor:
    assert len(told) == EVENTS
    visitor = Auditor(log, tmp_path)
    visitor.export()
    assert visitor.verify() == 0, "sound before the deed"
    visitor.stick = tmp_path / "second visit"
    return visitor


def test_an_edited_event_is_named(
    log: CityLog, auditor: Auditor, told: list[UUID], capsys: pytest.CaptureFixture[str]
) -> None:
    log.as_superuser(
        "UPDATE audit_outbox SET body = replace(convert_from(body, 'UTF8'), 'confirmed', "
        "'dismissed')::bytea WHERE event_id = %s",
        event_id=told[416],
    )
    auditor.export()
    assert auditor.verify() == 1
    assert "entry 417: its text is not what was logged there" in capsys.readouterr().out


def test_an_edited_event_whose_hash_was_corrected_too_is_found(
    log: CityLog, auditor: Auditor, told: list[UUID], capsys: pytest.CaptureFixture[str]
) -> None:
    # the last one lies in the partial tile, which is made from the corrected hashes
    for event_id, named in ((told[590], "entry 0 or later"), (told[416], "entry 417: its text")):
        log.as_superuser(
            "UPDATE audit_outbox SET body = 'forged' WHERE event_id = %s", event_id=event_id
        )
        log.as_superuser(
            "UPDATE audit_entry SET leaf_hash = sha256('\\x00'::bytea || 'forged'::bytea) "
            "WHERE event_id = %s",
            event_id=event_id,
        )
        auditor.stick = log.folder / str(event_id)
        auditor.export()
        assert auditor.verify() == 1
        assert named in capsys.readouterr().out


def test_two_swapped_events_are_named(
    log: CityLog, auditor: Auditor, capsys: pytest.CaptureFixture[str]
) -> None:
    log.as_superuser(
        "UPDATE audit_entry SET seq = 99999 WHERE seq = 300",
        "UPDATE audit_entry SET seq = 300 WHERE seq = 301",
        "UPDATE audit_entry SET seq = 301 WHERE seq = 99999",
    )
    auditor.export()
    assert auditor.verify() == 1
    assert "entry 300: its text is not what was logged there" in capsys.readouterr().out


def test_a_cut_that_leaves_the_checkpoint_cannot_even_be_exported(
    log: CityLog, auditor: Auditor
) -> None:
    log.as_superuser("DELETE FROM audit_entry WHERE seq >= 590")
    with pytest.raises(AuditError, match="stadtwart audit fsck"):
        auditor.export()


def test_a_cut_with_its_checkpoints_is_found_by_the_pinned_one(
    log: CityLog, auditor: Auditor, capsys: pytest.CaptureFixture[str]
) -> None:
    (size,) = log.rows("SELECT min(size) FROM audit_checkpoint WHERE size > 1")[0]
    log.tell(10)
    log.sequence()
    auditor.pinned.write_text(log.checkpoint())
    log.as_superuser(
        "DELETE FROM audit_entry WHERE seq >= 600",
        "DELETE FROM audit_checkpoint WHERE size > 600",
        "DELETE FROM audit_pending",
    )
    auditor.export()
    assert size == 600
    assert auditor.verify() == 1
    assert "entry 600: missing" in capsys.readouterr().out
    with pytest.raises(ForkError):
        log.sequence()


def test_a_superuser_with_the_signing_key_and_the_files_is_found_by_the_pinned_checkpoint(
    log: CityLog, auditor: Auditor, told: list[UUID], capsys: pytest.CaptureFixture[str]
) -> None:
    """The worst case: everything the city has is rewritten and signed again, consistently."""
    origin = "halle.example/ki-protokoll/2027"
    (vkey,) = log.rows("SELECT vkey FROM audit_log")[0]
    log.as_superuser(
        "UPDATE audit_outbox SET body = 'forged' WHERE event_id = %s", event_id=told[7]
    )
    with psycopg.connect(log.url) as connection:
        entries = [one.body for one in log.store(connection).every_entry()]
    bodies = [body for body in entries if body is not None]
    key = read_key(log.place, origin)
    write_bundle(auditor.stick, bodies, signed(bodies, key, origin))
    (auditor.stick / "log.vkey").write_text(f"{vkey}\n")
    assert auditor.verify() == 1
    assert "signed two roots for 600 entries" in capsys.readouterr().out
