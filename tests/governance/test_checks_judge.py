"""Rule 13 says "unknown" where nobody looks a second time, and fails where an alarm lies about."""

from __future__ import annotations

from governance.check_result import Status
from tests.governance.conftest import Connection, checked, faults

RULE = "masking-checked"
INSTALLED = """
    INSERT INTO judge_rule (share, seed, standing) VALUES (1, 'a seed of sixteen', 'installed')
"""
LOOKED_AT = """
    INSERT INTO judging (picture_sha256, mask_model_sha256, rule_id, outcome, judged_at)
    VALUES (repeat(%(letter)s, 64), repeat('b', 64), 1, %(outcome)s, now() - interval '8 days')
"""
WITHHELD = """
    INSERT INTO picture (sha256, jpeg, width_px, height_px, is_withheld)
    VALUES (repeat('c', 64), '', 1, 1, true)
"""


def test_without_a_second_detector_rule_13_is_unknown_not_held(here: Connection) -> None:
    result = checked(here, RULE)
    assert result.status is Status.UNKNOWN
    assert result.evidence[0].en.startswith("no second detector installed")
    here.execute(INSTALLED)
    assert checked(here, RULE).status is Status.UNKNOWN, "nothing was looked at yet"


def test_an_alarm_that_nobody_answers_fails_rule_13(here: Connection) -> None:
    here.execute(INSTALLED)
    here.execute(LOOKED_AT, {"letter": "a", "outcome": "nothing"})
    assert checked(here, RULE).status is Status.PASS
    here.execute(WITHHELD)
    here.execute(LOOKED_AT, {"letter": "c", "outcome": "alarm"})
    result = checked(here, RULE)
    assert result.status is Status.FAIL
    assert faults(result) == ["1 withheld pictures wait for a person for more than 7 days"]
