"""``huefill models``: what networks there are, whether they are whole, published checkpoints brought in."""

from __future__ import annotations

from pathlib import Path

import click

from huefill.console import errors_are_sentences, print_json
from huefill.errors import HuefillError
from huefill.runtime.store import Card, model_store
from huefill_protocol.locations import models_folder

_PATH = click.Path(path_type=Path)
# By which option of which commands a network of each role is chosen.
_OPTIONS = {"inpainting": "--engine", "hints": "--model", "anchors": "--model"}


@click.group()
def models() -> None:
    """The networks on this computer."""


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_(as_json: bool) -> None:
    """Every network, what it does and how large it is."""
    with errors_are_sentences():
        store = model_store()
        cards = sorted(store.cards(), key=lambda card: (card.role, card.name))
        damaged = [error.message for error in store.damaged()]
        if as_json:
            print_json({"models": [_summary(card) for card in cards], "damaged": damaged, "folder": str(models_folder())})
            return
        for card in cards:
            where = "own" if _own(card) else "shipped"
            click.echo(f"{card.name:24} {card.role:16} {card.bytes / 2**20:7.1f} MB  {where:8} {card.title}")
        for message in damaged:
            click.echo(f"Cannot be used: {message}")
        click.echo(f"Networks of your own: {models_folder()}")


@models.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print the whole card.")
def info(name: str, as_json: bool) -> None:
    """What a network takes and gives, where it is from, how well it does."""
    with errors_are_sentences():
        card = model_store().card(name)
        if as_json:
            print_json({**card.facts, "folder": str(card.folder), "own": _own(card)})
            return
        click.echo(f"{card.name}: {card.title}")
        for part, described in card.files.items():
            click.echo(f"  {part:9} {card.file(part)} ({described.bytes / 2**20:.1f} MB)")
        for key in ("role", "licence", "source", "data"):
            click.echo(f"  {key:9} {card.facts.get(key, '–')}")
        for word, items in (("takes", card.inputs), ("gives", card.outputs)):
            for item, meaning in items.items():
                click.echo(f"  {word:9} {item}: {_in_words(meaning)}")


@models.command()
@click.argument("names", nargs=-1)
def verify(names: tuple[str, ...]) -> None:
    """Compare networks (all without a NAME) with the checksums of their cards."""
    with errors_are_sentences():
        store = model_store()
        damaged = 0
        if not names:
            for broken in store.damaged():
                damaged += 1
                click.echo(str(broken), err=True)
        for name in names or [card.name for card in store.cards()]:
            try:
                store.verify(store.card(name))
                click.echo(f"{name}: whole")
            except HuefillError as error:
                damaged += 1
                click.echo(f"{name}: {error}", err=True)
        if damaged:
            raise HuefillError("damaged_model", f"{damaged} of the networks cannot be used, see above.")


@models.command("import")
@click.argument("kind")
@click.argument("file", type=_PATH)
@click.option("-o", "--output", type=_PATH, help="Write the ONNX file here instead of into the store.")
def import_(kind: str, file: Path, output: Path | None) -> None:
    """Bring in the published checkpoint FILE of KIND as ONNX (`huefill models kinds` lists the kinds)."""
    with errors_are_sentences():
        from huefill.runtime.importing import import_checkpoint

        made = import_checkpoint(kind, file, output)
        word = {True: "the published file", False: "not the published file, but a network of its kind", None: "a network of its kind"}[
            made.official
        ]
        click.echo(f"{made.file}: {word}; it differs from the original by {made.card.facts['difference_from_torch']:.1g} at most")
        if output is None and made.card.role in _OPTIONS:
            click.echo(f"Use it with {_OPTIONS[made.card.role]} {made.card.name}, or choose it in the editor.")


@models.command()
def kinds() -> None:
    """The published checkpoints that can be brought in."""
    with errors_are_sentences():
        from huefill.runtime.importing import known

        for name, title in known().items():
            click.echo(f"{name:24} {title}")


@models.command()
@click.argument("name")
def remove(name: str) -> None:
    """Delete a network that was imported or dropped in."""
    with errors_are_sentences():
        from huefill.runtime.importing import remove as remove_from_store

        click.echo(f"{remove_from_store(name)}: removed")


def _own(card: Card) -> bool:
    return models_folder() in card.folder.parents


def _in_words(meaning: object) -> object:
    """A tensor as a card describes it, on one line."""
    return ", ".join(f"{key} {value}" for key, value in meaning.items()) if isinstance(meaning, dict) else meaning


def _summary(card: Card) -> dict[str, object]:
    return {"name": card.name, "role": card.role, "bytes": card.bytes, "title": card.title, "own": _own(card)}
