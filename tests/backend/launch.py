"""Starts the real backend with the probe among its tasks: ``launch.py [options of python -m huefill.server]``."""

from __future__ import annotations

import sys
from pathlib import Path

from huefill.server.__main__ import main
from huefill.tasks import registry

sys.path.insert(0, str(Path(__file__).parent))
registry.TASKS |= {"probe": "probe_task", "layers": "layers_task"}
sys.exit(main())
