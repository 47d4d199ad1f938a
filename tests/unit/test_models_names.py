"""Networks are described, not named: no code outside a network's own folder says what it is called."""

from __future__ import annotations

import re
from pathlib import Path

from huefill.runtime.store import ModelStore, shipped_folders
from huefill_models.architecture import architectures, published

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("backend/huefill", "plugin", "installer", "models/huefill_models")


def names() -> set[str]:
    cards = ModelStore(shipped_folders()).cards()
    # A role's own word ("hints") is no network's name.
    folders = set(architectures()) - {card.role for card in cards}
    return {card.name for card in cards} | set(published()) | folders | {"gatedconv", "hints_compact", "siggraph17"}


def named(root: Path, words: set[str]) -> list[str]:
    """Every place in the code below ``root`` where a network's name stands, outside the networks' folders."""
    listed = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    # A small letter after it makes another word: "disconnect".
    pattern = re.compile(rf"(?<![A-Za-z0-9])({listed})(?-i:(?![a-z]))", re.IGNORECASE)
    own = {root / "models" / "huefill_models" / name for name in architectures()}
    return [
        f"{path.relative_to(root)}:{number} {found[1]}"
        for room in ROOMS
        for path in sorted((root / room).rglob("*.py"))
        if not own & set(path.parents)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (found := pattern.search(line))
    ]


def test_no_code_names_a_network() -> None:
    assert {"gatedconv_mono", "hints_compact", "siggraph17", "deepfill"} <= names()
    assert named(ROOT, names()) == []


def test_a_name_is_found_wherever_it_stands(tmp_path: Path) -> None:
    for room in ROOMS:
        (tmp_path / room).mkdir(parents=True)
    (tmp_path / "backend/huefill/engines.py").write_text('x = 1\nENGINE = "gatedconv"\n')
    (tmp_path / "models/huefill_models/deepfill").mkdir()
    (tmp_path / "models/huefill_models/deepfill/__init__.py").write_text('NAME = "deepfill"\n')
    (tmp_path / "models/huefill_models/other.py").write_text("from huefill_models.deepfill import x\n")
    (tmp_path / "plugin/view.py").write_text("signal.disconnect(view)\nclass DeepfillView: ...\n")
    found = ["backend/huefill/engines.py:2 gatedconv", "plugin/view.py:2 Deepfill", "models/huefill_models/other.py:1 deepfill"]
    assert named(tmp_path, names()) == found
