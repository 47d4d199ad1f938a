"""What was painted over to be removed: from the pixels of a layer to a mask, for every editor alike."""

from __future__ import annotations

from huefill_client.geometry import Rect

_ALPHA = 3


def coverage(pixels: bytes) -> bytes:
    """The alpha of H W 4 bytes: H W."""
    return pixels[_ALPHA :: _ALPHA + 1]


def mask_of(alpha: bytes) -> bytes:
    """``alpha`` (H W bytes) as the mask of a hole, 255 where all of it goes.

    A faint brush removes as much as a strong one: half of the strongest paint counts as all of it, and what is fainter fades out evenly.
    """
    strongest = max(alpha, default=0)
    if not strongest:
        return alpha
    return alpha.translate(bytes(min(255, round(510 * value / strongest)) for value in range(256)))


def bounds_of(alpha: bytes, width: int) -> Rect:
    """The smallest rectangle with all paint in it, of H W bytes with rows of ``width``; empty where there is none."""
    left, right, top, bottom = width, 0, 0, 0
    for number, row in enumerate(alpha[begin : begin + width] for begin in range(0, len(alpha), width)):
        rest = row.lstrip(b"\0")
        if rest:
            if not bottom:
                top = number
            left, right, bottom = min(left, width - len(rest)), max(right, len(row.rstrip(b"\0"))), number + 1
    return Rect(left, top, right - left, bottom - top) if bottom else Rect(0, 0, 0, 0)


def newer(pixels: bytes, before: bytes) -> bytes:
    """The paint of H W 4 bytes that has come on top of, or beside, the paint whose alpha was ``before`` (H W); the rest is transparent."""
    now = coverage(pixels)
    if now == before:
        return bytes(len(pixels))
    kept = bytearray(pixels)
    for place in [place for place, (here, earlier) in enumerate(zip(now, before, strict=True)) if here <= earlier]:
        kept[4 * place : 4 * place + 4] = b"\0\0\0\0"
    return bytes(kept)
