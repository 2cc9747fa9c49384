"""Audit events: their bytes are canonical and hold nothing that differs between languages."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.audit_event import Actor, Subject, canonical, event, event_id

DRIVER = Actor("vehicle", "truck-7")
BATCH = Subject("batch", "1")
DATA = st.dictionaries(
    st.text(st.characters(codec="ascii", categories=["L"]), min_size=1),
    st.one_of(st.text(), st.integers(-(2**53) + 1, 2**53 - 1), st.booleans(), st.none()),
)


@given(data=DATA)
def test_the_bytes_of_an_event_are_sorted_json_that_reads_back(
    data: dict[str, str | int | bool | None],
) -> None:
    body = canonical(event("batch.accepted", actor=DRIVER, subject=BATCH, data=dict(data)))
    read = json.loads(body)
    assert read["data"] == data
    again = json.dumps(read, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert again.encode() == body


@pytest.mark.parametrize("value", [0.5, 2**53])
def test_a_number_that_languages_write_differently_is_refused(value: float) -> None:
    happened = event("x", actor=DRIVER, subject=BATCH, data={"n": value})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="audit events hold"):
        canonical(happened)


def test_event_ids_are_version_7_and_sorted_by_time() -> None:
    ids = [event_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert {(one.version, one.variant) for one in ids} == {(7, "specified in RFC 4122")}
    assert [one.int >> 80 for one in ids] == sorted(one.int >> 80 for one in ids)
