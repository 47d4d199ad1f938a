"""What is made from the table of actions (`huefill_protocol.actions`) and lies in the repository, so that a plugin folder copied by hand is
whole: Krita's .action file, .desktop file and manual, and the table in the README. ``python3 installer generate`` writes it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from installer import paths
from installer.files import write_whole

paths.use_protocol()

from huefill_protocol.actions import ACTIONS, EDITORS, NEEDS, Action  # noqa: E402

BEGIN, END = "<!-- actions: begin -->", "<!-- actions: end -->"
_KRITA = Path("plugin/krita")
_MENUS = {"tools/scripts": "Tools ▸ Scripts", "": "–"}


def run() -> list[Path]:
    """Write what differs; the files that did."""
    changed = [file for file, text in files().items() if not file.exists() or file.read_text("utf-8") != text]
    for file in changed:
        write_whole(file, files()[file].encode())
    return changed


def files(root: Path = paths.ROOT, actions: Iterable[Action] = ACTIONS) -> dict[Path, str]:
    """Every generated file, with what has to be in it."""
    rows = tuple(actions)
    in_krita = [action for action in rows if action.menu("krita")]
    manual, readme = root / _KRITA / "huefill_krita/Manual.html", root / "README.md"
    return {
        root / _KRITA / "huefill_krita.action": krita_actions(in_krita),
        root / _KRITA / "huefill_krita.desktop": krita_desktop(in_krita),
        manual: between(manual.read_text("utf-8"), manual_table(in_krita)),
        readme: between(readme.read_text("utf-8"), readme_table(rows)),
    }


def krita_actions(actions: Iterable[Action]) -> str:
    """The file that gives Krita's menu entries their texts and makes them known to its shortcut settings."""
    entries = "".join(
        f"""\
    <Action name="{action.key}">
      <icon></icon>
      <text>Huefill: {escape(action.title)}</text>
      <whatsThis>{escape(action.details)}</whatsThis>
      <toolTip>{escape(action.tip)}</toolTip>
      <iconText>{escape(action.title)}</iconText>
      <activationFlags>0</activationFlags>
      <activationConditions>0</activationConditions>
      <shortcut>{action.shortcut}</shortcut>
      <isCheckable>false</isCheckable>
      <statusTip></statusTip>
    </Action>
"""
        for action in actions
    )
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<ActionCollection version="2" name="Scripts">
  <Actions category="Scripts">
    <text>Huefill</text>
{entries}  </Actions>
</ActionCollection>
"""


def krita_desktop(actions: Iterable[Action]) -> str:
    """The file by which Krita's Plugin Manager knows the plugin."""
    titles = [action.title for action in actions]
    return f"""\
[Desktop Entry]
Type=Service
ServiceTypes=Krita/PythonPlugin
X-KDE-Library=huefill_krita
X-Python-2-Compatible=false
X-Krita-Manual=Manual.html
Name=Huefill
Comment={", ".join(titles[:-1])} and {titles[-1]}; the work is done on this computer.
"""


def manual_table(actions: Iterable[Action]) -> str:
    """A row for each action, with its id: the plugin's fallback reads its menu entries here if all else is missing."""
    rows = (
        f'<tr id="{action.key}"><td>Huefill: {escape(action.title)}</td><td>{" ".join(escape(NEEDS[need]) for need in action.needs)}'
        f"</td>\n<td>{escape(action.details)}</td></tr>"
        for action in actions
    )
    head = "<tr><th>Action</th><th>Before</th><th>What it does</th></tr>"
    return "\n".join(['<table border="1" cellpadding="6" cellspacing="0">', head, *rows, "</table>"])


def readme_table(actions: Iterable[Action]) -> str:
    """What each action does and where it is, for the editors' users and for the shell."""
    rows = (_readme_row(action) for action in actions if action.menus)
    return "\n".join(["| action | what it does | in Krita | in GIMP 3 | key | in a shell |", "|---|---|---|---|---|---|", *rows])


def _readme_row(action: Action) -> str:
    cells = (f"**{action.title}**", action.tip, *(_menu(action, editor) for editor in EDITORS), action.shortcut or "–", _command(action))
    return f"| {' | '.join(cells)} |"


def between(text: str, table: str) -> str:
    """``text`` with ``table`` between its two marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def _command(action: Action) -> str:
    return f"`huefill {action.command}`" if action.command else "–"


def _menu(action: Action, editor: str) -> str:
    place = action.menu(editor)
    return _MENUS.get(place) or place.removeprefix("<Image>/").replace("/", " ▸ ")
