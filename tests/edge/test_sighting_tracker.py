"""One damage is one sighting per pass, however often the camera sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from contracts.picture import MaskReceipt
from contracts.units import DamageClass
from edge.local_plane import place_ahead
from edge.position import Pose
from edge.sighting_tracker import OpenSighting, Shot, View, update
from tests.edge.drives import place_at

DRIVE = UUID(int=7)
SHA = "a" * 64
RECEIPT = MaskReceipt(
    picture_sha256=SHA,
    mask_model_sha256=SHA,
    mask_threshold=0.1,
    masked=0,
    crop=[0, 0, 9, 9],
    damage=[1, 1, 2, 2],
)
Seen = tuple[float, float, DamageClass]
"""Metres along the street, metres to the right, class."""


def view(
    frame: str,
    at: Seen,
    *,
    confidence: float = 0.5,
    error_m: float = 0.5,
    share: float = 0.01,
    is_cut: bool = False,
) -> View:
    along_m, right_m, kind = at
    return View(
        frame=frame,
        seen_at=datetime(2026, 5, 12, tzinfo=UTC),
        damage_class=kind,
        confidence=confidence,
        box=(along_m, right_m + 50, along_m + 10, right_m + 60),
        frame_share=share,
        place=place_ahead(place_at(0), heading_deg=0, ahead_m=along_m, right_m=right_m),
        place_error_m=error_m,
        heading_deg=0,
        area_m2=1.0,
        area_error_m2=0.1,
        is_cut=is_cut,
    )


def pose(along_m: float) -> Pose:
    return Pose(place_at(along_m), 0, 3)


def shot(_: View) -> Shot:
    return Shot(b"jpeg", RECEIPT)


def withheld(_: View) -> Shot:
    return Shot(withheld="mask unsure")


def look(
    still: list[OpenSighting], views: list[View], along_m: float
) -> tuple[list[OpenSighting], list[OpenSighting]]:
    return update(still, views, pose(along_m), drive_id=DRIVE, gate_m=2.5, shoot=shot)


def drive_past(damages: list[Seen], *, to_m: int = 80) -> list[OpenSighting]:
    """Drive up the street, 4 m a frame, seeing whatever is 3 to 14 m ahead."""
    still: list[OpenSighting] = []
    done: list[OpenSighting] = []
    for along_m in range(0, to_m, 4):
        views = [view(f"f{along_m}", one) for one in damages if 3 < one[0] - along_m < 14]
        still, closed = look(still, views, along_m)
        done += closed
    return done + still


def test_an_empty_road_gives_nothing() -> None:
    assert look([], [], 0) == ([], [])


def test_a_damage_seen_in_three_frames_is_one_sighting() -> None:
    (one,) = drive_past([(20, 0, "D40")])
    assert one.frames == 3


def test_two_damages_side_by_side_stay_two() -> None:
    assert len(drive_past([(20, -2, "D40"), (20, 2, "D40")])) == 2


def test_two_classes_at_one_place_stay_two() -> None:
    assert len(drive_past([(20, 0, "D40"), (20, 0, "D20")])) == 2


@given(
    st.lists(
        st.tuples(
            st.integers(3, 14).map(lambda step: step * 5.0),
            st.sampled_from([-3.0, 0.0, 3.0]),
            st.sampled_from(["D00", "D10", "D20", "D40"]),
        ),
        unique=True,
        max_size=12,
    )
)
def test_damages_apart_are_each_seen_once(damages: list[Seen]) -> None:
    done = drive_past(damages, to_m=100)
    assert len(done) == len(damages)
    assert len({one.sighting_id for one in done}) == len(damages)


def test_a_second_pass_is_a_second_sighting() -> None:
    still, _ = look([], [view("f0", (10, 0, "D40"))], 0)
    still, closed = look(still, [], 12.5)
    assert (len(still), len(closed)) == (0, 1)
    still, _ = look(still, [view("f9", (10, 0, "D40"))], 0)
    assert still[0].sighting_id != closed[0].sighting_id


def test_a_damage_left_behind_by_turning_off_is_closed() -> None:
    still, _ = look([], [view("f0", (10, 0, "D40"))], 0)
    far = replace(pose(0), place=place_at(-60))
    assert update(still, [], far, drive_id=DRIVE, gate_m=2.5, shoot=shot)[0] == []


def test_the_surest_view_gives_the_picture_and_the_nearest_the_place() -> None:
    far = view("far", (20, 0, "D40"), confidence=0.9, error_m=2)
    near = view("near", (20.5, 0, "D40"), confidence=0.6, error_m=0.3)
    still, _ = look([], [far], 8)
    ((one,), _) = look(still, [near], 12)
    assert one.best is far
    assert one.measured is near
    assert one.confidence == 0.9


def test_a_larger_picture_wins_among_equally_sure_ones() -> None:
    still, _ = look([], [view("far", (20, 0, "D40"), share=0.001)], 8)
    ((one,), _) = look(still, [view("near", (20, 0, "D40"), share=0.02)], 12)
    assert one.best.frame == "near"


def test_a_whole_damage_is_measured_rather_than_a_cut_one() -> None:
    still, _ = look([], [view("whole", (20, 0, "D40"), error_m=1)], 8)
    cut = view("cut", (20, 0, "D40"), error_m=0.1, is_cut=True)
    ((one,), _) = look(still, [cut], 16)
    assert one.measured.frame == "whole"


def test_a_view_with_a_picture_beats_a_surer_one_without() -> None:
    sure = view("sure", (20, 0, "D40"), confidence=0.9)
    less = view("less", (20, 0, "D40"), confidence=0.4)
    still, _ = update([], [sure], pose(8), drive_id=DRIVE, gate_m=2.5, shoot=withheld)
    ((one,), _) = look(still, [less], 12)
    assert one.best is less
    assert one.shot.receipt is RECEIPT
    ((kept,), _) = update([one], [sure], pose(12), drive_id=DRIVE, gate_m=2.5, shoot=withheld)
    assert kept.best is less


def test_a_replay_gives_the_same_ids() -> None:
    damages: list[Seen] = [(20, 0, "D40"), (33, 1, "D00")]
    first, second = drive_past(damages), drive_past(damages)
    assert [one.sighting_id for one in first] == [one.sighting_id for one in second]
