"""``huefill serve``: the backend run by hand."""

from __future__ import annotations

from pathlib import Path

import click

from huefill.console import errors_are_sentences


@click.command()
@click.option("--endpoint", type=click.Path(path_type=Path), help="Where to write the endpoint file (default: this user's own).")
@click.option("--keep/--linger", default=True, help="Stay when the last client has gone, or leave as a managed backend does.")
def serve(endpoint: Path | None, keep: bool) -> None:
    """Run the backend by hand: loopback only, for the editors of this user."""
    with errors_are_sentences():
        from huefill.server.serve import run

        run(endpoint=endpoint, managed=not keep)
