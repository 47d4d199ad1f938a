"""What stops the installer: one clear sentence for a person."""

from __future__ import annotations


class InstallerError(Exception):
    """The message says what happened and what to do; it is shown as it is, without a traceback."""
