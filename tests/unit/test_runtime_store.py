"""Devices, memory and the model store: what is refused, in which words, and what is kept in memory."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import pytest

from huefill.errors import HuefillError
from huefill.runtime import devices, memory
from huefill.runtime.devices import Device, choose_device, cpu_threads
from huefill.runtime.store import ModelStore
from huefill_protocol.locations import models_folder

CPU = Device("cpu", 1)


def put_network(folder: Path, name: str, **changes: object) -> int:
    """A store entry whose network doubles a picture; gives the size of its file in bytes."""
    x, y = (onnx.helper.make_tensor_value_info(key, onnx.TensorProto.FLOAT, [1, 1, "h", "w"]) for key in ("x", "y"))
    graph = onnx.helper.make_graph([onnx.helper.make_node("Add", ["x", "x"], ["y"])], name, [x], [y])
    data = onnx.helper.make_model(graph, ir_version=9, opset_imports=[onnx.helper.make_opsetid("", 18)]).SerializeToString()
    (folder / name).mkdir(parents=True)
    (folder / name / "net.onnx").write_bytes(data)
    facts = {"name": name, "task": "doubling", "file": "net.onnx", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (folder / name / "card.json").write_text(json.dumps(facts | changes))
    return len(data)


def test_a_network_runs_and_one_given_the_wrong_input_says_so(tmp_path: Path) -> None:
    put_network(tmp_path, "double")
    session = ModelStore([tmp_path]).session("double", CPU)
    picture = np.full((1, 1, 3, 5), 0.25, np.float32)
    assert np.array_equal(session.run({"x": picture})["y"], 2 * picture)
    with pytest.raises(HuefillError) as failed:
        session.run({"x": picture.astype(np.float64)})
    assert failed.value.code == "model_failed" and "5 x 3 pixels" in failed.value.message


def test_the_network_used_longest_ago_leaves_when_the_budget_is_full(tmp_path: Path) -> None:
    size = max(put_network(tmp_path, name) for name in ("a", "b", "c"))
    store = ModelStore([tmp_path], budget=2 * size + 1)
    for name in ("a", "b", "a", "c"):
        store.session(name, CPU)
    assert store.loaded() == ["a", "c"]


def test_a_network_is_loaded_once_until_it_is_released(tmp_path: Path) -> None:
    put_network(tmp_path, "double")
    store = ModelStore([tmp_path])
    first = store.session("double", CPU)
    assert store.session("double", CPU) is first
    store.release()
    assert store.session("double", CPU) is not first


def test_a_card_cannot_name_a_file_outside_its_folder(tmp_path: Path) -> None:
    put_network(tmp_path, "double", file="../elsewhere.onnx")
    with pytest.raises(HuefillError) as caught:
        ModelStore([tmp_path]).card("double")
    assert caught.value.code == "damaged_model" and caught.value.remedy


def test_a_file_that_changes_after_it_was_verified_is_read_again(tmp_path: Path) -> None:
    put_network(tmp_path, "double")
    store = ModelStore([tmp_path])
    store.session("double", CPU)
    store.release()
    path = tmp_path / "double" / "net.onnx"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(HuefillError) as caught:
        store.session("double", CPU)
    assert caught.value.code == "damaged_model"


def test_networks_of_ones_own_lie_below_the_home_that_was_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUEFILL_HOME", str(tmp_path))
    assert models_folder() == tmp_path / "models"


def test_a_device_that_cannot_be_had_is_refused_by_name_and_left_out_by_auto(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "nvidia_driver", lambda: False)
    assert choose_device("auto") == choose_device("cpu") == Device("cpu", cpu_threads())
    for wish, code in (("cuda", "no_cuda"), ("tpu", "bad_device")):
        with pytest.raises(HuefillError) as caught:
            choose_device(wish)
        assert caught.value.code == code and caught.value.remedy


def test_more_memory_than_there_is_is_refused_before_the_run() -> None:
    memory.require_memory(1 << 20, "a small picture")
    with pytest.raises(HuefillError) as caught:
        memory.require_memory(1 << 50, "reconstructing a very large picture")
    assert caught.value.code == "memory" and "reconstructing a very large picture" in caught.value.message


def test_the_peak_of_memory_grows_with_what_is_used() -> None:
    before = memory.peak_memory_mb()
    held = np.ones(int((before + 200) * 2**20 / 8))
    assert memory.peak_memory_mb() > before + 150 and held.any()
