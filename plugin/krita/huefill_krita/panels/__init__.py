"""The parts of the docker, one file each; all are given the controller and follow its signals."""

from .choices import ChoicesPanel
from .commands import CommandsPanel
from .results import ResultsPanel
from .strip import Strip

__all__ = ["ChoicesPanel", "CommandsPanel", "ResultsPanel", "Strip"]
