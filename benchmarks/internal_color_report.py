"""Tables and the contact sheet of `internal_color.py`, from its file of cases and the pictures beside it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from internal_color_cases import KINDS, Case, hole_of, picture, scores
from PIL import Image, ImageDraw

OWN_RGB = ("published", "paper", "published-flat")
KEPT = ", gray kept"
ORDER = ("fast", "best", *(name + more for name in OWN_RGB for more in ("", KEPT)), "levin", "domain", "gray")
# Table 3 of the paper: PSNR of the whole picture, Places2 at 512 x 640.
PAPER = {
    "Zhang": (36.12, 38.77),
    "domain": (29.35, 39.26),
    "levin": (36.68, 39.24),
    "published-flat": (37.04, 39.21),
    "paper": (38.45, 39.50),
}
Line = dict[str, Any]


def read(out: Path) -> list[Line]:
    return [json.loads(line) for line in (out / "internal_color_cases.jsonl").read_text(encoding="utf-8").splitlines()]


def _append(out: Path, lines: Sequence[Line]) -> None:
    with (out / "internal_color_cases.jsonl").open("a", encoding="utf-8") as log:
        log.writelines(json.dumps(line) + "\n" for line in lines)


def _key(line: Line) -> tuple[Any, ...]:
    return tuple(line[key] for key in ("method", "photo", "kind", "height", "width"))


def _pictures(out: Path, line: Line | Case) -> Path:
    size = (line.height, line.width) if isinstance(line, Case) else (line["height"], line["width"])
    return out.parent / "internal_color_pictures" / f"{size[0]}x{size[1]}"


def merge(folder: Path, out: Path) -> None:
    """Take over the cases of another folder of results that are not in ``out`` yet, and their pictures."""
    have = {_key(line) for line in read(out)}
    new = [line for line in read(folder) if _key(line) not in have]
    for line in new:
        name = f"{_case(line).stem}-{line['method']}.png"
        if (_pictures(folder, line) / name).exists():
            _pictures(out, line).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(_pictures(folder, line) / name, _pictures(out, line) / name)
    _append(out, new)


def _case(line: Line) -> Case:
    return Case(*(line[key] for key in ("photo", "kind", "share", "height", "width")))


def keep_gray(out: Path, photos: Mapping[str, Path]) -> None:
    """For every case of a method that gives RGB of its own, a case of its chroma on the photo's own gray, read from the picture."""
    from huefill.imaging import color_spaces

    lines = read(out)
    have, new = {_key(line) for line in lines}, []
    for line in lines:
        name, case = line["method"], _case(line)
        path = _pictures(out, line) / f"{case.stem}-{name}.png"
        if name not in OWN_RGB or _key({**line, "method": name + KEPT}) in have or case.photo not in photos or not path.exists():
            continue
        truth, hole = picture(photos[case.photo], case.height, case.width), hole_of(case)
        rgb = np.asarray(Image.open(path).convert("RGB"), np.float32) / 255
        kept = color_spaces.into_gamut(color_spaces.from_chroma(color_spaces.monochrome(truth), color_spaces.to_chroma(rgb)))
        new.append({**line, "method": name + KEPT, **{key: round(value, 4) for key, value in scores(kept, truth, hole).items()}})
    _append(out, new)


def tables(out: Path, selections: Mapping[str, Sequence[str]]) -> str:
    """Markdown, a section for each size and each selection of photographs (its words in the heading, and the photographs)."""
    lines = read(out)
    text = ""
    for size in sorted({(line["height"], line["width"]) for line in lines}):
        for words, photos in selections.items():
            chosen = [line for line in lines if (line["height"], line["width"]) == size and line["photo"] in photos]
            if chosen:
                text += f"## {size[1]} x {size[0]}{words}\n\n{_section(chosen)}\n"
    return text


