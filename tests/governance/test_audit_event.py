"""Audit events: their bytes are canonical and hold nothing that differs between languages."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.audit_event import Actor, AuditEvent, Subject, canonical, event_id

DRIVER = Actor("vehicle", "truck-7")
BATCH = Subject("batch", "1")
DATA = st.dictionaries(
    st.text(st.characters(codec="ascii", categories=["L"]), min_size=1),
    st.one_of(st.text(), st.integers(-(2**53) + 1, 2**53 - 1), st.booleans(), st.none()),
)


def written(data: dict[str, Any]) -> AuditEvent:
    """An event with any data: what may stand in it is another page's question."""
    now = datetime(2027, 3, 1, tzinfo=UTC)
    return AuditEvent(
        id=event_id(), type="batch.accepted", time=now, actor=DRIVER, subject=BATCH, data=data
    )


@given(data=DATA)
def test_the_bytes_of_an_event_are_sorted_json_that_reads_back(
    data: dict[str, str | int | bool | None],
) -> None:
    body = canonical(written(dict(data)))
    read = json.loads(body)
    assert read["data"] == data
    again = json.dumps(read, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert again.encode() == body


@pytest.mark.parametrize("value", [0.5, 2**53])
def test_a_number_that_languages_write_differently_is_refused(value: float) -> None:
    happened = written({"n": value})
    with pytest.raises(ValueError, match="audit events hold"):
        canonical(happened)


def test_event_ids_are_version_7_and_sorted_by_time() -> None:
    ids = [event_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert {(one.version, one.variant) for one in ids} == {(7, "specified in RFC 4122")}
    assert [one.int >> 80 for one in ids] == sorted(one.int >> 80 for one in ids)
