"""The model store: what networks there are, whether their files are whole, and which are loaded."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from huefill.errors import HuefillError
from huefill.runtime.devices import Device
from huefill.runtime.sessions import Session

CARD = "card.json"


@dataclass(frozen=True)
class Card:
    """A model card as a program reads it: ``card.json``, which lies beside the file it describes.

    ``facts`` is the whole card: also licence, source, data, training, inputs, outputs, scores.
    """

    name: str
    task: str
    file: Path
    bytes: int
    sha256: str
    facts: dict[str, Any]


@dataclass
class _Loaded:
    session: Session
    bytes: int
    used: float


class ModelStore:
    """The networks under ``folders`` (each one a folder with a card); of two with the same name the later folder's counts.

    Loaded networks are kept until `release` or until their files exceed ``budget`` bytes together, when those go that
    were used longest ago. May be used from several threads.
    """

    def __init__(self, folders: Sequence[Path], *, budget: int = 256 << 20) -> None:
        self._folders, self._budget = list(folders), budget
        self._loaded: dict[tuple[str, str], _Loaded] = {}
        self._whole: set[tuple[Path, int, int]] = set()
        self._lock = threading.Lock()

    def catalogue(self) -> dict[str, Card]:
        """Every network with a readable card, by name. Cards that cannot be read are left out here; `card` says why."""
        return {card.name: card for card in self._cards() if isinstance(card, Card)}

    def card(self, name: str) -> Card:
        """Raises `HuefillError` "unknown_model" when no folder has it, "damaged_model" when its card cannot be read."""
        found: Card | HuefillError | None = None
        for card in self._cards():
            if (card.name if isinstance(card, Card) else card.model) == name:
                found = card
        if isinstance(found, Card):
            return found
        if found is not None:
            raise found
        raise HuefillError(
            "unknown_model",
            f"There is no network '{name}' on this computer.",
            f"Run the installer again, or put the folder of the network into {drop_in_folder()}.",
        )

    def session(self, name: str, device: Device) -> Session:
        """The network, verified and loaded; raises `HuefillError` as `card` and `verify` do, or "bad_model"."""
        with self._lock:
            key = (name, device.kind)
            loaded = self._loaded.get(key)
            if loaded is None:
                card = self.card(name)
                self.verify(card)
                self._make_room(card.bytes)
                loaded = self._loaded[key] = _Loaded(Session(card.file, device), card.bytes, 0.0)
            loaded.used = time.monotonic()
            return loaded.session

    def verify(self, card: Card) -> None:
        """Raise `HuefillError` "missing_model" or "damaged_model" unless the file is the very one its card describes.

        A file is read once; afterwards its size and time of change are compared.
        """
        try:
            stat = card.file.stat()
            key = (card.file, stat.st_size, stat.st_mtime_ns)
            if key in self._whole:
                return
            whole = stat.st_size == card.bytes and _sha256(card.file) == card.sha256
        except OSError as error:
            raise HuefillError(
                "missing_model", f"The file of the network '{card.name}' cannot be read: {card.file} ({error.strerror}).", _REPAIR
            ) from error
        if not whole:
            raise HuefillError("damaged_model", f"The file of the network '{card.name}' is damaged or was changed: {card.file}.", _REPAIR)
        self._whole.add(key)

    def release(self) -> None:
        """Forget every loaded network; one that is running ends first."""
        with self._lock:
            self._loaded.clear()

    def loaded(self) -> list[str]:
        """Names of the networks in memory, the one used last at the end."""
        with self._lock:
            return [name for (name, _), _ in sorted(self._loaded.items(), key=lambda item: item[1].used)]

    def _make_room(self, coming: int) -> None:
        while self._loaded and sum(item.bytes for item in self._loaded.values()) + coming > self._budget:
            del self._loaded[min(self._loaded, key=lambda key: self._loaded[key].used)]

    def _cards(self) -> list[Card | _Unreadable]:
        paths = [path for folder in self._folders for path in sorted(folder.glob(f"*/{CARD}"))]
        return [_read(path) for path in paths]


class _Unreadable(HuefillError):
    """A card that cannot be read; ``model`` is the name of its folder, the best name there is."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__("damaged_model", f"The card of a network cannot be read: {path} ({why}).", _REPAIR)
        self.model = path.parent.name


_REPAIR = "Run the installer again, or put a whole copy there."


def _read(path: Path) -> Card | _Unreadable:
    try:
        facts = json.loads(path.read_text("utf-8"))
        name, task, file = str(facts["name"]), str(facts["task"]), str(facts["file"])
        if Path(file).name != file:
            return _Unreadable(path, f"'{file}' is not the name of a file beside it")
        return Card(name, task, path.parent / file, int(facts["bytes"]), str(facts["sha256"]), facts)
    except OSError as error:
        return _Unreadable(path, str(error.strerror))
    except KeyError as error:
        return _Unreadable(path, f"it lacks {error}")
    except (ValueError, TypeError):
        return _Unreadable(path, "it is not the JSON of a model card")


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def shipped_folders() -> list[Path]:
    """The ``weights`` folders of the systems in huefill_models; found without importing any of them, which would import torch."""
    spec = find_spec("huefill_models")
    roots = list(spec.submodule_search_locations or []) if spec else []
    return [path for root in roots for path in sorted(Path(root).glob("*/weights"))]


def drop_in_folder() -> Path:
    """Where a person puts networks of their own: one folder each, with its card. ``HUEFILL_HOME`` moves it."""
    home = os.environ.get("HUEFILL_HOME", "")
    if home:
        return Path(home).expanduser() / "models"
    import platformdirs

    name = "huefill" if sys.platform.startswith("linux") else "Huefill"
    return Path(platformdirs.user_data_path(name, appauthor=False)) / "models"


@cache
def model_store() -> ModelStore:
    """The store of this process: what is shipped, and what the person has dropped in."""
    return ModelStore([*shipped_folders(), drop_in_folder()])


def release_models() -> None:
    """Forget every loaded network of `model_store`; nothing happens where none was loaded."""
    model_store().release()
