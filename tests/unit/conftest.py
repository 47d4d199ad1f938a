"""A color state whose photos are opened in a backend of the test's own."""

from __future__ import annotations

from typing import Any

import pytest

from huefill_client.coloring import Coloring
from tests.unit.answering import Live


@pytest.fixture
def lives() -> list[Live]:
    return []


@pytest.fixture
def coloring(lives: list[Live]) -> Coloring:
    def opened(*arguments: Any) -> Live:
        lives.append(Live(*arguments))
        return lives[-1]

    return Coloring(lambda call: call(), opened)  # type: ignore[arg-type]
