"""Pictures and profiles that several tests make."""

from __future__ import annotations

import struct

import numpy as np


def picture(channels: int, dtype: type) -> np.ndarray:
    """21 x 34 random values over the full range of ``dtype``."""
    values = np.random.default_rng(channels).random((21, 34, channels))
    return values.astype(np.float32) if dtype is np.float32 else (values * np.iinfo(dtype).max).astype(dtype)


def gray_profile() -> bytes:
    """A small ICC profile for gray pictures, gamma 2.2 (ICC.1:2001-04, section 6.3.1)."""
    tags = [
        (b"desc", b"desc" + bytes(4) + struct.pack(">I", 5) + b"gray\0" + bytes(78)),
        (b"wtpt", b"XYZ " + bytes(4) + struct.pack(">iii", 63190, 65536, 54061)),
        (b"kTRC", b"curv" + bytes(4) + struct.pack(">IH", 1, int(2.2 * 256)) + bytes(2)),
    ]
    table, body, start = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, data in tags:
        data += bytes(-len(data) % 4)
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data
    head = struct.pack(">I", start + len(body)) + b"lcms" + struct.pack(">I", 0x02400000) + b"mntrGRAYXYZ "
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp"
    head += bytes(68 - len(head)) + struct.pack(">iii", 63190, 65536, 54061)
    return head + bytes(128 - len(head)) + table + body
