"""Published-width DeepFill v2 weights, in both published layouts, load into the reconstruction network and give the published outputs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from huefill_models.architecture import NotThatNetwork
from huefill_models.deepfill.published import from_state
from huefill_models.published import read_state
from tests.parity.published import FOLDER, MARKS, state_of

pytestmark = MARKS
PARTS = ("deepfillv2_nipponjo_networks", "deepfillv2_nipponjo_networks_tf")


@pytest.mark.parametrize("part", PARTS)
def test_both_stages_agree_with_the_published_network(part: str, tmp_path: Path) -> None:
    facts, arrays = json.loads((FOLDER / f"{part}.json").read_text()), np.load(FOLDER / f"{part}.npz")
    torch.save({"G": state_of(part)}, tmp_path / "checkpoint.pth")
    network = from_state(read_state(tmp_path / "checkpoint.pth"))
    with torch.no_grad():
        outs = network(torch.from_numpy(arrays["in_x"]), torch.from_numpy(arrays["in_mask"]))
    for index, out in enumerate(outs):
        assert np.abs(out.numpy() - arrays[f"out_{index}"]).max() <= facts["outputs"][str(index)]["atol"]


def test_a_state_that_lacks_a_tensor_is_refused() -> None:
    state = state_of(PARTS[0])
    del state["stage2.conv_bn7.conv.bias"]
    with pytest.raises(NotThatNetwork, match=r"stage2\.conv_bn7\.conv\.bias"):
        from_state(state)


def test_a_checkpoint_that_would_run_code_is_refused(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (print, ("run",))

    torch.save({"G": Evil()}, tmp_path / "evil.pth")
    with pytest.raises(NotThatNetwork, match="run code"):
        read_state(tmp_path / "evil.pth")
