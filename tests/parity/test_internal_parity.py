"""The generator and its training agree with the published internal colorizer, four Adam steps included."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from huefill.internal.generator import Generator
from huefill.internal.presets import PRESETS, Pyramid
from huefill.internal.pyramid import train

FOLDER = Path(__file__).parents[2].parent / "shared" / "parity"
pytestmark = [pytest.mark.parity, pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/parity is absent")]


def load(part: str) -> tuple[dict[str, Any], Any, dict[str, torch.Tensor]]:
    spec = importlib.util.spec_from_file_location("parity_state_dict", FOLDER / "state_dict.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    facts = json.loads((FOLDER / f"{part}.json").read_text())
    return facts, np.load(FOLDER / f"{part}.npz"), module.build(str(FOLDER / f"{part}.json"), facts["seed"])


@pytest.mark.parametrize("inputs", [1, 4])
def test_the_generator_agrees_with_the_published_one(inputs: int) -> None:
    facts, arrays, state = load(f"eii_internal_c{inputs}_eval")
    generator = Generator(inputs, 8).eval()
    generator.load_state_dict(state, strict=True)
    with torch.no_grad():
        out = generator(torch.from_numpy(arrays["in_x"])).numpy()
    assert np.abs(out - arrays["out_0"]).max() <= facts["outputs"]["0"]["atol"]
    assert sum(p.numel() for p in generator.parameters()) == facts["parameters"]


@pytest.mark.parametrize(("inputs", "rate"), [(1, 0.01), (4, 0.005)])
def test_four_training_steps_agree_with_the_published_ones(inputs: int, rate: float) -> None:
    facts, arrays, state = load(f"eii_internal_c{inputs}_trace")
    preset = PRESETS["published"]
    assert isinstance(preset, Pyramid)
    generator = Generator(inputs, preset.blocks).double().train()
    generator.load_state_dict({key: value.double() if value.is_floating_point() else value for key, value in state.items()}, strict=True)
    x, target, known = (torch.from_numpy(arrays[f"in_{name}"]).double() for name in ("x", "target", "known"))
    steps = list(train(generator, x, target, known, preset, rate, 4))
    losses = [loss for _, loss in steps]
    assert np.abs(np.array(losses) - facts["outputs"]["losses"]["values"]).max() <= facts["outputs"]["losses"]["atol"]
    outs = torch.stack([out for out, _ in steps]).numpy()
    assert np.abs(outs - arrays["out_outs"]).max() <= facts["outputs"]["outs"]["atol"]
