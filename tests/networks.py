"""Small networks with cards, made for tests: real ONNX files whose answer is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from huefill_models import card

# What `flat_filler` says of every hole, in [0, 1].
LEVEL = 0.2


def save(graph: Any, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    model = helper.make_model(graph, ir_version=9, opset_imports=[helper.make_opsetid("", 18)])
    path.write_bytes(model.SerializeToString())


def doubler(folder: Path, name: str, role: str = "doubling", parts: tuple[str, ...] = ("network",), **facts: Any) -> card.Card:
    """A store entry whose every part doubles a picture."""
    x, y = (helper.make_tensor_value_info(key, TensorProto.FLOAT, [1, 1, "h", "w"]) for key in ("x", "y"))
    for part in parts:
        save(helper.make_graph([helper.make_node("Add", ["x", "x"], ["y"])], part, [x], [y]), folder / name / f"{part}.onnx")
    return card.write(folder / name, {"name": name, "role": role, **facts}, {part: f"{part}.onnx" for part in parts})


def flat_filler(
    folder: Path,
    name: str,
    *,
    channels: tuple[str, ...] = ("r", "g", "b"),
    bounds: tuple[float, float] = (0, 1),
    mask: str = "hole",
    mask_values: tuple[float, float] = (0, 1),
    layout: str = "nchw",
    type: str = "float32",
    size: int | None = None,
    **facts: Any,
) -> card.Card:
    """An inpainting network that keeps the photo and fills the hole with `LEVEL`, in the conventions that are asked for.

    ``mask`` "hole" or "known" is whose pixels have the second of ``mask_values``; ``size`` the only side it takes, None: any.
    """
    rows, columns = (size, size) if size else ("h", "w")
    shapes = {count: [1, rows, columns, count] if layout == "nhwc" else [1, count, rows, columns] for count in (len(channels), 1)}
    kind = TensorProto.UINT8 if type == "uint8" else TensorProto.FLOAT
    inputs = [helper.make_tensor_value_info("photo", kind, shapes[len(channels)]), helper.make_tensor_value_info("where", kind, shapes[1])]
    output = helper.make_tensor_value_info("filled", TensorProto.FLOAT, shapes[len(channels)])
    black, white = bounds
    elsewhere, own = mask_values
    constants = {"elsewhere": elsewhere, "span": own - elsewhere, "level": black + LEVEL * (white - black), "one": 1.0}
    weights = [numpy_helper.from_array(np.array(value, np.float32), key) for key, value in constants.items()]
    nodes = [
        helper.make_node("Cast", ["photo"], ["picture"], to=TensorProto.FLOAT),
        helper.make_node("Cast", ["where"], ["values"], to=TensorProto.FLOAT),
        helper.make_node("Sub", ["values", "elsewhere"], ["offset"]),
        helper.make_node("Div", ["offset", "span"], ["inside"]),
        helper.make_node("Sub", ["one", "inside"], ["outside"]),
        helper.make_node("Mul", ["picture", "outside" if mask == "hole" else "inside"], ["kept"]),
        helper.make_node("Mul", ["level", "inside" if mask == "hole" else "outside"], ["made"]),
        helper.make_node("Add", ["kept", "made"], ["filled"]),
    ]
    save(helper.make_graph(nodes, name, inputs, [output], weights), folder / name / "net.onnx")
    described = {"range": list(bounds), "layout": layout}
    whole = {
        "name": name,
        "role": "inpainting",
        "inputs": {
            "photo": {**described, "channels": list(channels), "type": type},
            "where": {"channels": [mask], "mask": list(mask_values), "type": type, "layout": layout},
        },
        "outputs": {"filled": {**described, "channels": list(channels)}},
        "sizes": {"minimum": size, "maximum": size} if size else {"best": {"area": 4096}},
        **facts,
    }
    return card.write(folder / name, whole, {"network": "net.onnx"})


def change_card(folder: Path, **changes: Any) -> None:
    """Overwrite keys of the card in ``folder``, whatever comes of it."""
    path = folder / card.CARD
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def with_data_outside(path: Path) -> None:
    """Move the weights of the ONNX file ``path`` into a file beside it."""
    onnx.save_model(onnx.load(str(path)), str(path), save_as_external_data=True, location=path.stem + ".data", size_threshold=0)
