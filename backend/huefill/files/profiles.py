"""Color profiles (ICC): which ones fit, whether they store linear light, and the way from CMYK to RGB."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from huefill.files.photo import Photo

if TYPE_CHECKING:
    from PIL import Image

_BY_CHANNELS = {1: b"GRAY", 2: b"GRAY", 3: b"RGB ", 4: b"RGB "}


def usable(icc: bytes | None, channels: int) -> tuple[bytes | None, tuple[str, ...]]:
    """The profile where it can describe pixels of so many channels, else None; and a sentence when a damaged one is left out."""
    if not icc:
        return None, ()
    from PIL import ImageCms

    try:
        ImageCms.ImageCmsProfile(io.BytesIO(icc))
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return None, ("Its color profile is damaged and was left out.",)
    return (icc if fits(icc, channels) else None), ()


def fits(icc: bytes | None, channels: int) -> bool:
    """Whether a profile is of the color model that so many channels have: gray with 1 or 2, RGB with 3 or 4."""
    return icc is not None and icc[16:20] == _BY_CHANNELS[channels]


def rgb_of_cmyk(image: Image.Image, icc: bytes | None) -> Image.Image:
    """A CMYK picture in sRGB: through its profile, or without one by the plain rule."""
    from PIL import ImageCms

    if icc is not None:
        try:
            converted = ImageCms.profileToProfile(
                image, ImageCms.ImageCmsProfile(io.BytesIO(icc)), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            pass
    return image.convert("RGB")


def is_linear(photo: Photo) -> bool:
    """Whether the color profile stores linear light: whether its mid gray, 50 % of the value range, shows as sRGB 188 and not 128."""
    if photo.icc is None or photo.pixels.shape[2] < 3:
        return False
    from PIL import Image, ImageCms

    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(photo.icc))
        transform = ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), "RGB", "RGB")
        shown = ImageCms.applyTransform(Image.new("RGB", (1, 1), (128, 128, 128)), transform)
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return False
    pixel = shown.getpixel((0, 0)) if shown is not None else None
    return isinstance(pixel, tuple) and pixel[1] > 170
