"""Published checkpoints into the model store: read without running their code, converted, checked, put in place whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huefill.errors import HuefillError
from huefill.runtime.store import drop_in_folder, release_models, shipped_folders


@dataclass(frozen=True)
class Imported:
    """``file`` the ONNX file; ``official`` whether the checkpoint is the very published one (None: not known)."""

    name: str
    file: Path
    official: bool | None
    facts: dict[str, Any]


def known() -> dict[str, str]:
    """What can be imported: names and titles."""
    from huefill_models.published import CHECKPOINTS

    return {name: checkpoint.title for name, checkpoint in CHECKPOINTS.items()}


def import_checkpoint(name: str, source: Path, target: Path | None = None) -> Imported:
    """Convert the published checkpoint ``source`` of the kind ``name`` into the model store, or to the ONNX file ``target`` alone.

    Raises `HuefillError` "unknown_checkpoint", "no_file", "not_that_network"; the store is as it was then.
    """
    from huefill_models import card
    from huefill_models.published import CHECKPOINTS, NotThatNetwork, checksum

    if name not in CHECKPOINTS:
        raise HuefillError("unknown_checkpoint", f"Nothing is known of a checkpoint '{name}'.", f"Known: {', '.join(CHECKPOINTS)}.")
    if not source.is_file():
        raise HuefillError("no_file", f"There is no file '{source}'.", "Check the name.")
    checkpoint = CHECKPOINTS[name]
    given = checksum(source)
    official = given == checkpoint.sha256 if checkpoint.sha256 else None
    with tempfile.TemporaryDirectory(prefix="huefill-import-") as scratch:
        made = Path(scratch) / name / f"{name}.onnx"
        made.parent.mkdir()
        try:
            facts = checkpoint.convert(source, made)
        except NotThatNetwork as error:
            raise HuefillError(
                "not_that_network", f"'{source}' is not a checkpoint of {name}: {error}.", "Nothing was changed. Check which file this is."
            ) from error
        facts |= {"imported_from": source.name, "imported_sha256": given, "official": official}
        card.write(made, facts)
        try:
            if target is not None:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(made, target)
                return Imported(name, target, official, facts)
            place = drop_in_folder() / name
            place.parent.mkdir(parents=True, exist_ok=True)
            beside = place.with_name(f".{name}.new")
            shutil.rmtree(beside, ignore_errors=True)
            shutil.copytree(made.parent, beside)
            shutil.rmtree(place, ignore_errors=True)
            beside.rename(place)
        except OSError as error:
            raise HuefillError("cannot_write", f"The network cannot be written: {error.strerror or error}.", "Check the folder.") from error
    release_models()
    return Imported(name, place / f"{name}.onnx", official, facts)


def remove(name: str) -> Path:
    """Delete a network that a person put into the store; raises `HuefillError` for a shipped or unknown one."""
    place = drop_in_folder() / name
    if Path(name).name != name or not (place / "card.json").is_file():
        shipped = any((folder / name / "card.json").is_file() for folder in shipped_folders() if Path(name).name == name)
        if shipped:
            raise HuefillError("shipped_model", f"The network '{name}' is part of Huefill and stays.", "Remove Huefill to remove it.")
        raise HuefillError("unknown_model", f"There is no network '{name}' in {drop_in_folder()}.", "See `huefill models list`.")
    release_models()
    shutil.rmtree(place)
    return place
