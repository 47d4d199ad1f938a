"""EXIF and resolution: taken from a file as far as they still hold for the result, and written again."""

from __future__ import annotations

import contextlib
import io
import struct
from typing import Any

from PIL import ExifTags, Image, TiffImagePlugin

from huefill.files.photo import Metadata

Base, Ifd = ExifTags.Base, ExifTags.IFD

ORIENTATION = int(Base.Orientation)
# What describes the photo and not the file that it lay in.
_KEPT = tuple(int(tag) for tag in (Base.ImageDescription, Base.Make, Base.Model, Base.Software, Base.DateTime, Base.Artist, Base.Copyright))
_FOLDERS = (int(Ifd.Exif), int(Ifd.GPSInfo))
# Sizes that need not be the result's; offsets into the old file: another folder, and the maker's notes, which hold offsets themselves.
_DROPPED = {int(Base.ExifImageWidth), int(Base.ExifImageHeight), int(Ifd.Interop), int(Base.MakerNote)}
_INCH, _CENTIMETRE = 2, 3
_LONG = 4
# tifffile writes no folder's tag. One of a number that nothing uses keeps its place: this much less, so that the order stays right.
STAND_IN = 1


def of_image(image: Image.Image) -> Metadata:
    """What an opened picture says of itself."""
    return Metadata(_kept(image.getexif()), _resolution(image.info.get("dpi")))


def of_tiff(data: bytes) -> Metadata:
    """The same of a TIFF that the library for 8-bit pictures does not open."""
    exif = Image.Exif()
    exif.load_from_fp(io.BytesIO(data))
    across, down, unit = (exif.get(int(tag)) for tag in (Base.XResolution, Base.YResolution, Base.ResolutionUnit))
    scale = {_INCH: 1.0, _CENTIMETRE: 2.54}.get(unit if isinstance(unit, int) else 0)
    return Metadata(_kept(exif), _resolution((across, down), scale) if scale else None)


def with_resolution(metadata: Metadata) -> bytes | None:
    """The EXIF with the resolution in it, for a format that has no other place for it."""
    if metadata.resolution is None:
        return metadata.exif
    exif = _loaded(metadata.exif)
    exif[int(Base.XResolution)], exif[int(Base.YResolution)] = metadata.resolution
    exif[int(Base.ResolutionUnit)] = _INCH
    return exif.tobytes()


def tiff_tags(metadata: Metadata) -> tuple[list[tuple[int, int, int, Any, bool]], dict[int, dict[int, Any]]]:
    """What ``metadata`` adds to a TIFF: tags (code, type, count, value, once), and the folders for `append_folders`."""
    if metadata.exif is None:
        return [], {}
    exif = _loaded(metadata.exif)
    text = [(tag, str(exif[tag])) for tag in _KEPT if isinstance(exif.get(tag), str)]
    tags: list[tuple[int, int, int, Any, bool]] = [(tag, 2, 0, value.encode("ascii", "replace").decode(), True) for tag, value in text]
    folders = {tag: dict(exif.get_ifd(tag)) for tag in _FOLDERS if exif.get_ifd(tag)}
    return [*tags, *((tag - STAND_IN, 4, 1, 0, True) for tag in folders)], folders


def append_folders(tiff: bytes, entries: dict[int, int], folders: dict[int, dict[int, Any]]) -> bytes:
    """A little-endian TIFF with EXIF ``folders`` at its end; ``entries`` says where in the file each folder's stand-in lies."""
    out = bytearray(tiff)
    for tag, values in folders.items():
        directory = TiffImagePlugin.ImageFileDirectory_v2(b"II*\0\0\0\0\0", group=tag)
        for key, value in values.items():
            directory[key] = value
        out += b"\0" * (len(out) % 2)
        struct.pack_into("<HHII", out, entries[tag], tag, _LONG, 1, len(out))
        out += directory.tobytes(len(out))
    return bytes(out)


def _loaded(exif: bytes | None) -> Image.Exif:
    loaded = Image.Exif()
    if exif is not None:
        loaded.load(exif)
    return loaded


def _kept(exif: Image.Exif) -> bytes | None:
    """A clean EXIF block; None where there is nothing to keep, or where the block cannot be read."""
    clean = Image.Exif()
    # A camera may write values that contradict their types: they cost the block, never the photo.
    with contextlib.suppress(Exception):
        for tag in _KEPT:
            if tag in exif:
                clean[tag] = exif[tag]
        for folder in _FOLDERS:
            values = {key: value for key, value in exif.get_ifd(folder).items() if key not in _DROPPED}
            if values:
                clean.get_ifd(folder).update(values)
        block = clean.tobytes()
        _loaded(block)
        return block if len(clean) or any(clean.get_ifd(folder) for folder in _FOLDERS) else None
    return None


def _resolution(dpi: Any, scale: float = 1.0) -> tuple[float, float] | None:
    try:
        across, down = (float(value) * scale for value in dpi)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return (across, down) if 0 < across < 1e6 and 0 < down < 1e6 else None
