"""Published checkpoints that people own, by name: what turns each into an ONNX file with a card. None is shipped."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Published:
    """``sha256`` of the file, or "" where several go round; ``convert(file, onnx)`` writes the file, gives its card's facts."""

    title: str
    sha256: str
    convert: Callable[[Path, Path], dict[str, Any]]


class NotThatNetwork(ValueError):
    """The file holds no such network; the message is for a person."""


def checksum(path: Path) -> str:
    """The file's SHA-256 in hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _hints(name: str, title: str, licence: str, centre: float) -> Callable[[Path, Path], dict[str, Any]]:
    def convert(file: Path, onnx: Path) -> dict[str, Any]:
        import pickle

        from huefill_models.hints import export
        from huefill_models.hints import published as importers

        try:
            network = importers.load_published(file, centre=centre)
        except pickle.UnpicklingError as error:
            raise NotThatNetwork("it is no PyTorch checkpoint, or one that would run code when it is read") from error
        except (KeyError, RuntimeError, AttributeError, TypeError, EOFError, ValueError) as error:
            raise NotThatNetwork((str(error).strip() or type(error).__name__).splitlines()[0].strip("'\"")[:200]) from error
        export.export(network, onnx)
        difference = export.largest_difference(network, onnx, 72, 40)
        if not difference < 1e-3:
            raise NotThatNetwork(f"the converted network differs from the original by {difference:.2g}")
        return {
            "name": name,
            "task": "hints",
            "title": title,
            "licence": licence,
            "source": "Zhang et al. 2017, imported from a file of the user's",
            "data": "ImageNet, as published",
            "training": "as published",
            "size": 256,
            "difference_from_torch": difference,
            **export.description(network),
        }

    return convert


CHECKPOINTS: dict[str, Published] = {
    "siggraph17": Published(
        "Real-time user-guided colorization (siggraph17-df00044c.pth)",
        "df00044c0a4d7c3edcecf6f75437ce346a66e7a42612d9b968e1a7e17dbc6f66",
        _hints("siggraph17", "Real-time user-guided colorization (Zhang et al. 2017)", "BSD-2-Clause", 0.0),
    ),
    "siggraph_retrained": Published(
        "The same, retrained in PyTorch (latest_net_G.pth)",
        "",
        _hints("siggraph_retrained", "Real-time user-guided colorization, retrained", "MIT", 0.5),
    ),
    "ideepcolor": Published(
        "The same, converted from Caffe (caffemodel.pth)",
        "",
        _hints("ideepcolor", "Interactive deep colorization (Zhang et al. 2017)", "MIT", 0.0),
    ),
}
