"""Published-width DeepFill v2 weights, in both published layouts, load into the reconstruction network and give the published outputs."""

from __future__ import annotations

import importlib.util
import json
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from huefill_models.reconstruction.importers import from_state, load_published

FOLDER = Path(__file__).parents[2].parent / "shared" / "parity"
pytestmark = [pytest.mark.parity, pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/parity is absent")]
PARTS = ("deepfillv2_nipponjo_networks", "deepfillv2_nipponjo_networks_tf")


def state_of(part: str) -> dict[str, torch.Tensor]:
    spec = importlib.util.spec_from_file_location("parity_state_dict", FOLDER / "state_dict.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    state: dict[str, torch.Tensor] = module.build(str(FOLDER / f"{part}.json"), 0)
    return state


@pytest.mark.parametrize("part", PARTS)
def test_both_stages_agree_with_the_published_network(part: str, tmp_path: Path) -> None:
    facts, arrays = json.loads((FOLDER / f"{part}.json").read_text()), np.load(FOLDER / f"{part}.npz")
    torch.save({"G": state_of(part)}, tmp_path / "checkpoint.pth")
    network = load_published(tmp_path / "checkpoint.pth")
    with torch.no_grad():
        outs = network(torch.from_numpy(arrays["in_x"]), torch.from_numpy(arrays["in_mask"]))
    for index, out in enumerate(outs):
        assert np.abs(out.numpy() - arrays[f"out_{index}"]).max() <= facts["outputs"][str(index)]["atol"]


def test_a_state_that_lacks_a_tensor_is_refused() -> None:
    state = state_of(PARTS[0])
    del state["stage2.conv_bn7.conv.bias"]
    with pytest.raises(KeyError, match=r"stage2\.conv_bn7\.conv\.bias"):
        from_state(state)


def test_a_checkpoint_that_would_run_code_is_refused(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (print, ("run",))

    torch.save({"G": Evil()}, tmp_path / "evil.pth")
    with pytest.raises(pickle.UnpicklingError):
        load_published(tmp_path / "evil.pth")
