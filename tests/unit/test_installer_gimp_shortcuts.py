"""Keys are proposed to GIMP once, where they are free; what a person has chosen is never touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from huefill_protocol.actions import offered
from installer import gimp_shortcuts
from installer.gimp_shortcuts import FILE, accelerator, keys_in, plain, propose, withdraw

BRUSH = "huefill-remove-by-brush"
OURS = '(action "huefill-remove-by-brush" "<Primary><Alt>b")'


def shortcuts(profile: Path) -> str:
    return (profile / FILE).read_text("utf-8")


def test_every_action_of_gimp_is_given_its_key(tmp_path: Path) -> None:
    propose(tmp_path)
    text = shortcuts(tmp_path)
    assert text.startswith("(file-version 1)\n")
    assert keys_in(text) == {plain(accelerator(action.shortcut)): {gimp_shortcuts.name_of(action)} for action in offered("gimp")}


@pytest.mark.parametrize(
    "own",
    [
        '(action "huefill-remove-by-brush" "<Primary>F7")',  # another key for it
        '(action "huefill-remove-by-brush")',  # none
        '(action "edit-fill" "<Alt><Control>B")',  # the key for something else
        '# (action "new-in-gimp" "<Primary><Alt>b")',  # GIMP's own key
    ],
)
def test_what_a_person_or_gimp_itself_has_chosen_stays(tmp_path: Path, own: str) -> None:
    before = f"# GIMP shortcutsrc\n(file-version 1)\n{own}\n"
    (tmp_path / FILE).write_text(before, "utf-8")
    propose(tmp_path)
    text = shortcuts(tmp_path)
    assert text.startswith(before) and OURS not in text
    assert '(action "huefill-remove-object" "<Primary><Alt>x")' in text


def test_a_key_that_was_taken_away_is_not_proposed_again(tmp_path: Path) -> None:
    propose(tmp_path)
    # As GIMP writes it for an action that has no key and had none from GIMP.
    (tmp_path / FILE).write_text(shortcuts(tmp_path).replace(OURS, f'# (action "{BRUSH}")'), "utf-8")
    before = shortcuts(tmp_path)
    propose(tmp_path)
    assert shortcuts(tmp_path) == before


def test_to_take_the_plug_in_out_takes_only_our_proposals_along(tmp_path: Path) -> None:
    propose(tmp_path)
    withdraw(tmp_path)
    assert list(tmp_path.iterdir()) == []
    own = '(file-version 1)\n(action "huefill-remove-by-brush" "<Primary>F7")\n(action "edit-fill" "<Primary>b")\n'
    (tmp_path / FILE).write_text(own, "utf-8")
    propose(tmp_path)
    withdraw(tmp_path)
    assert shortcuts(tmp_path) == own
