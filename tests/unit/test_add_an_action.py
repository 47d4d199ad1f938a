"""docs/add-an-action.md to the letter: its row and its task file, put into a copy, are known everywhere that an action is to be known."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/add-an-action.md").read_text("utf-8")
ROW, TASK = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
PARTS = ("backend", "plugin", "installer", "models", "README.md")

# Stand-ins for the editors, enough for the modules that make the menus.
STUBS = """
import json, sys, types

def module(name, **members):
    made = types.ModuleType(name)
    made.__dict__.update(members)
    sys.modules[name] = made
    return made

class Anything:
    def __init__(self, *_): pass
    def __getattr__(self, name): return Anything()
    def __call__(self, *_, **__): return Anything()
    def __mro_entries__(self, bases): return (object,)
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Huefill with the page's action added."""
    folder = tmp_path_factory.mktemp("huefill")
    for part in PARTS:
        source, target = ROOT / part, folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "weights"))
        else:
            shutil.copy(source, target)
    table = folder / "plugin/huefill_protocol/actions.py"
    before, tuple_of_actions, after = table.read_text("utf-8").partition("\nACTIONS = (")
    table.write_text(f"{before}\n{ROW}\n{tuple_of_actions}DEVELOP_NEGATIVE, {after}", "utf-8")
    (folder / "backend/huefill/tasks/develop_negative.py").write_text(TASK, "utf-8")
    return folder


def run(copy: Path, code: str) -> str:
    places = [copy / name for name in ("backend", "plugin", "models", "plugin/krita", "plugin/gimp/huefill", ".")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places)), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", code], cwd=copy, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_backend_knows_the_task_and_runs_it(copy: Path) -> None:
    code = """
import numpy as np
from huefill.tasks import registry
from huefill.tasks.contract import Context
assert registry.__file__.startswith({copy!r})
kind, run = registry.load("develop_negative")
layer = run(kind(np.full((2, 3, 3), 55, np.uint8), strength=1.0), Context()).layers[0]
print(layer.pixels[0, 0].tolist(), layer.pixels.shape)
"""
    assert run(copy, code.replace("{copy!r}", repr(str(copy)))).strip() == "[200, 200, 200, 255] (2, 3, 4)"


def test_the_shell_has_a_command_for_it_with_its_option(copy: Path, tmp_path: Path) -> None:
    Image.new("RGB", (4, 3), (55, 55, 55)).save(copy / "photo.png")
    code = "import sys; sys.argv[1:] = {!r}; from huefill.cli import main; main()"
    said = run(copy, code.format(["develop", "photo.png", "-o", "out.png", "--strength", "0.5", "--json"]))
    assert json.loads(said)["recipe"]["request"]["strength"] == 0.5
    assert Image.open(copy / "out.png").getpixel((0, 0)) == (128, 128, 128)
    run(copy, code.format(["develop", "photo.png", "-o", "out2.png"]))
    assert Image.open(copy / "out2.png").getpixel((0, 0)) == (200, 200, 200)
    assert "develop" in run(copy, code.format(["--help"]))


def test_krita_has_a_menu_entry_for_it(copy: Path) -> None:
    code = f"""{STUBS}
module("krita", Extension=type("Extension", (), {{}}), Krita=Anything(), DockWidget=object, DockWidgetFactory=Anything(),
       DockWidgetFactoryBase=Anything())
from huefill_protocol.actions import offered
from installer import generated
generated.run()
print(json.dumps([action.id for action in offered("krita")]))
"""
    assert "develop_negative" in json.loads(run(copy, code).splitlines()[-1])
    assert 'name="huefill_develop_negative"' in (copy / "plugin/krita/huefill_krita.action").read_text("utf-8")
    assert 'id="huefill_develop_negative"' in (copy / "plugin/krita/huefill_krita/Manual.html").read_text("utf-8")
    assert "Develop Negative" in (copy / "plugin/krita/huefill_krita.desktop").read_text("utf-8")
    assert "`huefill develop`" in (copy / "README.md").read_text("utf-8")


def test_gimp_has_a_procedure_for_it_with_its_argument(copy: Path) -> None:
    code = f"""{STUBS}
arguments = []

class Procedure(Anything):
    def __getattr__(self, name):
        return lambda *given: arguments.append([name, *(str(item) for item in given)])

class ImageProcedure:
    new = staticmethod(lambda *_: Procedure())

gimp = Anything()
gimp.__dict__.update(ImageProcedure=ImageProcedure)
module("gi", require_version=lambda *_: None)
module("gi.repository", **{{name: gimp for name in ("Gimp", "GLib", "GObject", "Gegl", "Babl", "Gio")}})
from huefill_gimp import procedures
assert "huefill-develop-negative" in procedures.PROCEDURES
procedures.create(None, "huefill-develop-negative")
print(json.dumps(arguments))
"""
    said = {name: rest for name, *rest in json.loads(run(copy, code).splitlines()[-1])}
    assert said["set_menu_label"] == ["Huefill: Develop Negative…"]
    assert said["add_menu_path"] == ["<Image>/Colors"]
    assert said["add_double_argument"][:2] == ["strength", "_Strength"]
    assert said["set_documentation"][0] == "Turn the scan of a negative into a positive."


def test_the_page_follows_the_rules_of_the_house() -> None:
    for text in (ROW, TASK):
        assert max(map(len, text.splitlines())) <= 140
    compile(TASK, "develop_negative.py", "exec")
