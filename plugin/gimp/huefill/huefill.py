#!/usr/bin/env python3
"""Huefill in GIMP 3: the file that GIMP starts, once to ask for the procedures and then for every call of one."""

import importlib.util
import os
import sys

import gi

gi.require_version("Gimp", "3.0")
gi.require_version("Gegl", "0.4")
from gi.repository import Gimp

_FOLDER = os.path.dirname(os.path.abspath(__file__))
# The installer puts huefill_client and huefill_protocol beside the plug-in; a developer may have it on the path already.
sys.path.insert(0, _FOLDER)
if importlib.util.find_spec("huefill_client") is None:
    sys.path.append(os.path.join(_FOLDER, "lib"))

from huefill_gimp import procedures


class Huefill(Gimp.PlugIn):
    """One procedure for each command."""

    def do_set_i18n(self, name):
        return False

    def do_query_procedures(self):
        return list(procedures.PROCEDURES)

    def do_create_procedure(self, name):
        return procedures.create(self, name)


Gimp.main(Huefill.__gtype__, sys.argv)
