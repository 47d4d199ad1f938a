"""Reading a photograph: the formats that the README names and no others, each failure a sentence, nothing unpacked that cannot fit."""

from __future__ import annotations

import contextlib
import io
import stat
import warnings
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from huefill.errors import HuefillError
from huefill.files import profiles, tiff
from huefill.files.photo import Array, Photo, Refused, check_size, upright
from huefill.runtime.memory import require_memory

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp")

# Known by content and not by name. Whatever else a file may be is never handed to a decoder: that of PostScript starts a program.
_MARKS = {"PNG": (b"\x89PNG\r\n\x1a\n",), "JPEG": (b"\xff\xd8\xff",), "TIFF": tiff.MARKS, "BMP": (b"BM",)}
_USE = "Use PNG, JPEG, TIFF, WebP or BMP."
# Bytes a pixel while a picture is unpacked: the decoder's copy, the one that is converted, the array and the upright array.
_GRAY_BYTES, _COLOR_BYTES, _DEEP_BYTES = 4, 16, 36
_PNG_DEPTH, _PNG_KIND, _PNG_GRAY_ALPHA = 24, 25, 4


def read_photo(path: Path) -> Photo:
    """Read a photograph upright; raises `HuefillError` with a sentence for a missing, forbidden, damaged or unknown file."""
    data = read_bytes(path)
    form = _format_of(data)
    if form is None:
        raise HuefillError("unreadable_image", f"'{path}' is not a picture of a kind that Huefill opens.", _USE)
    try:
        with _quiet():
            photo = tiff.read_deep(data) if form == "TIFF" else None
            return _read_common(data, form) if photo is None else photo
    except Refused as error:
        raise HuefillError("unreadable_image", f"'{path}' {error.what}.", error.remedy) from None
    except HuefillError as error:
        raise HuefillError(error.code, f"'{path}': {error.message}", error.remedy) from None
    except MemoryError:
        raise
    except Exception as error:  # a decoder that meets a damaged file raises whatever it stumbles over
        raise HuefillError(
            "unreadable_image",
            f"'{path}' begins like a {form} file but cannot be opened{_told(error)}: it is damaged, or made in an unusual way.",
            "Save it again from the program it is from.",
        ) from None


def read_mask(path: Path) -> npt.NDArray[np.uint8]:
    """Read a mask as H W uint8: the gray value; with transparency gray times alpha, or the alpha of a file that is black all over.

    A file whose compression changes values (JPEG, lossy WebP) gives 0 and 255 alone: what is at least half white counts.
    """
    photo = read_photo(path)
    pixels = photo.pixels
    unit = pixels.astype(np.float32) / (1.0 if pixels.dtype == np.float32 else np.iinfo(pixels.dtype).max)
    gray = unit[..., : 1 if unit.shape[2] < 3 else 3].mean(-1)
    if unit.shape[2] % 2 == 0:
        alpha = unit[..., -1]
        # A selection painted in black on nothing says where by its alpha alone.
        gray = alpha if not gray.any() and (alpha == 0).any() else gray * alpha
    if photo.lossy:
        gray = np.where(gray * 255 >= 127.5, np.float32(1), np.float32(0))
    return np.asarray(np.rint(np.clip(gray, 0, 1) * 255), np.uint8)


def read_bytes(path: Path) -> bytes:
    """A whole file; raises `HuefillError` with a sentence."""
    try:
        kind = path.stat()
        if stat.S_ISCHR(kind.st_mode) or stat.S_ISBLK(kind.st_mode):
            raise HuefillError("no_file", f"'{path}' is a device, not a file.", "Name a file.")
        require_memory(kind.st_size, f"reading '{path}'", "Close other programs.")
        return path.read_bytes()
    except FileNotFoundError:
        raise HuefillError("no_file", f"There is no file '{path}'.", "Check the name.") from None
    except IsADirectoryError:
        raise HuefillError("is_folder", f"'{path}' is a folder, not a file.", "Name a file.") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise HuefillError("cannot_read", f"'{path}' cannot be read: {reason}.", "Check the file's name and permissions.") from None


def _told(error: Exception) -> str:
    """What a decoder says of a file, where it says it to people."""
    from PIL import UnidentifiedImageError

    if isinstance(error, UnidentifiedImageError) or not isinstance(error, (OSError, SyntaxError, zlib.error)):
        return ""
    return f" ({' '.join(str(error).split())})"


def _format_of(data: bytes) -> str | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return next((form for form, marks in _MARKS.items() if data.startswith(marks)), None)


def _read_common(data: bytes, form: str) -> Photo:
    """Everything but deep TIFF."""
    from PIL import Image

    from huefill.files import metadata

    Image.MAX_IMAGE_PIXELS = None  # `check_size` refuses before anything is unpacked, and in a sentence
    with Image.open(io.BytesIO(data), formats=(form,)) as image:
        deep = form == "PNG" and data[_PNG_DEPTH] == 16
        gray = image.mode in ("1", "L", "LA", "La")
        check_size(image.width, image.height, _DEEP_BYTES if deep else _GRAY_BYTES if gray else _COLOR_BYTES)
        image.load()
        icc = image.info.get("icc_profile")
        orientation = image.getexif().get(metadata.ORIENTATION, 1)
        pixels = upright(_deep_png(data) if deep else _eight_bit(image, icc), orientation)
        profile, notes = profiles.usable(icc, pixels.shape[2]) if image.mode != "CMYK" else (None, ())
        lossy = form == "JPEG" or (form == "WEBP" and b"VP8L" not in data)
        return Photo(pixels, profile, metadata.of_image(image), lossy, notes)


def _deep_png(data: bytes) -> Array:
    """H W C uint16 of a PNG of 16 bits; the library for 8-bit pictures, which has found the file whole, would cut them down."""
    import cv2

    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None or decoded.dtype != np.uint16:
        raise Refused("is a PNG of 16 bits that cannot be unpacked", "Save it again from the program it is from.")
    pixels = decoded[..., None] if decoded.ndim == 2 else decoded
    if data[_PNG_KIND] == _PNG_GRAY_ALPHA and pixels.shape[2] == 4:  # the decoder repeats the gray
        return pixels[..., [0, 3]]
    return pixels if pixels.shape[2] < 3 else np.concatenate([pixels[..., 2::-1], pixels[..., 3:]], axis=2)


def _eight_bit(image: Any, icc: bytes | None) -> Array:
    if image.mode == "CMYK":
        return np.asarray(profiles.rgb_of_cmyk(image, icc))
    if image.mode not in ("1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "YCbCr"):
        # Their values go beyond 8 bits, and what the library makes of them is clipped.
        raise Refused(f"stores its values in a way ({image.mode}) that Huefill does not read", "Save it as gray or RGB of 8 or 16 bits.")
    transparent = "transparency" in image.info or image.mode in ("LA", "PA", "RGBA", "La", "RGBa")
    gray = image.mode in ("1", "L", "LA", "La")
    mode = ("LA" if transparent else "L") if gray else ("RGBA" if transparent else "RGB")
    pixels = np.asarray(image if image.mode == mode else image.convert(mode))
    return pixels[..., None] if pixels.ndim == 2 else pixels


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """What decoders print beside their exceptions says nothing to a person, and would stand between our sentences."""
    import cv2

    level = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        cv2.utils.logging.setLogLevel(level)
