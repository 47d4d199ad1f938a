"""Nothing is sent anywhere: what libraries would report of themselves is switched off before they are loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NETWORK = next((ROOT / "models").glob("huefill_models/deepfill/weights/*/*.onnx"))


@pytest.mark.parametrize("package", ["huefill", "huefill_models"])
def test_onnx_runtime_reports_nothing_to_its_maker(tmp_path: Path, package: str) -> None:
    code = (
        f"import {package}, onnxruntime, time\n"
        f"session = onnxruntime.InferenceSession({str(NETWORK)!r}, providers=['CPUExecutionProvider'])\n"
        "time.sleep(0.5)\n"
    )
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    temporary.mkdir()
    settings = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY" and not name.startswith("XDG_")}
    settings |= {"HOME": str(home), "TMPDIR": str(temporary), "LOCALAPPDATA": str(home), "TEMP": str(temporary)}
    subprocess.run([sys.executable, "-c", code], env=settings, check=True)
    # Its reports wait in a data base there, under an identifier of this machine.
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")) == ["home", "tmp"]
