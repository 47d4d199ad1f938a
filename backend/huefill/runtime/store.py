"""The model store: what networks there are, whether their files are whole, and which are loaded."""

from __future__ import annotations

import os
import stat
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from huefill.errors import HuefillError
from huefill.runtime.devices import Device
from huefill.runtime.sessions import Session
from huefill_models.card import CARD, Card, DamagedCard, checksum, read
from huefill_models.onnx_reading import external_files
from huefill_protocol.locations import models_folder

__all__ = ["Card", "ModelStore", "model_store", "release_models", "shipped_folders"]

_Key = tuple[str, str]


@dataclass
class _Loaded:
    """The loaded parts of one network on one device; ``loading`` is held while a part is being loaded."""

    loading: threading.Lock = field(default_factory=threading.Lock)
    sessions: dict[str, tuple[str, Session]] = field(default_factory=dict)
    bytes: int = 0
    used: float = 0.0


class ModelStore:
    """The networks under ``folders`` (each one a folder with a card); of two with the same name the later folder's counts.

    Loaded networks are kept until `release` or until their loaded files exceed ``budget`` bytes together, when those go, with all their
    parts, that were used longest ago. May be used from several threads: nothing but `session` of the same network waits for a network
    that is being checked or loaded.
    """

    def __init__(self, folders: Sequence[Path], *, budget: int = 256 << 20) -> None:
        self._folders, self._budget = list(folders), budget
        self._loaded: dict[_Key, _Loaded] = {}
        self._whole: set[tuple[Path, int, int, str]] = set()
        self._read: dict[Path, tuple[tuple[int, ...], Card | _Unreadable]] = {}
        self._lock = threading.Lock()

    def cards(self, role: str | None = None) -> list[Card]:
        """Every network whose card can be read (`damaged` has the others), of one ``role`` alone; the best score first, then by name."""
        by_name = {card.name: card for card in self._cards() if isinstance(card, Card)}
        chosen = [card for card in by_name.values() if role in (None, card.role)]
        return sorted(chosen, key=lambda card: (-card.rank, card.name))

    def damaged(self) -> list[HuefillError]:
        """What is wrong with each card that cannot be read."""
        return [card for card in self._cards() if not isinstance(card, Card)]

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
            f"Run the installer again, or put the folder of the network into {models_folder()}.",
        )

    def session(self, name: str, device: Device, part: str = "network") -> Session:
        """A part of the network, verified and loaded; raises `HuefillError` as `card` and `verify` do, or "bad_model"."""
        card = self.card(name)
        if part not in card.files:
            raise HuefillError("damaged_model", f"The card of the network '{name}' lists no file for its part '{part}'.", _REPAIR)
        with self._lock:
            loaded = self._loaded.setdefault((name, device.kind), _Loaded())
            loaded.used = time.monotonic()
        with loaded.loading:
            sha256, session = loaded.sessions.get(part, ("", None))
            # A file that was replaced since is another network: results must not record the one and use the other.
            if session is None or sha256 != card.files[part].sha256:
                self.verify(card, part)
                self._make_room(card.files[part].bytes, loaded)
                session = Session(card.file(part), device)
                with self._lock:
                    loaded.sessions[part] = (card.files[part].sha256, session)
                    loaded.bytes = sum(card.files[key].bytes for key in loaded.sessions if key in card.files)
            return session

    def verify(self, card: Card, part: str | None = None) -> None:
        """Raise `HuefillError` "missing_model" or "damaged_model" unless the files are the very ones that the card describes.

        All parts, or one alone with the files of data that it refers to. A file is read once; afterwards its size and time of change are
        compared.
        """
        for name in [part] if part else list(card.files):
            self._verify_file(card, name)
            if card.file(name).suffix == ".onnx":
                self._verify_data(card, name)

    def release(self) -> None:
        """Forget every loaded network; one that is running ends first."""
        with self._lock:
            self._loaded.clear()

    def loaded(self) -> list[str]:
        """Names of the networks in memory, the one used last at the end. Never waits for one that is being loaded."""
        with self._lock:
            items = sorted(((loaded.used, name) for (name, _), loaded in self._loaded.items() if loaded.sessions), key=lambda item: item[0])
        return [name for _, name in items]

    def _make_room(self, coming: int, needed: _Loaded) -> None:
        with self._lock:
            others = sorted((key for key, item in self._loaded.items() if item is not needed), key=lambda key: self._loaded[key].used)
            for key in others:
                if sum(item.bytes for item in self._loaded.values()) + coming <= self._budget:
                    return
                if self._loaded[key].sessions:
                    del self._loaded[key]

    def _verify_file(self, card: Card, part: str) -> None:
        path, described = card.file(part), card.files[part]
        try:
            status = path.stat()
            key = (path, status.st_size, status.st_mtime_ns, described.sha256)
            if key in self._whole:
                return
            whole = stat.S_ISREG(status.st_mode) and status.st_size == described.bytes and checksum(path) == described.sha256
        except OSError as error:
            raise HuefillError(
                "missing_model", f"The file of the network '{card.name}' cannot be read: {path} ({error.strerror}).", _REPAIR
            ) from error
        if not whole:
            raise HuefillError("damaged_model", f"The file of the network '{card.name}' is damaged or was changed: {path}.", _REPAIR)
        self._whole.add(key)

    def _verify_data(self, card: Card, part: str) -> None:
        """ONNX may keep weights in files beside it: such a file must be listed, and whole, like any other."""
        try:
            wanted = external_files(card.file(part))
        except ValueError as error:
            raise HuefillError(
                "bad_model", f"The file of the network '{card.name}' is not an ONNX file: {card.file(part)}.", _REPAIR
            ) from error
        listed = {described.file: name for name, described in card.files.items()}
        for file in sorted(wanted):
            if file not in listed:
                raise HuefillError(
                    "damaged_model",
                    f"The network '{card.name}' reads weights from the file '{file}', which its card does not list.",
                    "List it in the card's files, or keep all weights in the ONNX file.",
                )
            self._verify_file(card, listed[file])

    def _cards(self) -> list[Card | _Unreadable]:
        return [self._card_in(path) for folder in self._folders for path in _card_paths(folder)]

    def _card_in(self, path: Path) -> Card | _Unreadable:
        try:
            status = path.stat()
            state = (status.st_ino, status.st_size, status.st_mtime_ns)
            known = self._read.get(path)
            if known is not None and known[0] == state:
                return known[1]
            card: Card | _Unreadable
            try:
                card = read(path)
            except DamagedCard as error:
                card = _Unreadable(path, str(error))
            self._read[path] = (state, card)
            return card
        except OSError as error:
            return _Unreadable(path, str(error.strerror))


class _Unreadable(HuefillError):
    """A card that cannot be read; ``model`` is the name of its folder, the best name there is."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__("damaged_model", f"The card of a network cannot be read: {path} ({why}).", _REPAIR)
        self.model = path.parent.name


_REPAIR = "Run the installer again, or put a whole copy there."


def _card_paths(folder: Path) -> list[Path]:
    try:
        places = sorted(folder.iterdir())
    except OSError:
        return []
    # A folder whose name begins with a dot is one that is being written.
    return [place / CARD for place in places if not place.name.startswith(".") and os.path.exists(place / CARD)]


@cache
def shipped_folders() -> tuple[Path, ...]:
    """The ``weights`` folders of the systems in huefill_models; found without importing any of them, which would import torch."""
    spec = find_spec("huefill_models")
    roots = list(spec.submodule_search_locations or []) if spec else []
    return tuple(path for root in roots for path in sorted(Path(root).glob("*/weights")))


@cache
def model_store() -> ModelStore:
    """The store of this process: what is shipped, and what the person has dropped in."""
    return ModelStore([*shipped_folders(), models_folder()])


def release_models() -> None:
    """Forget every loaded network of `model_store`; nothing happens where none was loaded."""
    model_store().release()
