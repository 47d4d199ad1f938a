"""``huefill find``: what is found on photos, as masks that other commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from huefill.commands.options import IMAGE, JSON, PATH, together
from huefill.commands.photo import Job, run_job
from huefill.commands.plain import option_of
from huefill.console import errors_are_sentences
from huefill.errors import HuefillError
from huefill_protocol.actions import FIND_SCRATCHES

# What the mask's name adds to the photo's, so that `huefill remove` finds it.
_ENDING = "_mask.png"


@click.group()
def find() -> None:
    """Find something on photos, and write masks of it: for `huefill remove`, or to look at and change first."""


@find.command(help=f"{FIND_SCRATCHES.tip} For a photo, or for each of a folder, a mask is written that is white where they are.")
@IMAGE
@click.option(
    "-o", "--out", "output", type=PATH, help="The mask: a file, or a folder for a folder. Without it, PHOTO_mask.png beside each photo."
)
@together(*(option_of(option) for option in FIND_SCRATCHES.options if option.sent), JSON)
def scratches(image: Path, output: Path | None, as_json: bool, **options: Any) -> None:
    with errors_are_sentences():
        job = Job(FIND_SCRATCHES.task, "auto", options, ending=_ENDING)
        run_job(job, image, _beside(image) if output is None else output, None, as_json)


def _beside(photo: Path) -> Path:
    """The mask of a photo, which is not to take the place of one that is there, or the folder of photos itself."""
    if photo.is_dir():
        return photo
    mask = photo.with_name(photo.stem + _ENDING)
    if mask.exists():
        raise HuefillError("mask_exists", f"There is a mask '{mask}' already.", "Name a file with --out: another one, or this.")
    return mask
