"""The commands of ``python3 installer``."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from installer import environment, paths
from installer.console import say
from installer.errors import InstallerError
from installer.pip import Sources, clean_environment


def main(arguments: Sequence[str]) -> int:
    try:
        return _dispatch(list(arguments))
    except InstallerError as problem:
        print(f"huefill installer: {problem}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again: it goes on where it stopped.", file=sys.stderr, flush=True)
        return 130


def _dispatch(arguments: list[str]) -> int:
    # Everything after these words belongs to the program that is run, options included.
    if arguments[:1] == ["huefill"]:
        return huefill(arguments[1:], _sources(_parser().parse_args(["huefill"])))
    given, rest = _parser().parse_known_args(arguments)
    if rest and given.command != "test":
        _parser().error(f"unknown: {' '.join(rest)}")
    sources = _sources(given)
    if given.command == "test":
        from installer import testing

        return testing.run(rest, sources)
    if given.command == "demo":
        from installer import demo

        return demo.run(sources)
    if given.command == "krita":
        from installer import krita

        return krita.command(given.home, uninstall=given.uninstall, sources=sources)
    if given.command == "gimp":
        from installer import gimp

        return gimp.command(given.home, uninstall=given.uninstall, sources=sources)
    if given.command == "doctor":
        from installer import doctor

        return doctor.run(given.home)
    if given.command == "generate":
        from installer import generated

        changed = generated.run()
        say("\n".join(f"Written: {file}" for file in changed) or "Everything was as the table of actions says.")
        return 0
    if given.command == "lock":
        from installer import relock

        if given.torch_build:
            relock.add_torch_build(given.torch_build)
        else:
            relock.relock(newest=given.newest)
        return 0
    say(f"Ready: {environment.prepare(sources)}")
    return 0


def huefill(arguments: list[str], sources: Sources) -> int:
    """Run the command line in its environment, in the caller's folder; its exit status is ours."""
    program = str(paths.beside(environment.prepare(sources), "huefill"))
    if sys.platform == "win32":  # there, replacing this process would give the shell its prompt back too early
        return subprocess.run([program, *arguments], env=clean_environment(), check=False).returncode
    os.execve(program, [program, *arguments], clean_environment())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 installer", description="Huefill: install, try, test.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument(
        "--wheels", type=Path, metavar="DIR", default=_named("HUEFILL_WHEELS"), help="a folder of wheels to install from as well"
    )
    where.add_argument(
        "--index", metavar="URL", default=os.environ.get("HUEFILL_INDEX"), help="another package index to install from as well"
    )
    where.add_argument("--offline", action="store_true", help="install from --wheels alone")
    home = argparse.ArgumentParser(add_help=False)
    home.add_argument("--home", type=Path, metavar="DIR", help="the home folder that the editor uses, if it is not yours")
    commands.add_parser("demo", parents=[where], help="make the environment and run everything on the bundled photos")
    commands.add_parser("test", parents=[where], help="install what the tests need and run them; other arguments go to pytest")
    commands.add_parser("huefill", parents=[where], help="run the command line: python3 installer huefill remove --help")
    krita = commands.add_parser("krita", parents=[where, home], help="put the plugin into Krita and enable it")
    krita.add_argument("--uninstall", action="store_true", help="take it out again")
    gimp = commands.add_parser("gimp", parents=[where, home], help="put the plug-in into GIMP 3")
    gimp.add_argument("--uninstall", action="store_true", help="take it out again")
    commands.add_parser("doctor", parents=[home], help="say why something does not work")
    commands.add_parser("environment", parents=[where], help="only make the environment")
    commands.add_parser("generate", help="for contributors: write what is made from the table of actions")
    lock = commands.add_parser("lock", help="for maintainers: make the lock files anew (needs uv)")
    lock.add_argument("--newest", action="store_true", help="take the newest version of everything, not only of what is new")
    lock.add_argument("--torch-build", type=Path, metavar="WHEEL", help="only add the hash of a CPU build that the package index lacks")
    return parser


def _sources(given: argparse.Namespace) -> Sources:
    if "wheels" not in given:
        return Sources()
    if given.wheels and not given.wheels.is_dir():
        raise InstallerError(f"There is no folder of wheels at {given.wheels}.")
    if given.offline and not given.wheels:
        raise InstallerError("--offline installs from a folder of wheels: name it with --wheels DIR.")
    return Sources(given.wheels.absolute() if given.wheels else None, given.index, given.offline)


def _named(variable: str) -> Path | None:
    value = os.environ.get(variable)
    return Path(value) if value else None
