"""What a run of an editor gave: the records that the driver inside it wrote, one for each scenario."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Outcome:
    """``records`` by scenario; ``log`` what the editor printed; ``status`` its exit status; ``out`` the driver's folder."""

    records: dict[str, dict[str, Any]]
    out: Path
    log: str
    status: int

    def __getitem__(self, scenario: str) -> dict[str, Any]:
        record = self.records.get(scenario)
        assert record is not None, f"the editor ended before '{scenario}' was through (status {self.status}):\n{self.log[-3000:]}"
        assert "error" not in record, record["error"]
        return record


def records_in(out: Path) -> dict[str, dict[str, Any]]:
    return {file.stem: json.loads(file.read_text()) for file in sorted(out.glob("[!.]*.json"))}
