"""Photographs on disk: read with their depth, alpha and color profile, written whole or not at all."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from huefill.errors import HuefillError

Array = npt.NDArray[Any]

WRITABLE = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp")

_TIFF_MARKS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
# Pixels; above twice this the library refuses, so that a small file cannot fill the memory.
_LARGEST = 500_000_000
_ORIENTATION = 0x0112
_ICC_TAG = 34675


def _same(image: Array) -> Array:
    return image


# EXIF orientation to the turn that shows the photo upright.
_UPRIGHT: dict[int, Callable[[Array], Array]] = {
    2: lambda image: image[:, ::-1],
    3: lambda image: image[::-1, ::-1],
    4: lambda image: image[::-1],
    5: lambda image: image.swapaxes(0, 1),
    6: lambda image: np.rot90(image, -1),
    7: lambda image: np.rot90(image, 2).swapaxes(0, 1),
    8: lambda image: np.rot90(image),
}


@dataclass(frozen=True)
class Photo:
    """``pixels`` H W C (1 to 4 channels, an even number has alpha) uint8, uint16 or float32; ``icc`` its color profile or None."""

    pixels: Array
    icc: bytes | None = None


def read_photo(path: Path) -> Photo:
    """Read a photograph upright; raises `HuefillError` with a sentence for a missing, forbidden, broken or unknown file."""
    from PIL import Image, UnidentifiedImageError

    data = _read_bytes(path)
    Image.MAX_IMAGE_PIXELS = _LARGEST
    try:
        deep = _deep_tiff(data) if data[:4] in _TIFF_MARKS else None
        if deep is not None:
            return deep
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            turn = _UPRIGHT.get(image.getexif().get(_ORIENTATION, 1), _same)
            pixels = _deep_png(data) if image.format == "PNG" else None
            pixels = _eight_bit(image) if pixels is None else pixels
            return Photo(np.ascontiguousarray(turn(pixels)), image.info.get("icc_profile"))
    except UnidentifiedImageError:
        raise HuefillError("unreadable_image", f"'{path}' is not an image that Huefill can read.", "Use PNG, JPEG, TIFF or WebP.") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise HuefillError("unreadable_image", f"'{path}' cannot be read as an image ({error}).", "The file may be damaged.") from None


def read_mask(path: Path) -> npt.NDArray[np.uint8]:
    """Read a mask as H W uint8: the gray value; where the file has transparency, gray times alpha."""
    pixels = read_photo(path).pixels
    unit = pixels.astype(np.float32) / (1.0 if pixels.dtype == np.float32 else np.iinfo(pixels.dtype).max)
    alpha = unit[..., -1] if unit.shape[2] % 2 == 0 else 1.0
    gray = unit[..., : 1 if unit.shape[2] < 3 else 3].mean(-1) * alpha
    return np.asarray(np.rint(np.clip(gray, 0, 1) * 255), np.uint8)


def write_photo(path: Path, photo: Photo) -> None:
    """Write a photograph in the format its name says, whole or not at all; raises `HuefillError` with a sentence."""
    check_writable(path, photo.pixels)
    suffix = path.suffix.lower()
    if suffix in (".tif", ".tiff"):
        data = _encode_tiff(photo)
    elif photo.pixels.dtype == np.uint16:
        data = _encode_deep_png(photo)
    else:
        data = _encode_eight_bit(photo, suffix)
    write_whole(path, data)


def write_whole(path: Path, data: bytes) -> None:
    """Write ``data`` beside ``path`` and put it in place at once, so that a failure leaves what was there before."""
    name = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as part:
            name = part.name
            part.write(data)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, path)
    except OSError as error:
        if name:
            with contextlib.suppress(OSError):
                os.unlink(name)
        raise HuefillError(
            "cannot_write", f"'{path}' cannot be written: {_reason(error)}.", "Nothing was written. Choose another place."
        ) from None


def check_writable(path: Path, pixels: Array | None = None) -> None:
    """Say before any work is done what would stop `write_photo` after it."""
    suffix = path.suffix.lower()
    if suffix not in WRITABLE:
        raise HuefillError(
            "unknown_format", f"'{path}' has no name of a known picture format.", f"End it with one of {', '.join(WRITABLE)}."
        )
    if not path.parent.is_dir():
        raise HuefillError("no_folder", f"The folder '{path.parent}' does not exist.", "Make it first, or choose another.")
    if path.is_dir():
        raise HuefillError("is_folder", f"'{path}' is a folder.", "Name a file.")
    effective = os.access in os.supports_effective_ids
    if not os.access(path if path.exists() else path.parent, os.W_OK, effective_ids=effective):
        raise HuefillError("cannot_write", f"'{path}' cannot be written: no permission.", "Choose another place.")
    if pixels is None:
        return
    if pixels.dtype == np.float32 and suffix not in (".tif", ".tiff"):
        raise HuefillError("depth", f"A floating-point image cannot be stored in '{path.name}'.", "Use a name that ends with .tif.")
    if pixels.dtype == np.uint16 and suffix not in (".tif", ".tiff", ".png"):
        raise HuefillError("depth", f"A 16-bit image cannot be stored in '{path.name}'.", "Use a name that ends with .png or .tif.")
    if pixels.shape[2] % 2 == 0 and suffix in (".jpg", ".jpeg"):
        raise HuefillError(
            "no_alpha_in_jpeg", f"'{path.name}' cannot hold the image's transparency.", "Use a name that ends with .png or .tif."
        )


def is_linear(photo: Photo) -> bool:
    """Whether the color profile stores linear light: whether its mid gray, 50 % of the value range, shows as sRGB 188 and not 128."""
    if photo.icc is None or photo.pixels.shape[2] < 3:
        return False
    from PIL import Image, ImageCms

    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(photo.icc))
        transform = ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), "RGB", "RGB")
        shown = ImageCms.applyTransform(Image.new("RGB", (1, 1), (128, 128, 128)), transform)
    except (ImageCms.PyCMSError, OSError):
        return False
    pixel = shown.getpixel((0, 0)) if shown is not None else None
    return isinstance(pixel, tuple) and pixel[1] > 170


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise HuefillError("no_file", f"There is no file '{path}'.", "Check the name.") from None
    except IsADirectoryError:
        raise HuefillError("is_folder", f"'{path}' is a folder, not a file.", "Name a file.") from None
    except OSError as error:
        raise HuefillError("cannot_read", f"'{path}' cannot be read: {_reason(error)}.", "Check the file's permissions.") from None


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _deep_png(data: bytes) -> Array | None:
    """H W C of a PNG of 16 bits, or None; the library for 8-bit images would cut them down."""
    import cv2

    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None or decoded.dtype != np.uint16:
        return None
    pixels = decoded[..., None] if decoded.ndim == 2 else decoded
    return pixels if pixels.shape[2] < 3 else np.concatenate([pixels[..., 2::-1], pixels[..., 3:]], axis=2)


def _deep_tiff(data: bytes) -> Photo | None:
    """A TIFF of 16 bits or floating point, or None for any other, which the library for 8-bit images reads."""
    import tifffile

    with tifffile.TiffFile(io.BytesIO(data)) as file:
        page = file.pages.first
        if page.dtype not in (np.uint16, np.float16, np.float32, np.float64) or page.photometric not in (0, 1, 2):
            return None
        pixels = page.asarray()
        if pixels.ndim == 3 and page.planarconfig == 2:
            pixels = np.moveaxis(pixels, 0, -1)
        pixels = pixels[..., None] if pixels.ndim == 2 else pixels
        if page.photometric == 0:  # white is zero
            pixels = np.iinfo(pixels.dtype).max - pixels if pixels.dtype.kind == "u" else 1 - pixels
        profile, orientation = page.tags.get(_ICC_TAG), page.tags.get(_ORIENTATION)
        turn = _UPRIGHT.get(int(orientation.value) if orientation else 1, _same)
        values = pixels if pixels.dtype == np.uint16 else pixels.astype(np.float32)
        return Photo(np.ascontiguousarray(turn(values[..., :4])), bytes(profile.value) if profile else None)


def _eight_bit(image: Any) -> Array:
    transparent = "transparency" in image.info or image.mode in ("LA", "PA", "RGBA", "La", "RGBa")
    gray = image.mode in ("1", "L", "LA", "La")
    mode = ("LA" if transparent else "L") if gray else ("RGBA" if transparent else "RGB")
    pixels = np.asarray(image.convert(mode))
    return pixels[..., None] if pixels.ndim == 2 else pixels


def _encode_eight_bit(photo: Photo, suffix: str) -> bytes:
    from PIL import Image

    pixels = photo.pixels[..., 0] if photo.pixels.shape[2] == 1 else photo.pixels
    options: dict[str, Any] = {".png": {}, ".webp": {"lossless": True}}.get(suffix, {"quality": 97, "subsampling": 0})
    if photo.icc:
        options["icc_profile"] = photo.icc
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, {".png": "PNG", ".webp": "WEBP"}.get(suffix, "JPEG"), **options)
    return buffer.getvalue()


def _encode_deep_png(photo: Photo) -> bytes:
    import cv2

    pixels = photo.pixels
    if pixels.shape[2] == 2:  # the codec knows no gray with alpha
        pixels = np.concatenate([np.repeat(pixels[..., :1], 3, axis=2), pixels[..., 1:]], axis=2)
    if pixels.shape[2] >= 3:
        pixels = np.concatenate([pixels[..., 2::-1], pixels[..., 3:]], axis=2)
    kinds = [cv2.IMAGE_METADATA_ICCP] if photo.icc else []
    profiles = [np.frombuffer(photo.icc, np.uint8)] if photo.icc else []
    done, buffer = cv2.imencodeWithMetadata(".png", np.ascontiguousarray(pixels), kinds, profiles)
    if not done:
        raise HuefillError("cannot_encode", "The image cannot be stored as PNG.", "Try TIFF.")
    return bytes(buffer.tobytes())


def _encode_tiff(photo: Photo) -> bytes:
    import tifffile

    pixels = photo.pixels
    colors = 1 if pixels.shape[2] < 3 else 3
    buffer = io.BytesIO()
    tifffile.imwrite(
        buffer,
        pixels[..., 0] if pixels.shape[2] == 1 else pixels,
        photometric="rgb" if colors == 3 else "minisblack",
        planarconfig="contig" if pixels.shape[2] > 1 else None,
        extrasamples=["unassalpha"] if pixels.shape[2] > colors else None,
        compression="zlib",
        iccprofile=photo.icc,
    )
    return buffer.getvalue()