def _section(lines: Sequence[Line]) -> str:
    """Means by kind of hole over the cases that every method of a table has, the methods' cost, and means by the hole's share."""
    by = {(line["method"], line["photo"], line["kind"]): line for line in lines}
    names = [name for name in ORDER if any(key[0] == name for key in by)]
    quick = [name for name in names if not name.startswith(OWN_RGB)]
    slow = [[name for name in names if name in (own, own + KEPT)] for own in OWN_RGB]
    text = []
    for group in [quick, *(quick + more for more in slow if more)]:
        common = set.intersection(*({key[1:] for key in by if key[0] == name} for name in group)) if group else set()
        counts = [sum(1 for key in common if key[1] == kind) for kind in KINDS]
        text.append(f"On {counts[0]} rectangular and {counts[1]} free-form cases:\n")
        head = (
            "| method | hole PSNR rect / free | whole PSNR rect / free | CIEDE2000 rect / free | bleeding % | seconds | CPU s | peak MB |"
        )
        text += [head, "|---|---|---|---|---|---|---|---|"]
        text += [_row(name, [by[(name, *key)] for key in sorted(common)]) for name in group]
        text.append("")
    shares = sorted({line["share"] for line in lines})
    text.append("Hole PSNR by the hole's share (all cases of each method):\n")
    text.append("| method | " + " | ".join(f"{100 * share:.1f} %" for share in shares) + " |")
    text.append("|---|" + "---|" * len(shares))
    for name in names:
        values = [[line["hole_psnr"] for line in lines if line["method"] == name and line["share"] == share] for share in shares]
        text.append(f"| {name} | " + " | ".join(f"{np.mean(v):.2f}" if v else "–" for v in values) + " |")
    return "\n".join(text) + "\n"


def _row(name: str, lines: Sequence[Line]) -> str:
    def pair(what: str) -> str:
        found = [[line[what] for line in lines if line["kind"] == kind] for kind in KINDS]
        return " / ".join(f"{np.mean(values):.2f}" if values else "–" for values in found)

    def mean(what: str) -> float:
        return float(np.mean([line[what] for line in lines])) if lines else float("nan")

    peak = max((line["peak_mb"] for line in lines), default=float("nan"))
    return (
        f"| {name} | {pair('hole_psnr')} | {pair('psnr')} | {pair('delta_e')} | {100 * mean('bleeding'):.2f} "
        f"| {mean('seconds'):.2f} | {mean('cpu_seconds'):.1f} | {peak:.0f} |"
    )


def beside_paper() -> str:
    text = [
        "## The paper's own figures (its Table 3)\n",
        "Whole-picture PSNR on Places2 at 512 x 640: other photographs, so only the order compares.\n",
    ]
    text += ["| method | rectangular | irregular |", "|---|---|---|"]
    text += [f"| {name} | {rectangle} | {irregular} |" for name, (rectangle, irregular) in PAPER.items()]
    return "\n".join(text) + "\n"


def sheet(out: Path, photos: Mapping[str, Path], cases: Sequence[Case]) -> None:
    """One row a case: what was given, what each method made, the truth (as the paper's Figures 9 and 10)."""
    from huefill.imaging import color_spaces

    rows = []
    for case in cases[:8]:
        truth, hole = picture(photos[case.photo], case.height, case.width), hole_of(case)
        given = np.where(hole[..., None], color_spaces.monochrome(truth)[..., None], truth)
        row = [("given", (given * 255).astype(np.uint8))]
        row += [(n, np.asarray(Image.open(p))) for n in ORDER if (p := _pictures(out, case) / f"{case.stem}-{n}.png").exists()]
        rows.append([*row, ("truth", (truth * 255).astype(np.uint8))])
    width, height = cases[0].width, cases[0].height
    page = Image.new("RGB", (width * max(map(len, rows)), (height + 14) * len(rows)), "white")
    draw = ImageDraw.Draw(page)
    for y, row in enumerate(rows):
        for x, (name, image) in enumerate(row):
            draw.text((x * width + 3, y * (height + 14)), name, fill="black")
            page.paste(Image.fromarray(image), (x * width, y * (height + 14) + 14))
    page.thumbnail((2200, 2200))
    page.save(out / "internal_color.jpg", quality=85)
