"""Devices, memory and the model store: what is refused, in which words, and what is kept in memory."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import onnx
import pytest

from huefill.errors import HuefillError
from huefill.runtime import devices, memory
from huefill.runtime import store as store_module
from huefill.runtime.devices import Device, choose_device, cpu_threads
from huefill.runtime.sessions import Session
from huefill.runtime.store import ModelStore
from huefill_models import card
from huefill_protocol.locations import models_folder
from tests.networks import doubler, flat_filler, save, with_data_outside

CPU = Device("cpu", 1)


def test_a_network_runs_and_one_given_the_wrong_input_says_so(tmp_path: Path) -> None:
    doubler(tmp_path, "double")
    session = ModelStore([tmp_path]).session("double", CPU)
    picture = np.full((1, 1, 3, 5), 0.25, np.float32)
    assert np.array_equal(session.run({"x": picture})["y"], 2 * picture)
    with pytest.raises(HuefillError) as failed:
        session.run({"x": picture.astype(np.float64)})
    assert failed.value.code == "model_failed" and "5 x 3 pixels" in failed.value.message


def test_the_network_used_longest_ago_leaves_when_the_budget_is_full(tmp_path: Path) -> None:
    size = max(doubler(tmp_path, name).bytes for name in ("a", "b", "c"))
    store = ModelStore([tmp_path], budget=2 * size + 1)
    for name in ("a", "b", "a", "c"):
        store.session(name, CPU)
    assert store.loaded() == ["a", "c"]


def test_a_network_is_loaded_once_until_it_is_released(tmp_path: Path) -> None:
    doubler(tmp_path, "double")
    store = ModelStore([tmp_path])
    first = store.session("double", CPU)
    assert store.session("double", CPU) is first
    store.release()
    assert store.session("double", CPU) is not first


def test_a_network_leaves_with_all_its_parts_and_never_makes_room_for_itself(tmp_path: Path) -> None:
    size = doubler(tmp_path, "pair", parts=("encoder", "decoder")).bytes
    doubler(tmp_path, "single")
    store = ModelStore([tmp_path], budget=size // 2 + 1)
    encoder = store.session("pair", CPU, "encoder")
    store.session("pair", CPU, "decoder")
    assert store.session("pair", CPU, "encoder") is encoder
    store.session("single", CPU)
    assert store.loaded() == ["single"]
    with pytest.raises(HuefillError, match="no file for its part 'sound'"):
        store.session("pair", CPU, "sound")


def test_asking_what_is_loaded_never_waits_for_a_network_that_is_loading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("slow", "quick"):
        doubler(tmp_path, name)
    begun, go_on = threading.Event(), threading.Event()

    class Slow(Session):
        def __init__(self, path: Path, device: Device) -> None:
            if path.parent.name == "slow":
                begun.set()
                assert go_on.wait(30)
            super().__init__(path, device)

    monkeypatch.setattr(store_module, "Session", Slow)
    store = ModelStore([tmp_path])
    loading = threading.Thread(target=store.session, args=("slow", CPU))
    loading.start()
    try:
        assert begun.wait(30)
        # Each of these would wait for ever if it needed what the loading thread holds.
        answers: list[object] = []
        asking = threading.Thread(
            target=lambda: answers.extend([store.loaded(), store.session("quick", CPU), store.loaded(), store.cards()])
        )
        asking.start()
        asking.join(30)
        assert not asking.is_alive() and answers[0] == [] and answers[2] == ["quick"]
    finally:
        go_on.set()
        loading.join()
    assert sorted(store.loaded()) == ["quick", "slow"]


def test_a_network_that_was_replaced_is_loaded_anew(tmp_path: Path) -> None:
    doubler(tmp_path, "double")
    store = ModelStore([tmp_path])
    first = store.session("double", CPU)
    doubler(tmp_path, "double", title="another", parts=("network", "more"))
    assert store.session("double", CPU) is first  # the same file
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Mul", ["x", "x"], ["y"])],
        "square",
        *([onnx.helper.make_tensor_value_info(key, onnx.TensorProto.FLOAT, [1, 1, "h", "w"])] for key in ("x", "y")),
    )
    save(graph, tmp_path / "double" / "network.onnx")
    card.write(tmp_path / "double", {"name": "double", "role": "squaring"}, {"network": "network.onnx"})
    picture = np.full((1, 1, 3, 5), 3, np.float32)
    assert store.session("double", CPU).run({"x": picture})["y"][0, 0, 0, 0] == 9


def test_weights_in_a_file_that_the_card_does_not_list_are_refused(tmp_path: Path) -> None:
    flat_filler(tmp_path, "filler")
    onnx_file = tmp_path / "filler" / "net.onnx"
    with_data_outside(onnx_file)
    facts = {key: value for key, value in card.read(tmp_path / "filler" / card.CARD).facts.items() if key != "files"}
    card.write(tmp_path / "filler", facts, {"network": "net.onnx"})
    with pytest.raises(HuefillError, match=r"reads weights from the file 'net\.data', which its card does not list"):
        ModelStore([tmp_path]).session("filler", CPU)
    card.write(tmp_path / "filler", facts, {"network": "net.onnx", "data": "net.data"})
    store = ModelStore([tmp_path])
    store.verify(store.card("filler"))
    store.session("filler", CPU)
    (tmp_path / "filler" / "net.data").write_bytes(b"x" * (tmp_path / "filler" / "net.data").stat().st_size)
    with pytest.raises(HuefillError, match=r"net\.data"):
        ModelStore([tmp_path]).session("filler", CPU)


def test_a_file_that_changes_after_it_was_verified_is_read_again(tmp_path: Path) -> None:
    doubler(tmp_path, "double")
    store = ModelStore([tmp_path])
    store.session("double", CPU)
    store.release()
    path = tmp_path / "double" / "network.onnx"
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
