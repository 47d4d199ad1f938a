"""Writing a photograph: what cannot be stored is said before any work, and a file is there whole or not at all."""

from __future__ import annotations

import io
import os
import stat
import struct
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from huefill.errors import HuefillError
from huefill.files import metadata, tiff
from huefill.files.photo import Array, Photo

WRITABLE = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp")
_TIFF, _JPEG = (".tif", ".tiff"), (".jpg", ".jpeg")
# The longest side that a format can say, in pixels (libjpeg stops a little below the 65535 of the format).
_LONGEST = {".webp": 16383, ".jpg": 65500, ".jpeg": 65500}
_PNG_HEAD = 33  # its signature and the first chunk
_PER_METRE = 39.3701


def check_writable(path: Path) -> None:
    """Say before any work is done why `write_photo` could not write to ``path`` after it."""
    suffix = path.suffix.lower()
    if suffix not in WRITABLE:
        raise HuefillError(
            "unknown_format", f"'{path}' has no name of a known picture format.", f"End it with one of {', '.join(WRITABLE)}."
        )
    check_place(path)


def check_place(path: Path) -> None:
    """Say before any work is done why no file of any kind could be put at ``path`` after it."""
    try:
        if path.is_symlink():
            path = path.resolve()
        if not path.parent.is_dir():
            raise HuefillError("no_folder", f"The folder '{path.parent}' does not exist.", "Make it first, or choose another.")
        if path.is_dir():
            raise HuefillError("is_folder", f"'{path}' is a folder.", "Name a file.")
        exists = path.exists()
    except (OSError, RuntimeError) as error:
        raise _cannot_write(path, error) from None
    effective = os.access in os.supports_effective_ids
    # The new file takes the old one's place, so the folder must allow it, too.
    for place in (path, path.parent) if exists else (path.parent,):
        if not os.access(place, os.W_OK, effective_ids=effective):
            raise HuefillError("cannot_write", f"'{path}' cannot be written: no permission.", "Choose another place.")


def check_storable(path: Path, shape: tuple[int, ...], depth: np.dtype[Any]) -> None:
    """Say before any work is done why the format of ``path`` cannot hold H W C pixels of ``depth``."""
    suffix = path.suffix.lower()
    if depth == np.float32 and suffix not in _TIFF:
        raise HuefillError("depth", f"A floating-point image cannot be stored in '{path.name}'.", "Use a name that ends with .tif.")
    if depth == np.uint16 and suffix not in (*_TIFF, ".png"):
        raise HuefillError("depth", f"A 16-bit image cannot be stored in '{path.name}'.", "Use a name that ends with .png or .tif.")
    if shape[2] % 2 == 0 and suffix in _JPEG:
        raise HuefillError(
            "no_alpha_in_jpeg", f"'{path.name}' cannot hold the image's transparency.", "Use a name that ends with .png or .tif."
        )
    longest = _LONGEST.get(suffix)
    if longest is not None and max(shape[:2]) > longest:
        raise HuefillError(
            "too_long",
            f"{shape[1]} x {shape[0]} pixels cannot be stored in '{path.name}': the format ends at {longest} a side.",
            "Use a name that ends with .png or .tif.",
        )


def write_photo(path: Path, photo: Photo) -> None:
    """Write a photograph in the format its name says, whole or not at all; raises `HuefillError` with a sentence."""
    write_photos([(path, photo)])


def write_photos(files: Sequence[tuple[Path, Photo]], written: list[Path] | None = None, beside: Sequence[tuple[Path, bytes]] = ()) -> None:
    """Write several files, all of them encoded and on the disk before the first is put in place; ``written`` takes what is in place.

    ``beside`` are further files that belong to them.
    """
    for path, photo in files:
        check_writable(path)
        check_storable(path, photo.pixels.shape, photo.pixels.dtype)
    put_in_place([*((path, _encoded(photo, path.suffix.lower())) for path, photo in files), *beside], written)


