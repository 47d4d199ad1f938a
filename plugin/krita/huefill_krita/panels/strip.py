"""The foot of the docker, always in sight and always of the same height: what runs or was said last, how far it is, Cancel, and help."""

from __future__ import annotations

import html
from typing import Any

from huefill_client.recipes import remaining

from ..qt import Qt, QtGui, QtWidgets
from .labels import OneLine

_DOTS = {"off": "#8a8a8a", "starting": "#d9a441", "ready": "#4fae62", "working": "#4a90d9", "unreachable": "#d9534f"}
_EDGES = {"done": "#4fae62", "told": "#d9a441", "failed": "#d9534f", "": "transparent"}
_DOT = 10


class Strip(QtWidgets.QFrame):
    """Nothing in it comes or goes: what has no meaning at the moment is empty or gray, so that every button stays where it is."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.setObjectName("huefill_strip")
        self._model = model
        self._dot = QtWidgets.QLabel()
        self._dot.setObjectName("huefill_state")
        self._dot.setFixedSize(_DOT, _DOT)
        self._message, self._remedy = OneLine(), OneLine(faint=True)
        self._message.setObjectName("huefill_message")
        self._remedy.setObjectName("huefill_remedy")
        self._dismiss = _small("✕", "huefill_dismiss", "Dismiss the message", model.dismiss)
        self._bar = QtWidgets.QProgressBar()
        self._bar.setObjectName("huefill_bar")
        self._bar.setAccessibleName("Progress")
        self._bar.setRange(0, 1000)
        self._bar.setMinimumWidth(40)
        self._cancel = QtWidgets.QPushButton("Cance&l")
        self._cancel.setObjectName("huefill_cancel")
        self._cancel.setToolTip("Stop at once; the document stays as it is")
        self._cancel.setMinimumWidth(50)
        self._cancel.clicked.connect(model.cancel)
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(6, 4, 4, 4)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._dot, 0, 0)
        grid.addWidget(self._message, 0, 1, 1, 2)
        grid.addWidget(self._dismiss, 0, 3)
        grid.addWidget(self._remedy, 1, 1, 1, 2)
        grid.addWidget(_help(model), 1, 3)
        grid.addWidget(self._bar, 2, 0, 1, 2)
        grid.addWidget(self._cancel, 2, 2, 1, 2)
        for signal in (model.backend_changed, model.progress_changed, model.notice_changed):
            signal.connect(self._show)
        self._show()

    def _show(self) -> None:
        progress, notice, state = self._model.progress, self._model.notice, self._model.backend_state
        kind = ""
        if progress is not None:
            left = remaining(progress.remaining)
            kind = "told" if progress.warnings else ""
            first = progress.warnings[0].text if progress.warnings else progress.title
            second = f"{progress.stage}, {left}" if left else progress.stage
        elif notice is not None:
            kind, first, second = notice.kind, notice.sentence.message, notice.sentence.remedy
        else:
            first, second = state.phrase, ""
        for label, text in ((self._message, first), (self._remedy, second)):
            label.setText(text)
            label.setAccessibleName(text)
            label.setToolTip(_whole(first, second))
        self._dot.setStyleSheet(f"background: {_DOTS[state.name]}; border-radius: {_DOT // 2}px")
        self._dot.setAccessibleName(state.phrase)
        self._dot.setToolTip(f"{state.phrase}\n{state.details}".strip())
        self._dismiss.setEnabled(progress is None and notice is not None)
        running = progress is not None
        self._bar.setEnabled(running)
        self._bar.setTextVisible(running)
        self._bar.setValue(round(progress.fraction * 1000) if progress is not None else 0)
        self._cancel.setEnabled(progress is not None and not progress.stopping)
        self.setStyleSheet(f"#huefill_strip {{ border-top: 1px solid palette(mid); border-left: 4px solid {_EDGES[kind]}; }}")


def _whole(first: str, second: str) -> str:
    """Both lines as rich text: Qt breaks the lines of nothing else in a tooltip."""
    lines = [f"<b>{html.escape(first)}</b>", html.escape(second)]
    return "<p>" + "<br>".join(line for line in lines if line) + "</p>" if first or second else ""


def _help(model: Any) -> QtWidgets.QToolButton:
    """The log and a report, for when something goes wrong."""
    more = _small("…", "huefill_help", "When something is wrong: the log, a report")
    menu = QtWidgets.QMenu(more)
    log = menu.addAction("Open the &log")
    log.setObjectName("huefill_open_log")
    log.triggered.connect(lambda _checked=False: model.open_log())
    report = menu.addAction("Copy a &report of a problem")
    report.setObjectName("huefill_report")
    report.setToolTip("Versions, states and the ends of the logs; no pictures, no names")
    report.triggered.connect(lambda _checked=False: model.report_problem())
    menu.setToolTipsVisible(True)
    more.setMenu(menu)
    more.setPopupMode(QtWidgets.QToolButton.ToolButtonPopupMode.InstantPopup)
    more.setStyleSheet("QToolButton::menu-indicator { image: none; }")
    return more


def _small(text: str, name: str, tip: str, act: Any = None) -> QtWidgets.QToolButton:
    made = QtWidgets.QToolButton()
    made.setObjectName(name)
    made.setText(text)
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    made.setAutoRaise(True)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    font = QtGui.QFontMetrics(made.font())
    made.setFixedSize(font.height() + 6, font.height() + 2)
    if act is not None:
        made.clicked.connect(lambda _checked=False: act())
    return made
