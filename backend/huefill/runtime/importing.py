"""Published checkpoints into the model store: read without running their code, converted, checked, put in place whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from huefill.errors import HuefillError
from huefill.runtime.store import Card, release_models, shipped_folders
from huefill_models.architecture import NotThatNetwork, published
from huefill_models.card import CARD, NETWORK, checksum, part_file
from huefill_protocol.locations import models_folder


@dataclass(frozen=True)
class Imported:
    """``file`` the ONNX file, of a network in several files their folder; ``official`` whether the checkpoint is the very published one
    (None: not known)."""

    card: Card
    file: Path
    official: bool | None


def known() -> dict[str, str]:
    """What can be imported: names and titles."""
    return {name: item.title for name, (_, item) in published().items()}


def import_checkpoint(name: str, source: Path, target: Path | None = None) -> Imported:
    """Convert the published checkpoint ``source`` of the kind ``name`` into the model store, or to the ONNX file ``target`` alone.

    A network in several files has them beside ``target``, each with the name of its part.

    Raises `HuefillError` "unknown_checkpoint", "no_file", "not_that_network", "cannot_write"; the store is as it was then.
    """
    if name not in published():
        raise HuefillError("unknown_checkpoint", f"Nothing is known of a checkpoint '{name}'.", f"Known: {', '.join(known())}.")
    if not source.is_file():
        raise HuefillError("no_file", f"There is no file '{source}'.", "Check the name.")
    _, item = published()[name]
    try:
        given = checksum(source)
    except OSError as error:
        raise HuefillError("no_file", f"The file '{source}' cannot be read: {error.strerror}.", "Check who may read it.") from error
    official = given == item.sha256 if item.sha256 else None
    extra = {"imported_from": source.name, "imported_sha256": given, "official": official}
    with tempfile.TemporaryDirectory(prefix="huefill-import-") as scratch:
        card = _converted(name, source, Path(scratch), extra)
        try:
            if target is not None:
                target.parent.mkdir(parents=True, exist_ok=True)
                for part in card.files:
                    shutil.move(card.file(part), part_file(target, part))
                return Imported(card, target if NETWORK in card.files else target.parent, official)
            place = _into_store(name, Path(scratch))
        except OSError as error:
            raise HuefillError("cannot_write", f"The network cannot be written: {error.strerror or error}.", "Check the folder.") from error
    release_models()
    return Imported(card, place / card.files[NETWORK].file if NETWORK in card.files else place, official)


def _converted(name: str, source: Path, scratch: Path, extra: Mapping[str, object]) -> Card:
    from huefill_models.published import convert

    try:
        return convert(name, source, scratch, extra)
    except NotThatNetwork as error:
        raise HuefillError(
            "not_that_network", f"'{source}' is not a checkpoint of {name}: {error}.", "Nothing was changed. Check which file this is."
        ) from error


def _into_store(name: str, made: Path) -> Path:
    """Copied beside, then renamed: the store never holds half a network."""
    place = models_folder() / name
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{name}.new")
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(made, beside)
    shutil.rmtree(place, ignore_errors=True)
    beside.rename(place)
    return place


def remove(name: str) -> Path:
    """Delete a network that a person put into the store; raises `HuefillError` for a shipped or unknown one."""
    place = models_folder() / name
    if Path(name).name != name or not (place / CARD).is_file():
        shipped = any((folder / name / CARD).is_file() for folder in shipped_folders() if Path(name).name == name)
        if shipped:
            raise HuefillError("shipped_model", f"The network '{name}' is part of Huefill and stays.", "Remove Huefill to remove it.")
        raise HuefillError("unknown_model", f"There is no network '{name}' in {models_folder()}.", "See `huefill models list`.")
    release_models()
    shutil.rmtree(place)
    return place
