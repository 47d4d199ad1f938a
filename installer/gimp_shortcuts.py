"""The keys that are proposed for our actions, in GIMP's own file of shortcuts: a plug-in itself cannot set any.

GIMP writes the file anew when it closes: a line for every action, those with the key that GIMP itself gives them as comments. A key is
proposed once, where it is free and the action has none; what a person makes of it afterwards is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from installer import paths
from installer.files import write_whole

paths.use_protocol()

from huefill_protocol.actions import Action, offered  # noqa: E402

FILE = "shortcutsrc"
# In GIMP's profile: the actions for which a key was proposed, so that one that a person takes away does not come again.
PROPOSED = "huefill-shortcuts.txt"
_BEGIN = "(file-version 1)\n"
_LINE = re.compile(r'^\s*(?P<comment>#?)\s*\(action\s+"(?P<name>[^"]+)"(?P<keys>(?:\s+"[^"]*")*)\s*\)\s*$', re.MULTILINE)
_MODIFIERS = {"ctrl": "primary", "control": "primary", "meta": "primary"}
_NAMES = {"Ctrl": "<Primary>", "Alt": "<Alt>", "Shift": "<Shift>"}


def accelerator(shortcut: str) -> str:
    """Qt's "Ctrl+Alt+X" as GIMP writes it."""
    *modifiers, key = shortcut.split("+")
    return "".join(_NAMES[modifier] for modifier in modifiers) + (key.lower() if len(key) == 1 else key)


def name_of(action: Action) -> str:
    """What GIMP calls the action of our procedure."""
    return action.key.replace("_", "-")


def keys_in(text: str) -> dict[str, set[str]]:
    """By accelerator (in one spelling), the actions that have it in a file of shortcuts, by GIMP's own choice or a person's."""
    found: dict[str, set[str]] = {}
    for line in _LINE.finditer(text):
        for key in re.findall(r'"([^"]*)"', line["keys"]):
            found.setdefault(plain(key), set()).add(line["name"])
    return found


def plain(key: str) -> str:
    """An accelerator in one spelling: modifiers in order, everything small."""
    *modifiers, last = re.findall(r"<[^>]+>|[^<>]+", key.lower()) or [""]
    names = {_MODIFIERS.get(modifier.strip("<>"), modifier.strip("<>")) for modifier in modifiers}
    return "+".join([*sorted(names), last])


def proposed(text: str, before: Iterable[str], actions: Iterable[Action]) -> tuple[str, list[str]]:
    """``text`` of a file of shortcuts with the keys of those ``actions`` that were not proposed ``before``; and whose these are."""
    taken, chosen = keys_in(text), {line["name"] for line in _LINE.finditer(text) if not line["comment"]}
    added = []
    for action in actions:
        name, key = name_of(action), accelerator(action.shortcut) if action.shortcut else ""
        if key and name not in chosen and name not in before and not taken.get(plain(key), set()) - {name}:
            added.append((name, key))
    if not added:
        return text, []
    lines = "".join(f'(action "{name}" "{key}")\n' for name, key in added)
    start = text if text.endswith("\n") or not text else text + "\n"
    return (start or _BEGIN) + lines, [name for name, _ in added]


def withdrawn(text: str, actions: Iterable[Action]) -> str:
    """``text`` without the lines that are as we have proposed them; empty where nothing else was in it."""
    ours = {(name_of(action), plain(accelerator(action.shortcut))) for action in actions if action.shortcut}
    lines = []
    for line in text.splitlines(keepends=True):
        found = _LINE.match(line.rstrip("\r\n"))
        keys = re.findall(r'"([^"]*)"', found["keys"]) if found and not found["comment"] else []
        if not (found and len(keys) == 1 and (found["name"], plain(keys[0])) in ours):
            lines.append(line)
    left = "".join(lines)
    return "" if left == _BEGIN else left


def propose(profile: Path) -> None:
    """Write the proposals into ``profile``. Raises `OSError`."""
    file, told = profile / FILE, profile / PROPOSED
    before = told.read_text("utf-8").split() if told.exists() else []
    text, names = proposed(_read(file), before, offered("gimp"))
    if names:
        write_whole(file, text.encode("utf-8", "surrogateescape"))
        write_whole(told, "".join(f"{name}\n" for name in [*before, *names]).encode("utf-8", "surrogateescape"))


def withdraw(profile: Path) -> None:
    """Take the proposals out of ``profile`` again, where they are as they were made. Raises `OSError`."""
    file, told = profile / FILE, profile / PROPOSED
    text = _read(file)
    left = withdrawn(text, offered("gimp"))
    if left != text:
        if left:
            write_whole(file, left.encode("utf-8", "surrogateescape"))
        else:
            file.unlink()
    told.unlink(missing_ok=True)


def _read(file: Path) -> str:
    return file.read_bytes().decode("utf-8", "surrogateescape") if file.exists() else ""
