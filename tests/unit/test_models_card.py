"""A network's card: what is written is what is read, a former card still counts, and a damaged one breaks nothing but itself."""

from __future__ import annotations

import json
from pathlib import Path

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pytest

from huefill.runtime.store import ModelStore, shipped_folders
from huefill_models import card
from tests.networks import change_card, doubler

GOOD = {"card": 2, "name": "fine", "role": "halftone", "files": {"network": {"file": "a.onnx", "bytes": 3, "sha256": "0" * 64}}}
DAMAGED = {
    "no json": b"{",
    "a list": b"[]",
    "another encoding": '{"card": 2, "name": "ü"}'.encode("utf-16"),
    "nested too deep": b'{"card":' + b"[" * 100_000,
    "infinity": json.dumps({**GOOD, "files": {"network": {**GOOD["files"]["network"], "bytes": float("inf")}}}).encode(),
    "a number beyond all numbers": json.dumps({**GOOD, "x": 0}).replace('"x": 0', '"x": 1e999').encode(),
    "more digits than Python reads": json.dumps({**GOOD, "x": 0}).replace('"x": 0', '"x": ' + "9" * 10_000).encode(),
    "a name with a zero byte": json.dumps({**GOOD, "name": "fi\0ne"}).encode(),
    "a file with a zero byte": json.dumps({**GOOD, "files": {"network": {"file": "a\0", "bytes": 3, "sha256": "0" * 64}}}).encode(),
    "a file elsewhere": json.dumps({**GOOD, "files": {"network": {"file": "../a.onnx", "bytes": 3, "sha256": "0" * 64}}}).encode(),
    "no files": json.dumps({**GOOD, "files": {}}).encode(),
    "files as a list": json.dumps({**GOOD, "files": ["a.onnx"]}).encode(),
    "a size as a text": json.dumps({**GOOD, "files": {"network": {"file": "a", "bytes": "3", "sha256": "0" * 64}}}).encode(),
    "a name as a number": json.dumps({**GOOD, "name": 3}).encode(),
    "the name of an engine that is always there": json.dumps({**GOOD, "name": "patch"}).encode(),
    "sizes that exclude each other": json.dumps({**GOOD, "sizes": {"minimum": 600, "maximum": 512}}).encode(),
    "a size that is no size": json.dumps({**GOOD, "sizes": {"multiple": 0}}).encode(),
    "a score in words": json.dumps({**GOOD, "score": {"hole_psnr": "good"}}).encode(),
    "an unknown detail": json.dumps({**GOOD, "detail": "lots"}).encode(),
    "a later version": json.dumps({**GOOD, "card": 3}).encode(),
    "more than a card": b" " * (9 << 20),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store folder with one whole network and every damaged card."""
    doubler(tmp_path, "whole")
    for number, data in enumerate(DAMAGED.values()):
        (tmp_path / f"damaged_{number}").mkdir()
        (tmp_path / f"damaged_{number}" / card.CARD).write_bytes(data)
    (tmp_path / "a_folder" / card.CARD).mkdir(parents=True)
    return tmp_path


def test_damaged_cards_are_told_and_the_other_networks_run(folder: Path) -> None:
    store = ModelStore([folder])
    assert [found.name for found in store.cards()] == ["whole"]
    told = [error.message for error in store.damaged()]
    assert len(told) == len(DAMAGED) + 1
    assert all("\0" not in sentence and len(sentence) < 400 + len(str(folder)) and sentence.endswith(").") for sentence in told)
    store.verify(store.card("whole"))


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_card_is_refused_with_its_reason(tmp_path: Path, data: bytes) -> None:
    (tmp_path / card.CARD).write_bytes(data)
    with pytest.raises(card.DamagedCard, match=r"^(it|its|no|'|a) ?.{5,}"):
        card.read(tmp_path / card.CARD)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["file", "bytes", "best", "area", "x"]), inner, max_size=3),
    max_leaves=6,
)


@hypothesis.given(st.sampled_from([*GOOD, "sizes", "score", "inputs", "training", "detail", "licence", "variant"]), JSON)
def test_whatever_stands_in_a_card_it_is_read_or_refused(key: str, value: object) -> None:
    try:
        made = card.from_json({**GOOD, key: value}, Path("place"))
    except card.DamagedCard:
        return
    assert made.files and made.bytes > 0 and made.sizes.multiple > 0


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_bytes(b"one")
    (tmp_path / "b.onnx").write_bytes(b"other")
    sizes = card.Sizes(minimum=64, multiple=8, best_area=65536, reach=56)
    facts = {
        "name": "pair",
        "role": "halftone",
        "variant": "mono",
        "sizes": sizes.to_json(),
        "score": {"psnr": 20.5},
        "bins": [[1, 2], [3, 4]],
    }
    written = card.write(tmp_path, facts, {"encoder": "a.onnx", "decoder": "b.onnx"})
    read = card.read(tmp_path / card.CARD)
    assert read == written and read.sizes == sizes and read.bytes == 8
    assert read.identity == {
        "name": "pair",
        "sha256": {part: card.checksum(tmp_path / f"{part_file}") for part, part_file in (("encoder", "a.onnx"), ("decoder", "b.onnx"))},
    }
    assert "[[1, 2], [3, 4]]" in (tmp_path / card.CARD).read_text()


def test_facts_that_fit_no_card_are_not_written(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_bytes(b"one")
    with pytest.raises(card.DamagedCard):
        card.write(tmp_path, {"name": "x y", "role": "hints"}, {"network": "a.onnx"})
    with pytest.raises(ValueError):
        card.write(tmp_path, {"name": "x", "role": "hints", "difference": np.nan}, {"network": "a.onnx"})
    assert not (tmp_path / card.CARD).exists()


def test_a_card_that_the_first_version_wrote_still_counts(tmp_path: Path) -> None:
    doubler(tmp_path, "new")
    part = json.loads((tmp_path / "new" / card.CARD).read_text())["files"]["network"]
    former = {"name": "former", "task": "hints", "size": 256, "multiple": 8, "global_hints": False, "bins": [[0, 0]], **part}
    (tmp_path / "new" / card.CARD).write_text(json.dumps(former))
    read = ModelStore([tmp_path]).card("former")
    assert (read.role, read.sizes.best_side, read.sizes.multiple, read.facts["bins"]) == ("hints", 256, 8, [[0, 0]])
    (tmp_path / "new" / card.CARD).write_text(json.dumps({"name": "filler", "task": "reconstruction", **part}))
    filler = ModelStore([tmp_path]).card("filler")
    shipped = next(found for found in ModelStore(shipped_folders()).cards("inpainting"))
    assert (filler.role, filler.sizes, filler.detail, filler.color) == ("inpainting", shipped.sizes, "exemplar", "internal")
    assert {name: item["channels"] for name, item in filler.inputs.items()} == {
        name: item["channels"] for name, item in shipped.inputs.items()
    }


def test_a_card_that_is_repaired_counts_at_once(tmp_path: Path) -> None:
    doubler(tmp_path, "one")
    store = ModelStore([tmp_path])
    change_card(tmp_path / "one", role=3)
    assert not store.cards() and "its role is not a text" in store.damaged()[0].message
    change_card(tmp_path / "one", role="doubling")
    assert [found.name for found in store.cards("doubling")] == ["one"]
