"""docs/add-a-network.md to the letter: its folder in a copy is trained, exported and used, and no other file is touched."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from huefill_models import card

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/add-a-network.md").read_text("utf-8")
DECLARATION, NETWORK = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
(COMMANDS,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
(CARD,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The networks' package with the page's folder added, and photographs."""
    shutil.copytree(ROOT / "models", tmp_path / "models", ignore=shutil.ignore_patterns("__pycache__"))
    folder = tmp_path / "models/huefill_models/plain"
    folder.mkdir()
    (folder / "__init__.py").write_text(DECLARATION, "utf-8")
    (folder / "network.py").write_text(NETWORK, "utf-8")
    (tmp_path / "photos").mkdir()
    photo = Image.open(ROOT / "examples/photos/parrots.png").convert("RGB").resize((240, 160))
    photo.save(tmp_path / "photos" / "parrots.png")
    mask = np.zeros((160, 240), np.uint8)
    mask[70:86, 110:130] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    return tmp_path


def run(copy: Path, line: str) -> str:
    places = [copy / "models", ROOT / "backend", ROOT / "plugin"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places)), "HUEFILL_HOME": str(copy / "home")}
    program, *words = line.split()
    command = [sys.executable, *(["-m", "huefill.cli"] if program == "huefill" else []), *words]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return done.stdout


def test_the_pages_network_is_trained_exported_and_used(copy: Path) -> None:
    given = {
        "PHOTOS": "photos",
        "RUN": "run",
        "MODELS": "home/models",
        "PHOTO": "photos/parrots.png",
        "MASK": "mask.png",
        "OUT": "out.png --json --rim 0 --band 0",
        # The page's ten minutes, cut short.
        "--minutes 10": "--minutes 10 --steps 2 --size 64 --batch 2 --device cpu",
    }
    patterns = [re.escape(word) if word.startswith("-") else rf"(?<![\w-]){word}(?![\w-])" for word in given]
    assert all(re.search(pattern, COMMANDS) for pattern in patterns)
    names = re.compile("|".join(patterns))
    train, export, info, remove = (names.sub(lambda found: given[found[0]], line) for line in COMMANDS.strip().splitlines())
    run(copy, train)
    assert "hole_psnr" in run(copy, export)
    assert "role      inpainting" in run(copy, info)
    record = json.loads(run(copy, remove))
    (region,) = record["recipe"]["regions"]
    made = card.read(copy / "home/models/plain" / card.CARD)
    assert (region["engine"], region["color"]) == ("plain", "network")
    assert record["recipe"]["networks"] == [made.identity] and made.sizes.reach == 12 and made.rank > 0
    before, after = (np.asarray(Image.open(path).convert("RGB")) for path in (copy / "photos/parrots.png", copy / "out.png"))
    hole = np.asarray(Image.open(copy / "mask.png")) > 0
    assert (before[hole] != after[hole]).any() and np.array_equal(before[~hole], after[~hole])
    assert "starting from" in run(copy, train.replace("--out run", "--out again") + " --start home/models/plain")


def test_the_pages_card_is_a_card() -> None:
    facts = json.loads(CARD.replace("…", "0" * 64))
    made = card.from_json(facts, Path("models"))
    from huefill.tasks.inpainting.engines import network

    network.check(made)
    assert (made.name, made.sizes.minimum, made.sizes.maximum, made.color) == ("mine", 512, 512, "keep")
