"""Takes out of a text what nobody else should read: tokens, the home folder, the user's name, names of files."""

from __future__ import annotations

import getpass
import os
import re
from pathlib import Path

from huefill_protocol import locations
from huefill_protocol.endpoint import Endpoint

_QUOTED = re.compile(r"""“[^”]*”|"[^"\n]*"|'[^'\n]*'""")
_ADDRESS = re.compile(r"\b[a-z]{2,10}://\S+|(?<![\w.])(?:[A-Za-z]:)?[\\/][^\s'\":;,()]+(?:[\\/][^'\":;,()\n]*\.\w{1,5}\b)?")
_PICTURE = re.compile(r"[^\s'\"/\\]+\.(?:kra|xcf|ora|psd|png|jpe?g|tiff?|webp|exr|bmp|gif|heic|avif|jxl|dng|nef|cr2|arw)\b", re.IGNORECASE)
_TOKEN = re.compile(r"\b(?=[\w-]*\d)[A-Za-z0-9_-]{32,}\b")


def redacted(text: str) -> str:
    """Without the home folder, the user's name in paths, and anything that looks like a token."""
    endpoint = Endpoint.read(locations.endpoint_file())
    if endpoint:
        text = text.replace(endpoint.token, "[token]")
    home = str(Path.home())
    if home != os.path.sep:
        text = text.replace(home, "~")
    text = re.sub(r"(?i)bearer\s+\S+", "Bearer [token]", text)
    return re.sub(r"(/home/|/Users/|\\Users\\)[^/\\\s]+", r"\1[user]", text)


def nameless(text: str) -> str:
    """`redacted`, and without anything that may be the name of a file, a layer, a document or a person: the words of an error, of
    which nobody knows what they quote."""
    text = _QUOTED.sub("[name]", redacted(text))
    text = _TOKEN.sub("[token]", _PICTURE.sub("[file]", _ADDRESS.sub("[file]", text)))
    user = _user()
    return re.sub(rf"\b{re.escape(user)}\b", "[user]", text) if len(user) > 2 else text


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no name in the environment, and no account of this number
        return ""
