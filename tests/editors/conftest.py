"""Tests that need both editors in one system: where GIMP 3 is, there Krita must be, too."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.systems import gimp_system, missing


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    absent = missing(gimp_system(), "gimp-console-3.0", "krita")
    for item in items:
        if Path(str(item.fspath)).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.gimp)
            item.add_marker(pytest.mark.krita)
            if absent:
                item.add_marker(pytest.mark.skip(reason=absent))
