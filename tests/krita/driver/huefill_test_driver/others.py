"""The other two actions, the docker, and the backend's life."""

import os

from PyQt5.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QToolButton

from .desk import PHOTOS
from .removing import REMOVE, _square


def recolor_selection(desk):
    document = desk.open(os.environ["HUEFILL_TEST_SMALL_WHOLE"])
    desk.show_docker()
    desk.select(document, *_square("small"))
    steps = desk.history()
    desk.dump("photo", desk.nodes(document)[0], document)
    desk.trigger("huefill_recolor_selection")
    yield from desk.until_done()
    desk.record["steps"] = desk.history() - steps
    desk.record["layers"] = desk.layers(document)
    desk.dump("result", desk.nodes(document)[1], document)


def extend_canvas(desk):
    document = desk.open(os.environ["HUEFILL_TEST_SMALL_WHOLE"])
    desk.show_docker()
    document.resizeImage(-24, 0, 304, 256)
    document.waitForDone()
    yield 500
    steps = desk.history()
    desk.dump("photo", desk.nodes(document)[0], document)
    desk.trigger("huefill_extend_canvas")
    yield from desk.until_done()
    desk.record["steps"] = desk.history() - steps
    desk.record["layers"] = desk.layers(document)
    desk.dump("result", desk.nodes(document)[1], document)
    desk.dump("after", document, document)
    desk.screenshot("done")


def warned(desk):
    """More than half of the photo is selected; then its colors are made anew although it has some."""
    document = desk.open(os.environ["HUEFILL_TEST_SMALL_WHOLE"])
    desk.show_docker()
    desk.select(document, 0, 0, document.width(), int(0.62 * document.height()))
    desk.trigger(REMOVE)
    known = "More than half of the photo is selected"
    yield from desk.until(lambda: desk.working() and known in desk.widget("huefill_message").text(), 30, "the warning before the work")
    desk.screenshot("working")
    yield from desk.until_done()
    desk.record["layers"] = desk.layers(document)
    results = desk.widget("huefill_results")
    desk.record["hover"] = [label.toolTip() for label in results.findChildren(QLabel) if known in label.toolTip()]
    desk.screenshot("done")
    desk.trigger("huefill_colorize_points")
    yield from desk.until(lambda: desk.widget("huefill_colors_said").text() != "", 60, "the warning of colors")
    desk.record["colors"] = desk.widget("huefill_colors_said").text()
    desk.screenshot("colors")


def docker_state(desk):
    """What the docker shows before the first action."""
    desk.show_docker()
    yield 300
    desk.record["state"] = desk.widget("huefill_state").accessibleName()
    desk.record["backend"] = desk.backend_pid()


def _tips(box):
    from PyQt5.QtCore import Qt

    return {box.itemData(row): box.itemData(row, Qt.ToolTipRole) for row in range(box.count())}


def narrow_docker(desk):
    """At the docker's smallest width: which labels are cut off."""
    desk.open("parrots.png")
    desk.show_docker()
    desk.docker.setFloating(True)
    desk.trigger(REMOVE)
    yield from desk.until_done(20)
    desk.docker.resize(desk.docker.minimumSizeHint().width(), 760)
    yield 500
    desk.record["width"] = desk.docker.width()
    desk.record["cut"] = [widget.text() for widget in _texts(desk.docker) if widget.isVisible() and _is_cut(widget)]
    desk.docker.grab().save(str(desk.out / f"{desk.name}.png"))
    desk.docker.setFloating(False)
    yield 300


def _texts(docker):
    return docker.widget().findChildren(QLabel) + docker.widget().findChildren(QPushButton)


def _is_cut(widget):
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.heightForWidth(widget.width()) > widget.height() + 1
    return widget.sizeHint().width() > widget.width() + 1


def report(desk):
    """The text on the clipboard, after a sentence that names a layer, with a backend whose token could be in it."""
    document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
    desk.show_docker()
    desk.select(document, *_square("small"))
    desk.trigger(REMOVE)
    yield from desk.until_done()
    document.topLevelNodes()[-1].setName("beach at home")
    document.topLevelNodes()[-1].setLocked(True)
    document.setActiveNode(document.topLevelNodes()[-1])
    yield 300
    desk.trigger(REMOVE)
    yield from desk.until_done()
    QApplication.clipboard().clear()
    desk.widget("huefill_report").trigger()
    yield from desk.until(lambda: "Huefill plugin" in QApplication.clipboard().text(), 15, "the report")
    desk.record["text"] = QApplication.clipboard().text()
    desk.record["token"] = desk.token()


def same_backend(desk):
    """Two runs, one backend, and what the docker offers once the backend has named the networks."""
    pids = []
    for _ in range(2):
        document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
        desk.select(document, *_square("small"))
        desk.trigger(REMOVE)
        yield from desk.until_done()
        pids.append(desk.backend_pid())
    desk.record["pids"] = pids
    boxes = {name: desk.docker.findChild(QComboBox, f"huefill_{name}") for name in ("engine", "preset")}
    yield from desk.until(lambda: boxes["engine"].count() > 2, 15, "the installed networks among the engines")
    desk.record["tips"] = {name: _tips(box) for name, box in boxes.items()}