def put_in_place(files: Sequence[tuple[Path, bytes]], written: list[Path] | None = None) -> None:
    """Write every file's bytes beside its place and only then put them there, so that a failure leaves what was there before."""
    done: list[Path] = [] if written is None else written
    parts: list[tuple[Path, str]] = []
    path = files[0][0]
    try:
        for path, data in files:
            real = path.resolve() if path.is_symlink() else path
            with tempfile.NamedTemporaryFile(dir=real.parent, prefix=".huefill-", delete=False) as part:
                parts.append((path, part.name))
                part.write(data)
            os.chmod(part.name, _mode(real))
        while parts:
            path, name = parts[0]
            os.replace(name, path.resolve() if path.is_symlink() else path)
            parts.pop(0)
            done.append(path)
    except OSError as error:
        raise _cannot_write(path, error, done) from None
    finally:
        for path, name in parts:
            try:
                os.unlink(name)
            except FileNotFoundError:  # Ctrl+C came when it was in place already
                done.append(path)
            except OSError:
                pass


def _cannot_write(path: Path, error: Exception, done: Sequence[Path] = ()) -> HuefillError:
    reason = (getattr(error, "strerror", None) or str(error)).lower()
    written = " and ".join(f"'{item}'" for item in done)
    return HuefillError(
        "cannot_write", f"'{path}' cannot be written: {reason}.", f"{written or 'Nothing'} was written. Choose another place or name."
    )


def _mode(path: Path) -> int:
    """The rights of the file that is replaced, or those that this user gives to new ones."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        umask = os.umask(0)
        os.umask(umask)
        return 0o666 & ~umask


def _encoded(photo: Photo, suffix: str) -> bytes:
    if suffix in _TIFF:
        return tiff.encode(photo)
    return _deep_png(photo) if photo.pixels.dtype == np.uint16 else _eight_bit(photo, suffix)


def _eight_bit(photo: Photo, suffix: str) -> bytes:
    from PIL import Image

    pixels = photo.pixels[..., 0] if photo.pixels.shape[2] == 1 else photo.pixels
    options: dict[str, Any] = {".png": {}, ".webp": {"lossless": True, "exact": True}}.get(suffix, {"quality": 97, "subsampling": 0})
    exif = metadata.with_resolution(photo.metadata) if suffix == ".webp" else photo.metadata.exif
    if photo.icc:
        options["icc_profile"] = photo.icc
    if exif:
        options["exif"] = exif
    if photo.metadata.resolution and suffix != ".webp":
        options["dpi"] = photo.metadata.resolution
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, {".png": "PNG", ".webp": "WEBP"}.get(suffix, "JPEG"), **options)
    return buffer.getvalue()


def _deep_png(photo: Photo) -> bytes:
    png, chunks = _gray_alpha_png(photo.pixels) if photo.pixels.shape[2] == 2 else _codec_png(photo.pixels), b""
    if photo.icc:
        chunks += _chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(photo.icc))
    if photo.metadata.resolution:
        across, down = (round(value * _PER_METRE) for value in photo.metadata.resolution)
        chunks += _chunk(b"pHYs", struct.pack(">IIB", across, down, 1))
    if photo.metadata.exif:
        chunks += _chunk(b"eXIf", photo.metadata.exif.removeprefix(b"Exif\0\0"))
    return png[:_PNG_HEAD] + chunks + png[_PNG_HEAD:]


def _codec_png(pixels: Array) -> bytes:
    import cv2

    done, buffer = cv2.imencode(".png", np.ascontiguousarray(_swapped(pixels)))
    if not done:
        raise HuefillError("cannot_encode", "The image cannot be stored as PNG.", "Try TIFF.")
    return bytes(buffer.tobytes())


def _gray_alpha_png(pixels: Array) -> bytes:
    """What no codec here writes: a PNG of gray and alpha of 16 bits, each row as its difference from the one above."""
    height, width = pixels.shape[:2]
    rows = np.ascontiguousarray(pixels, ">u2").view(np.uint8).reshape(height, -1)
    filtered = np.full((height, rows.shape[1] + 1), 2, np.uint8)
    filtered[0, 1:] = rows[0]
    filtered[1:, 1:] = rows[1:] - rows[:-1]
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, 4, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + _chunk(b"IDAT", zlib.compress(filtered.tobytes())) + _chunk(b"IEND", b"")


def _swapped(pixels: Array) -> Array:
    """RGB(A) in the codec's order, gray as it is."""
    return pixels if pixels.shape[2] < 3 else np.concatenate([pixels[..., 2::-1], pixels[..., 3:]], axis=2)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
