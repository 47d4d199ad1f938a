"""TIFF of more than 8 bits: read in the depth it has, written with profile, EXIF and resolution.

Deflate, PackBits and uncompressed files are read by tifffile, which needs nothing else. LZW and the predictor for floating point it would
read with `imagecodecs` (a wheel of 26 MB); OpenCV, which is here anyway, reads them, too, in the layout that editors write.
"""

from __future__ import annotations

import io
import logging
import math
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from huefill.files import profiles
from huefill.files.photo import Array, Photo, Refused, check_size, upright

if TYPE_CHECKING:
    import tifffile

MARKS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

logging.getLogger("tifffile").addHandler(logging.NullHandler())  # else its warnings reach the terminal

_ICC_TAG, _ORIENTATION_TAG = 34675, 274
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _SEPARATED = 0, 1, 2, 5
_DEFLATE, _LZW, _PLAIN = (8, 32946), 5, (1, 32773)
_HORIZONTAL, _FLOATING = 2, 3
_UNSPECIFIED, _ASSOCIATED = 0, 1
_DEFLATE_BEST = 1032  # what one byte of deflate becomes at most
_MOST_SLACK = 1 << 20
_DEPTHS = "Save it with 8 or 16 bits, or as 32-bit floating point."


def read_deep(data: bytes) -> Photo | None:
    """A TIFF of more than 8 bits a value; None for any other, which the library for 8-bit pictures reads. Raises `Refused`."""
    import tifffile

    from huefill.files import metadata

    with tifffile.TiffFile(io.BytesIO(data)) as file:
        page = file.pages.first
        kind = page.photometric
        if page.dtype is not None and (page.dtype.itemsize == 1 or page.dtype == bool):
            return None
        if kind == _SEPARATED:  # the other library makes 8-bit CMYK of it, and RGB of that
            return None
        if page.dtype is None or page.dtype.kind not in "uf" or page.dtype == np.uint64:
            raise Refused(f"stores its values as {_kind(page)}, which Huefill does not read", _DEPTHS)
        if kind not in (_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB):
            raise Refused(f"stores its colors as {getattr(kind, 'name', kind)}, which Huefill does not read", "Save it as gray or RGB.")
        colors, samples = (3 if kind == _RGB else 1), page.samplesperpixel
        if samples < colors or page.imagedepth != 1:
            raise Refused(f"has {samples} values a pixel in {page.imagedepth} planes, which make no photo", "Save it as gray or RGB.")
        check_size(page.imagewidth, page.imagelength, samples * max(4, page.dtype.itemsize) * 4)
        values = _scaled(_decoded(file, page, data), page.bitspersample)
        if kind == _WHITE_IS_ZERO:
            values[..., :1] = (np.iinfo(values.dtype).max if values.dtype.kind == "u" else 1) - values[..., :1]
        profile, orientation = page.tags.get(_ICC_TAG), page.tags.get(_ORIENTATION_TAG)
        pixels = upright(_with_alpha_alone(values, colors, [int(extra) for extra in page.extrasamples]), _whole(orientation))
    icc, notes = profiles.usable(bytes(profile.value) if profile else None, pixels.shape[2])
    return Photo(pixels, icc, metadata.of_tiff(data), notes=notes)


def encode(photo: Photo) -> bytes:
    """A photo as TIFF, compressed without loss (deflate)."""
    import tifffile

    from huefill.files import metadata

    pixels = photo.pixels
    colors = 1 if pixels.shape[2] < 3 else 3
    tags, folders = metadata.tiff_tags(photo.metadata)
    buffer = io.BytesIO()
    tifffile.imwrite(
        buffer,
        pixels[..., 0] if pixels.shape[2] == 1 else pixels,
        byteorder="<",
        photometric="rgb" if colors == 3 else "minisblack",
        planarconfig="contig" if pixels.shape[2] > 1 else None,
        extrasamples=["unassalpha"] if pixels.shape[2] > colors else None,
        compression="zlib",
        iccprofile=photo.icc,
        metadata=None,
        software=False,
        resolution=photo.metadata.resolution,
        resolutionunit=2 if photo.metadata.resolution else None,
        extratags=tags,
    )
    if not folders or buffer.tell() > 2**31:  # the large variety of TIFF keeps its offsets otherwise
        return buffer.getvalue()
    with tifffile.TiffFile(io.BytesIO(buffer.getvalue())) as file:
        entries = {tag: file.pages.first.tags[tag - metadata.STAND_IN].offset for tag in folders}
    return metadata.append_folders(buffer.getvalue(), entries, folders)


def _kind(page: tifffile.TiffPage) -> str:
    if page.dtype is None:
        return f"{page.bitspersample}-bit values of an unknown kind"
    word = {"i": "signed whole numbers", "u": "whole numbers", "c": "complex numbers"}.get(page.dtype.kind, "values of an unknown kind")
    return f"{page.dtype.itemsize * 8}-bit {word}"


