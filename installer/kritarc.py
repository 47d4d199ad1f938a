"""The one line in Krita's settings file that enables the plugin. Every other line is kept bit for bit.

The file is KConfig's INI: groups in brackets, ``key=value``; a group may occur twice, the last value of a key counts.
"""

from __future__ import annotations

import re
from pathlib import Path

GROUP = b"[python]"
KEY = b"enable_huefill_krita"
# KConfig allows spaces around the key and markers behind it: enable_huefill_krita[$i]=true
_OURS = re.compile(rb"\s*" + KEY + rb"\s*(\[[^\]]*\]\s*)*=\s*(?P<value>.*?)\s*$", re.DOTALL)


def is_enabled(text: bytes) -> bool:
    values = [line.value for line in _lines(text) if line.value is not None]
    return bool(values) and values[-1].lower() in (b"true", b"1", b"yes", b"on")


def enabled(text: bytes) -> bytes:
    """``text`` with the plugin enabled; ``text`` itself if it is."""
    if is_enabled(text):
        return text
    lines = _lines(text)
    end = b"\r\n" if b"\r\n" in text else b"\n"
    entry = KEY + b"=true" + end
    ours = [number for number, line in enumerate(lines) if line.value is not None]
    if ours:
        kept = [entry if number == ours[0] else line.raw for number, line in enumerate(lines) if number not in ours[1:]]
        return b"".join(kept)
    for number, line in enumerate(lines):
        if line.header == GROUP:
            before = b"".join(item.raw for item in lines[: number + 1])
            return _closed(before, end) + entry + b"".join(item.raw for item in lines[number + 1 :])
    return (_closed(text, end) + end if text else b"") + GROUP + end + entry


def disabled(text: bytes) -> bytes:
    """``text`` without our line, and without the group if it held nothing else."""
    lines = [line for line in _lines(text) if line.value is None]
    if len(lines) == len(_lines(text)):
        return text
    for number in [place for place, line in enumerate(lines) if line.header == GROUP][::-1]:
        rest = lines[number + 1 :]
        following = next((place for place, line in enumerate(rest) if line.header), len(rest))
        if all(not line.raw.strip() for line in rest[:following]):
            # With it goes the blank line that parted it from what comes before.
            start = number - 1 if number and not lines[number - 1].raw.strip() else number
            del lines[start : number + 1]
    return b"".join(line.raw for line in lines)


def read(file: Path) -> bytes:
    return file.read_bytes() if file.exists() else b""


class _Line:
    """``header`` is the group that the line opens, ``value`` the value it gives our key, each None where it does not."""

    def __init__(self, raw: bytes, group: bytes) -> None:
        self.raw = raw
        stripped = raw.strip()
        self.header = stripped if stripped.startswith(b"[") else None
        ours = _OURS.match(raw) if group == GROUP and self.header is None else None
        self.value = ours["value"] if ours else None


def _lines(text: bytes) -> list[_Line]:
    lines: list[_Line] = []
    group = b""
    for raw in re.findall(rb"[^\n]*\n|[^\n]+", text):
        line = _Line(raw, group)
        group = line.header or group
        lines.append(line)
    return lines


def _closed(text: bytes, end: bytes) -> bytes:
    return text if text.endswith(b"\n") else text + end