def choices_are_kept(desk):
    desk.show_docker()
    box = desk.docker.findChild(QComboBox, "huefill_engine")
    box.setCurrentIndex(box.findData("patch"))
    box.activated.emit(box.currentIndex())
    yield 200
    desk.record["chosen"] = box.currentData()


def last_choices(desk):
    desk.show_docker()
    yield 200
    desk.record["chosen"] = desk.docker.findChild(QComboBox, "huefill_engine").currentData()


def readme_picture(desk):
    """The README's screenshot: a bundled photo, its selection, the layer, the docker, and nothing that distracts."""
    from PyQt5.QtGui import QImage

    from krita import Krita, Selection

    window = Krita.instance().activeWindow()
    window.qwindow().showMaximized()
    document = desk.open("jetty.jpg")
    mask = QImage(str(PHOTOS / "jetty-mask.png")).convertToFormat(QImage.Format_Grayscale8)
    bits = mask.constBits()
    bits.setsize(mask.sizeInBytes())
    whole, line = bytes(bits), mask.bytesPerLine()
    rows = b"".join(whole[row * line : row * line + mask.width()] for row in range(mask.height()))
    selection = Selection()
    selection.setPixelData(rows, 0, 0, mask.width(), mask.height())
    document.setSelection(selection)
    desk.show_docker()
    yield 500
    for docker in desk.krita.dockers():
        if docker.objectName() not in ("KisLayerBox", "ToolBox", desk.docker.objectName()):
            docker.setVisible(False)
    yield 500
    steps = desk.history()
    desk.trigger(REMOVE)
    yield from desk.until_done()
    document.waitForDone()
    yield 6000  # until Krita's floating message has gone
    desk.record["steps"] = desk.history() - steps
    desk.screenshot("done")


def tooltip(desk):
    """What the dot in the strip says of the backend, after a run."""
    document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
    desk.show_docker()
    desk.select(document, *_square("small"))
    desk.trigger(REMOVE)
    yield from desk.until_done()
    state = desk.widget("huefill_state")
    yield from desk.until(lambda: "process" in state.toolTip(), 15, "what the backend says of itself")
    desk.record["tooltip"] = state.toolTip()


def again(desk):
    """The results' buttons: one of a removal, one of a coloring."""
    from huefill_krita.panels import ResultsPanel
    from huefill_krita.qt import QObject, Signal
    from huefill_krita.run import Order, Past

    from huefill_client.color_hints import Hints
    from huefill_client.requests import How
    from huefill_client.settings import Settings
    from huefill_protocol.actions import ACTIONS, COLORIZE

    class Model(QObject):
        history_changed = Signal()
        progress_changed = Signal()
        progress = None

        class backend:
            engines = ()

        def __init__(self):
            super().__init__()
            self.asked = []

        def compare(self, past, before):
            self.asked.append([past.command.id, before])

        def again(self, past, new_seed):
            self.asked.append([past.command.id, new_seed])

    model = Model()
    orders = [Order(action, Settings()) for action in ACTIONS]
    # Anchors that were taken say it all; those that were proposed are others with another seed.
    orders += [Order(COLORIZE, Settings(), colors=Hints(how=How("anchors", anchored=taken))) for taken in (True, False)]
    desk.record["seeds"] = [order.seeded(7).colors.how.seed for order in orders[-2:]]
    model.history = [Past(order, {}, {}, 1.0, "photo", "layer") for order in orders]
    panel = ResultsPanel(model)
    buttons = panel.findChildren(QToolButton, "huefill_again")
    for button in buttons:
        button.click()
    desk.record["asked"] = model.asked
    desk.record["menus"] = [[entry.text() for entry in button.menu().actions()] if button.menu() else [] for button in buttons]
    yield 50


def unforeseen(desk):
    """An error that nobody foresaw while the photo is read."""
    import huefill_krita.document as adapter

    document = desk.open(os.environ["HUEFILL_TEST_SMALL"])
    desk.show_docker()
    desk.select(document, *_square("small"))
    right = adapter.find_source

    def wrong(document, _sample):
        raise RuntimeError(f"no way with “{document.name()}” in {document.fileName()}")

    adapter.find_source = wrong
    try:
        desk.trigger(REMOVE)
        yield from desk.until_done()
    finally:
        adapter.find_source = right
    desk.record["file"] = document.fileName()


def buttons(desk):
    """The docker's buttons, the menu, and what a click on a button does: what the menu entry does."""
    desk.show_docker()
    found = [button for button in desk.docker.findChildren(QPushButton) if button.objectName().endswith("_button")]
    desk.record["buttons"] = [button.text() for button in found]
    box = desk.widget("huefill_colors_action")
    desk.record["colors"] = [box.itemText(row) for row in range(box.count())]
    desk.record["menu"] = desk.menu_texts()
    desk.record["tips"] = [desk.krita.action(button.objectName()[: -len("_button")]).toolTip() for button in found]
    yield from desk.until(lambda: desk.krita.activeDocument() is None, 10, "closing all documents")
    found[0].click()
    yield 300
    desk.record["said"] = desk.said()
