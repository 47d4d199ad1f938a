"""Files that belong to one photo: its mask, points, painted hints, gray. Named on the command line, or found by the photo's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huefill.errors import HuefillError
from huefill.files import SUFFIXES, Photo


@dataclass(frozen=True)
class Companion:
    """``field`` of the request that a file fills, and the word for it in sentences; ``given`` what the command line says: a file, a folder
    of files named like the photos, or None. ``read`` makes the field's value of the file and the photo.

    ``needed``: without a file there is nothing to do, and None means the file ``PHOTO_mask.png`` beside the photo. ``shared``: one file
    may serve every photo of a folder.
    """

    field: str
    given: Path | None
    read: Callable[[Path, Photo], Any]
    suffixes: tuple[str, ...] = SUFFIXES
    needed: bool = False
    shared: bool = False

    @property
    def beside(self) -> bool:
        """Whether the files lie beside the photos."""
        return self.needed and self.given is None

    def check(self, photos: Path) -> None:
        """Raise `HuefillError` before any work when what is given cannot be meant for a folder of ``photos``, or is not there."""
        if self.given is None:
            return
        if not self.given.exists():
            raise HuefillError("no_file", f"There is no file '{self.given}'.", "Check the name.")
        if photos.is_dir() and not self.given.is_dir() and not self.shared:
            example = f"one{self.suffixes[0]} for one.jpg"
            raise HuefillError(
                "one_for_all",
                f"'{self.given}' belongs to one photo, but '{photos}' is a folder.",
                f"Give --{self.field} a folder of files named like the photos ({example}).",
            )

    def find(self, photo: Path, root: Path) -> Path | None:
        """The file of ``photo``, which lies somewhere under the folder ``root``; None where it has none and needs none."""
        if self.given is not None and not self.given.is_dir():
            return self.given
        folder = photo.parent if self.given is None else self.given / photo.parent.relative_to(root)
        found = next((path for path in self._candidates(photo, folder) if path.is_file()), None) if self.given or self.needed else None
        if found is None and self.needed:
            wanted = f"{photo.stem}_{self.field}{self.suffixes[0]}"
            where = f"beside '{photo}'" if self.given is None else f"for '{photo.name}' in '{folder}'"
            raise HuefillError(
                f"no_{self.field}", f"There is no {self.field} {where}.", f"Name it {wanted}, or give it with --{self.field}."
            )
        return found

    def is_one(self, path: Path) -> bool:
        """Whether ``path``, found among the photos, is the file of another one there."""
        return self.beside and any(
            path.stem.endswith(end) and any(path.with_name(path.stem[: -len(end)] + suffix).is_file() for suffix in _cases(SUFFIXES))
            for end in self._ends
        )

    @property
    def _ends(self) -> tuple[str, str]:
        return f"_{self.field}", f"-{self.field}"

    def _candidates(self, photo: Path, folder: Path) -> list[Path]:
        # Beside the photos, the same name would be the photo itself, or another one.
        plain = (
            [] if self.beside else [photo.name, *(photo.name + s for s in self.suffixes), *(photo.stem + s for s in _cases(self.suffixes))]
        )
        ended = [photo.stem + end + suffix for end in self._ends for suffix in _cases(self.suffixes)]
        allowed = _cases(self.suffixes)
        return [folder / name for name in (*plain, *ended) if name.endswith(allowed)]


def _cases(suffixes: tuple[str, ...]) -> tuple[str, ...]:
    return (*suffixes, *(suffix.upper() for suffix in suffixes))