def _whole(tag: Any) -> int:
    return tag.value if tag is not None and isinstance(tag.value, int) else 1


def _decoded(file: tifffile.TiffFile, page: tifffile.TiffPage, data: bytes) -> Array:
    """H W C in the type that the file says."""
    if page.compression in (*_PLAIN, *_DEFLATE) and page.predictor in (1, _HORIZONTAL):
        if page.compression in _DEFLATE:
            _check_inflation(page, data)
        pixels = page.asarray(maxworkers=1)
        if page.planarconfig == 2 and page.samplesperpixel > 1:
            pixels = np.moveaxis(pixels, 0, -1)
    elif page.compression in (_LZW, *_PLAIN, *_DEFLATE) and page.planarconfig == 1 and page.bitspersample in (16, 32):
        pixels = _decoded_by_opencv(page, data)
    else:
        name = str(getattr(page.compression, "name", page.compression))
        raise Refused(f"is compressed with {name}, which Huefill does not read at this depth", "Save it uncompressed, or with ZIP or LZW.")
    shape = (page.imagelength, page.imagewidth, page.samplesperpixel)
    if pixels.size != math.prod(shape):
        raise Refused("holds other pixels than it says", "Save it again from the program it is from.")
    return np.array(pixels).reshape(shape)


def _decoded_by_opencv(page: tifffile.TiffPage, data: bytes) -> Array:
    import cv2

    orientation = page.tags.get(_ORIENTATION_TAG)
    plain = np.frombuffer(data, np.uint8).copy()
    if orientation is not None and _whole(orientation) != 1:  # OpenCV would turn the picture itself
        plain[orientation.valueoffset : orientation.valueoffset + 2] = (0, 1) if data[:2] == b"MM" else (1, 0)
    decoded = cv2.imdecode(plain, cv2.IMREAD_UNCHANGED)
    channels = 0 if decoded is None else 1 if decoded.ndim == 2 else decoded.shape[2]
    if decoded is None or decoded.dtype != page.dtype or channels != page.samplesperpixel:
        name = str(getattr(page.compression, "name", page.compression))
        raise Refused(f"is compressed ({name}) in a way that Huefill cannot unpack at this depth", "Save it uncompressed, or with ZIP.")
    return decoded if channels < 3 else np.concatenate([decoded[..., 2::-1], decoded[..., 3:]], axis=2)


def _check_inflation(page: tifffile.TiffPage, data: bytes) -> None:
    """Raise `Refused` when a strip or tile would unpack to far more than its size: tifffile unpacks without a limit."""
    if page.dtype is None:
        return
    limit = 2 * math.prod(page.chunks) * page.dtype.itemsize + _MOST_SLACK
    for offset, count in zip(page.dataoffsets, page.databytecounts, strict=False):
        if count * _DEFLATE_BEST <= limit:
            continue
        stream, rest, total = zlib.decompressobj(), data[offset : offset + count], 0
        while rest and not stream.eof:
            total += len(stream.decompress(rest, 1 << 20))
            rest = stream.unconsumed_tail
            if total > limit:
                raise Refused("holds far more data than its size allows", "It may be made to fill the memory: do not use it.")


def _scaled(values: Array, bits: Any) -> Array:
    """Values of any depth as uint16 or float32 of the full range: 32-bit whole numbers need floating point to keep their steps."""
    if values.dtype.kind == "f":
        return np.asarray(values, np.float32)
    if values.dtype == np.uint32:
        full = float(2**bits - 1) if isinstance(bits, int) and bits < 32 else float(2**32 - 1)
        return np.asarray(values / full, np.float32)
    if isinstance(bits, int) and bits < 16:
        return np.asarray(np.rint(values * (65535.0 / (2**bits - 1))), np.uint16)
    return np.asarray(values, np.uint16)


def _with_alpha_alone(values: Array, colors: int, extras: list[int]) -> Array:
    """H W C with the colors and, where the file has one, a straight alpha; other channels are no part of the photo."""
    if values.shape[2] == colors or (extras and extras[0] == _UNSPECIFIED):
        return values[..., :colors]
    if not extras or extras[0] != _ASSOCIATED:  # without a word on it, a further channel is taken as alpha, as other programs do
        return values[..., : colors + 1]
    alpha = values[..., colors : colors + 1].astype(np.float32)
    full = np.float32(65535 if values.dtype == np.uint16 else 1)
    straight = np.divide(values[..., :colors] * full, alpha, out=np.zeros((*alpha.shape[:2], colors), np.float32), where=alpha > 0)
    if values.dtype == np.uint16:
        straight = np.rint(np.minimum(straight, full))
    return np.concatenate([straight.astype(values.dtype), values[..., colors : colors + 1]], axis=2)
