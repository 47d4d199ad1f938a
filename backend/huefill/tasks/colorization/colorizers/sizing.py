"""At which size a colorizer sees a photo."""

from __future__ import annotations

from huefill_models.card import Sizes

# Pixels of the longer side for a network whose card names neither that nor an area.
_USUAL_SIDE = 256
# Networks are exported for sides of so many of their multiples at least.
_LEAST = 2


def seen_shape(shape: tuple[int, int], sizes: Sizes) -> tuple[int, int]:
    """Height and width at which a network of these ``sizes`` sees a photo of ``shape`` (height, width).

    Of the area, or the longer side, that suits it best; in the photo's shape as nearly as sides of its multiple can have it, and no side
    below its minimum.
    """
    height, width = shape
    scale = (sizes.best_area / (height * width)) ** 0.5 if sizes.best_area else (sizes.best_side or _USUAL_SIDE) / max(height, width)
    least, multiple = max(_LEAST, -(-sizes.minimum // sizes.multiple)), sizes.multiple
    return max(least, round(height * scale / multiple)) * multiple, max(least, round(width * scale / multiple)) * multiple
