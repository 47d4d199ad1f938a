"""Huefill in Krita: adds the menu entries and the docker; where that is impossible, menu entries that say why."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sys
from functools import partial

from krita import DockWidgetFactory, DockWidgetFactoryBase, Krita

_LIBRARY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib")


def _register() -> None:
    # The installer puts huefill_client and huefill_protocol beside the plugin; a developer may have it on the path already.
    if importlib.util.find_spec("huefill_client") is None and _LIBRARY not in sys.path:
        sys.path.append(_LIBRARY)
    application = Krita.instance()
    try:
        from huefill_client import log

        log.begin("krita")
        log.watch()
        from .actions import HuefillExtension
        from .colors import Studio
        from .docker import DOCKER_ID, HuefillDocker

        studio = Studio()
    except Exception as error:
        # A plugin that raises here vanishes from the menus without a word; this one stays and explains itself.
        from .fallback import explaining_extension

        with contextlib.suppress(Exception):
            from huefill_client import log

            log.unforeseen(error)
        application.addExtension(explaining_extension(error)(application))
        return
    application.addExtension(HuefillExtension(application, studio))
    application.addDockWidgetFactory(DockWidgetFactory(DOCKER_ID, DockWidgetFactoryBase.DockRight, partial(HuefillDocker, studio)))


_register()
