"""pip, run inside the environment, with what it says boiled down for a person."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from installer.console import say
from installer.errors import InstallerError

SHOWN = re.compile(r"\s*(Downloading|Processing|Installing collected packages|Using cached torch|WARNING: Retrying|Resuming)")
NO_BUILD = r"No matching distribution found for (?P<what>\S+)"
# The first that matches pip's output is what a person is told.
EXPLAINED = (
    (
        r"No space left on device|not enough space|Errno 28",
        "The disk is full. Make room, then run the same command again: it goes on where it stopped.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "A downloaded file is not the one that the lock names: it may be damaged, or another build. Run the command again; "
        "if it is your own build of torch, add it with: python3 installer lock --torch-build WHEEL",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|certificate verify failed",
        "The package index's certificate is not trusted here. Behind a company's proxy, give pip that proxy's certificate (PIP_CERT=FILE).",
    ),
    (
        r"[Nn]ame ?[Rr]esolution|getaddrinfo|NewConnectionError|timed out|Timeout|Max retries|ConnectionReset|ProxyError",
        "The package index cannot be reached. Check the network and run the same command again: it goes on where it stopped. "
        "Without a network, give a folder of wheels: --wheels DIR --offline.",
    ),
    (
        NO_BUILD,
        "There is no build of {what} for this Python and system (Python 3.10 to 3.14 have one on the usual ones), "
        "or the package index is out of reach.",
    ),
    (r"Permission denied: '(?P<what>[^']+)'", "{what} may not be written. Choose another place for the environment: HUEFILL_ENV=DIR."),
)


class NoSuchBuild(InstallerError):
    """No file of the lock suits this Python and system."""


@dataclass(frozen=True)
class Sources:
    """Where packages come from, beside what pip is configured with: a folder of wheels, another index, or that folder alone."""

    wheels: Path | None = None
    index: str | None = None
    offline: bool = False

    def arguments(self) -> list[str]:
        given = [f"--find-links={self.wheels}"] if self.wheels else []
        given += [f"--extra-index-url={self.index}"] if self.index else []
        return given + (["--no-index"] if self.offline else [])


@dataclass(frozen=True)
class Pip:
    """``log`` receives everything pip says."""

    python: Path
    log: Path
    sources: Sources = field(default_factory=Sources)

    def install(self, *arguments: str) -> None:
        """Install wheels alone: nothing is compiled, nothing of a package runs."""
        self.run("install", "--no-input", "--progress-bar=off", "--only-binary=:all:", *self.sources.arguments(), *arguments)

    def run(self, *arguments: str) -> None:
        command = [str(self.python), "-I", "-m", "pip", *arguments, "--disable-pip-version-check"]
        lines = []
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"\n$ {' '.join(command)}\n")
            process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                env=clean_environment(),
            )
            assert process.stdout is not None
            for line in process.stdout:
                log.write(line)
                lines.append(line)
                if SHOWN.match(line):
                    say("    " + _short(line.strip()))
            status = process.wait()
        if status != 0:
            raise explain(lines, f" (All that pip said: {self.log})")


def explain(lines: Sequence[str], more: str = "") -> InstallerError:
    """The sentence for a failed pip, by what it said."""
    text = "".join(lines)
    for pattern, sentence in EXPLAINED:
        if found := re.search(pattern, text):
            kind = NoSuchBuild if pattern == NO_BUILD else InstallerError
            return kind(sentence.format(**found.groupdict()) + more)
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    return InstallerError(f"pip could not do it: {errors[-1] if errors else (lines[-1].strip() if lines else 'it said nothing')}{more}")


def clean_environment() -> dict[str, str]:
    """The caller's environment without what would mix another Python's packages into this one."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX")}
    return kept | {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PYTHONNOUSERSITE": "1", "PYTHONUTF8": "1"}


def _short(line: str) -> str:
    line = re.sub(r" \(from .*", "", re.sub(r"(Downloading|Processing) \S*/", r"\1 ", line))
    return line if len(line) <= 130 else line[:127] + "…"
