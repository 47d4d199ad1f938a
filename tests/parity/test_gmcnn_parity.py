"""Published-width GMCNN weights load into the network and give the published outputs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from huefill_models.architecture import NotThatNetwork
from huefill_models.gmcnn.published import from_state
from huefill_models.published import read_state
from tests.parity.published import FOLDER, MARKS, state_of

pytestmark = MARKS
PART = "gmcnn"


def test_the_picture_agrees_with_the_published_networks(tmp_path: Path) -> None:
    facts, arrays = json.loads((FOLDER / f"{PART}.json").read_text()), np.load(FOLDER / f"{PART}.npz")
    torch.save(state_of(PART), tmp_path / "checkpoint.pth")
    network = from_state(read_state(tmp_path / "checkpoint.pth"))
    assert sum(weight.numel() for weight in network.parameters()) == facts["parameters"]
    photo, hole = torch.from_numpy(arrays["in_x"]).split((3, 1), dim=1)
    with torch.no_grad():
        (out,) = network(torch.cat([photo, torch.ones_like(hole), hole], dim=1), hole)
    assert np.abs(out.numpy()[..., ::2] - arrays["out_0"]).max() <= facts["outputs"]["0"]["atol"]


def test_a_state_that_lacks_a_tensor_is_refused() -> None:
    state = state_of(PART)
    del state["EB2.13.weight"]
    with pytest.raises(NotThatNetwork, match=r"EB2\.13\.weight"):
        from_state(state)
