"""The parts of the docker, one file each; all are given the controller and follow its signals."""

from .backend import BackendPanel
from .choices import ChoicesPanel
from .commands import CommandsPanel
from .help import HelpPanel
from .notice import NoticePanel
from .progress import ProgressPanel
from .results import ResultsPanel

__all__ = ["BackendPanel", "ChoicesPanel", "CommandsPanel", "HelpPanel", "NoticePanel", "ProgressPanel", "ResultsPanel"]
