"""``python3 installer demo``: the real tasks on the bundled photos, from a fresh clone."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installer import environment, gimp_places, krita_places, paths
from installer.console import say, seconds, tell
from installer.errors import InstallerError
from installer.pip import Sources, clean_environment

PHOTOS = paths.ROOT / "examples" / "photos"
OUTPUT = paths.ROOT / "demo-output"


@dataclass(frozen=True)
class Show:
    """One picture of the demo: what a person reads, the command, its photo and what is given to it. New tasks get a line in `SHOWS`."""

    name: str
    does: str
    command: str
    photo: str
    arguments: tuple[str, ...]


SHOWS = (
    Show("remove-jetty", "removes what the mask shows", "remove", "jetty.jpg", ("--mask", str(PHOTOS / "jetty-mask.png"))),
    Show("remove-beach", "removes what the mask shows", "remove", "beach.png", ("--mask", str(PHOTOS / "beach-mask.png"))),
    Show(
        "recolor-beach",
        "gives the masked part the colors of five points, its light and dark stay",
        "recolor",
        "beach.png",
        ("--mask", str(PHOTOS / "beach-shorts-mask.png"), "--points", str(PHOTOS / "beach-shorts-points.json")),
    ),
    Show(
        "colorize-parrots",
        "colors a gray photo from 24 points",
        "colorize",
        "parrots-gray.jpg",
        ("--points", str(PHOTOS / "parrots-points.json")),
    ),
    Show("match-jetty", "gives the photo the colors of another one", "match", "jetty.jpg", ("--reference", str(PHOTOS / "beach.png"))),
    Show("extend-jetty", "continues the photo by 96 pixels to the left", "extend", "jetty.jpg", ("--left", "96")),
)


def run(sources: Sources) -> int:
    huefill = paths.beside(environment.prepare(sources), "huefill")
    OUTPUT.mkdir(exist_ok=True)
    for show in SHOWS:
        _run(huefill, show)
    tell(f"\nBefore and after: {OUTPUT}")
    _tell_editors()
    return 0


def _run(huefill: Path, show: Show) -> None:
    before = PHOTOS / show.photo
    after = OUTPUT / f"{show.name}-after.png"
    say(f"- huefill {show.command} {show.photo}: {show.does} …")
    command = [str(huefill), show.command, str(before), *show.arguments, "-o", str(after), "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=clean_environment(), check=False)
    if done.returncode != 0:
        raise InstallerError(f"'huefill {show.command}' failed with exit status {done.returncode}; what it said stands above.")
    shutil.copyfile(before, OUTPUT / f"{show.name}-before{before.suffix}")
    record = json.loads(done.stdout)
    tell(f"{after.name}: {summary(record)}")


def summary(record: dict[str, Any]) -> str:
    """One line of what `huefill … --json` printed: the whole time, and each stage's."""
    engines = record.get("engine")
    parts = [f"{stage} {seconds(spent)}" for stage, spent in record.get("stages", {}).items()]
    engine = f" with the engine {', '.join(sorted(set(engines)))}" if isinstance(engines, list) and engines else ""
    return f"{seconds(float(str(record['seconds'])))}{engine}" + (f" ({', '.join(parts)})" if parts else "")


def _tell_editors() -> None:
    found: dict[str, tuple[str, Sequence[krita_places.Place | gimp_places.Place]]]
    found = {"krita": ("Krita", krita_places.find()), "gimp": ("GIMP 3", gimp_places.find())}
    for command, (editor, places) in found.items():
        for place in places:
            program = f": {place.program}" if place.program else ""
            tell(f"{editor} was found ({place.kind}{program}). To have Huefill in it: python3 installer {command}")
            if place.remark:
                tell(f"  {place.remark}")
    if not any(places for _, places in found.values()):
        tell("Neither Krita nor GIMP 3 was found on this machine. Once you have one: python3 installer krita, or python3 installer gimp")
    tell("From a shell: python3 installer huefill remove --help")
