"""Historical black-and-white photographs: as they are, in the colors the network finds likely, and with a handful of points.

    python benchmarks/legacy.py --photos DIR/legacy_bw --out benchmarks/results

The points are in ``legacy_points.json`` (x, y, red, green, blue), set by hand as a person would in the docker.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

WIDTH = 420  # of a picture in the sheet


def main() -> None:
    from huefill.tasks.colorization import colorize as colorize_points
    from huefill.tasks.contract import ColorPoint, Context

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    given = parser.parse_args()
    rows = []
    for name, numbers in json.loads((Path(__file__).parent / "legacy_points.json").read_text()).items():
        gray = np.asarray(Image.open(given.photos / name).convert("L"))[..., None]
        points = tuple(ColorPoint(x, y, (red, green, blue), 5) for x, y, red, green, blue in numbers)
        alone = colorize_points.run(colorize_points.Request(gray), Context()).layers[0].image
        guided = colorize_points.run(colorize_points.Request(gray, points), Context()).layers[0].image
        marked = Image.fromarray(guided)
        draw = ImageDraw.Draw(marked)
        mark = marked.width / 60
        for x, y, *rgb in numbers:
            draw.ellipse((x - mark, y - mark, x + mark, y + mark), fill=tuple(rgb), outline="white", width=round(mark / 4))
        pictures = [Image.fromarray(np.repeat(gray, 3, 2)), Image.fromarray(alone), Image.fromarray(guided), marked]
        rows.append([picture.resize((WIDTH, round(picture.height * WIDTH / picture.width))) for picture in pictures])
    page = Image.new("RGB", (4 * (WIDTH + 4), sum(row[0].height + 4 for row in rows)), "white")
    top = 0
    for row in rows:
        for column, picture in enumerate(row):
            page.paste(picture, (column * (WIDTH + 4), top))
        top += row[0].height + 4
    page.save(given.out / "legacy.jpg", quality=86)
    print(f"{given.out / 'legacy.jpg'}: photograph, automatic, with points, the points; {len(rows)} photographs")


if __name__ == "__main__":
    main()
