"""``huefill models``: what networks there are, whether they are whole, published checkpoints brought in."""

from __future__ import annotations

from pathlib import Path

import click

from huefill.console import errors_are_sentences, print_json
from huefill.errors import HuefillError
from huefill.runtime.store import Card, drop_in_folder, model_store

_PATH = click.Path(path_type=Path)


@click.group()
def models() -> None:
    """The networks on this computer."""


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_(as_json: bool) -> None:
    """Every network, what it does and how large it is."""
    with errors_are_sentences():
        cards = sorted(model_store().catalogue().values(), key=lambda card: (card.task, card.name))
        if as_json:
            print_json({"models": [_summary(card) for card in cards], "folder": str(drop_in_folder())})
            return
        for card in cards:
            where = "own" if _own(card) else "shipped"
            click.echo(f"{card.name:24} {card.task:16} {card.bytes / 2**20:7.1f} MB  {where:8} {card.facts.get('title', '')}")
        click.echo(f"Networks of your own: {drop_in_folder()}")


@models.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print the whole card.")
def info(name: str, as_json: bool) -> None:
    """What a network takes and gives, where it is from, how well it does."""
    with errors_are_sentences():
        card = model_store().card(name)
        if as_json:
            print_json({**card.facts, "path": str(card.file), "own": _own(card)})
            return
        click.echo(f"{card.name}: {card.facts.get('title', '')}\n  file      {card.file} ({card.bytes / 2**20:.1f} MB)")
        for key in ("task", "licence", "source", "data"):
            click.echo(f"  {key:9} {card.facts.get(key, '–')}")
        for key in ("inputs", "outputs"):
            for item, meaning in dict(card.facts.get(key, {})).items():
                click.echo(f"  {key[:-1]:9} {item}: {meaning}")


@models.command()
@click.argument("names", nargs=-1)
def verify(names: tuple[str, ...]) -> None:
    """Compare networks (all without a NAME) with the checksums of their cards."""
    with errors_are_sentences():
        store = model_store()
        damaged = 0
        for name in names or sorted(store.catalogue()):
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
    """Bring in the published checkpoint FILE of KIND (siggraph17, siggraph_retrained, ideepcolor) as ONNX."""
    with errors_are_sentences():
        from huefill.runtime.importing import import_checkpoint

        made = import_checkpoint(kind, file, output)
        word = {True: "the published file", False: "not the published file, but a network of its kind", None: "a network of its kind"}[
            made.official
        ]
        click.echo(f"{made.file}: {word}; it differs from the original by {made.facts['difference_from_torch']:.1g} at most")
        if output is None:
            click.echo(f"Use it with --model {made.name}, or choose it in the editor.")


@models.command()
@click.argument("name")
def remove(name: str) -> None:
    """Delete a network that was imported or dropped in."""
    with errors_are_sentences():
        from huefill.runtime.importing import remove as remove_from_store

        click.echo(f"{remove_from_store(name)}: removed")


def _own(card: Card) -> bool:
    return drop_in_folder() in card.file.parents


def _summary(card: Card) -> dict[str, object]:
    return {"name": card.name, "task": card.task, "bytes": card.bytes, "title": card.facts.get("title"), "own": _own(card)}
