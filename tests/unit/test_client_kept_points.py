"""The form in which a document keeps points."""

from __future__ import annotations

import json

import pytest

from huefill_client.color_points import ColorPoint, from_kept, to_kept
from huefill_client.coloring import Coloring
from tests.unit.answering import BLUE, RED, photo


def test_what_a_document_keeps_comes_back() -> None:
    points = (ColorPoint(3, 1.5, 2.25, RED, 4.0), ColorPoint(8, 7, 9, BLUE))
    assert from_kept(to_kept(points)) == points


def test_documents_of_the_first_version_are_still_read() -> None:
    krita = [{"x": 1.5, "y": 2, "rgb": [200.0, 30.0, 40.0], "radius": 3.0}, {"x": 5, "y": 6, "rgb": [30, 40, 200], "radius": 3.0}]
    assert from_kept(json.dumps(krita).encode()) == (ColorPoint(1, 1.5, 2, RED, 3), ColorPoint(2, 5, 6, BLUE, 3))
    gimp = {"version": 1, "points": [{"id": 12, "x": 30, "y": 140, "rgb": [200, 30, 40]}]}
    assert from_kept(json.dumps(gimp).encode()) == (ColorPoint(12, 30, 140, RED, 0),)


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"[1]", b"{}", b'{"version": 99, "points": []}', b'[{"x": 1}]', b'[{"x":1,"y":2,"rgb":[1]}]', b"3"]
)
def test_what_is_damaged_or_of_a_later_version_counts_as_nothing(data: bytes) -> None:
    assert from_kept(data) == ()


def test_new_points_get_ids_that_no_kept_one_has(coloring: Coloring) -> None:
    coloring.begin(photo(), (ColorPoint(41, 5, 5, RED),))
    coloring.place(10, 10)
    assert coloring.points[1].id == 42
