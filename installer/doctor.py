"""``python3 installer doctor``: why Huefill may be missing from a menu or not answer; each line a state and what to do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from installer import builds, environment, gimp, gimp_places, hardware, krita, krita_places, paths, system_packages
from installer.console import seconds, tell
from installer.pip import clean_environment

# A finding: is it well, what is so, and what to do if it is not.
Finding = tuple[bool, str, str]


def run(home: Path | None) -> int:
    """The exit status is 1 if anything is wrong."""
    kritas = [krita_places.under_home(home.absolute())] if home else krita_places.find()
    gimps = [place for place in gimp_places.under_home(home.absolute()) if place.profile.is_dir()] if home else gimp_places.find()
    wrong = 0
    for well, state, remedy in findings(kritas, gimps):
        tell(f"{'ok  ' if well else 'FAIL'}  {state}" + ("" if well or not remedy else f"\n       -> {remedy}"))
        wrong += not well
    tell("No problems found." if not wrong else f"{wrong} {'problem' if wrong == 1 else 'problems'} found.")
    return 1 if wrong else 0


def findings(kritas: list[krita_places.Place], gimps: list[gimp_places.Place]) -> Iterator[Finding]:
    if not kritas and not gimps:
        yield False, "neither Krita nor GIMP 3 was found", "Install one, or start it once if you have it; --home DIR names another home."
    for krita_place in kritas:
        yield from _krita(krita_place)
    for gimp_place in gimps:
        yield from _gimp(gimp_place)
    whole = environment.is_whole(builds.current(), _wanted())
    yield (
        whole,
        f"environment {builds.current()}{'' if whole else ': not made, unfinished or out of date'}",
        "python3 installer environment",
    )
    if whole:
        yield _backend()
        yield _graphics()


def _krita(place: krita_places.Place) -> Iterator[Finding]:
    yield True, f"Krita ({place.kind}): {place.program or 'started before, its program was not found'}{_version(place)}", ""
    if place.program == Path("/usr/bin/krita") and system_packages.uses_apt():
        lacking = system_packages.missing(["python3-pyqt5"])
        yield not lacking, "PyQt5, without which Krita has no Python plugins", "sudo apt-get install python3-pyqt5"
        first = shutil.which("python3")
        if first not in (None, "/usr/bin/python3", "/bin/python3"):
            # The Python inside Krita takes its modules from the first python3 on the PATH.
            yield (
                True,
                f"note: started from this terminal, Krita would have no Python plugins, because of {first}; start it from the menu",
                "",
            )
    yield from _plugin(place, krita.faults(place), "krita", "Krita")


def _gimp(place: gimp_places.Place) -> Iterator[Finding]:
    yield True, f"GIMP ({place.kind}, profile {place.profile.name}): {place.program or 'started before, its program was not found'}", ""
    yield from _plugin(place, gimp.faults(place), "gimp", "GIMP")


def _plugin(place: krita_places.Place | gimp_places.Place, wrong: list[str], command: str, editor: str) -> Iterator[Finding]:
    more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
    yield (
        not wrong,
        f"plugin in {place.plugin}" + (f": {wrong[0]}{more}" if wrong else ", whole"),
        f"python3 installer {command}, then start {editor} anew",
    )
    if place.environment_file.is_file():
        program = _started_program(place.environment_file)
        yield os.path.isfile(program), f"the plugin starts the backend with {program or 'nothing'}", f"python3 installer {command}"
    if place.remark:
        yield False, f"{editor} ({place.kind}) is sandboxed", place.remark


def _started_program(environment_file: Path) -> str:
    try:
        return str(json.loads(environment_file.read_text(encoding="utf-8"))["python"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _version(place: krita_places.Place) -> str:
    if place.program == Path("/usr/bin/krita") and shutil.which("dpkg-query"):
        asked = subprocess.run(["dpkg-query", "--show", "--showformat=${Version}", "krita"], capture_output=True, text=True, check=False)
        return f", version {asked.stdout}" if asked.returncode == 0 else ""
    return ""


def _wanted() -> dict[str, str]:
    wanted = environment.fingerprints(hardware.accelerator())
    del wanted["test"]
    return wanted


def _backend() -> Finding:
    """Starts a backend of its own, beside one that may be running, asks it who it is, and ends it."""
    python = str(paths.python(builds.current()))
    with tempfile.TemporaryDirectory() as scratch:
        endpoint, log = Path(scratch) / "endpoint.json", Path(scratch) / "backend.log"
        command = [python, "-m", "huefill.server", "--managed", "--endpoint", str(endpoint), "--log", str(log)]
        begin = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=clean_environment())
        try:
            while not endpoint.exists() and process.poll() is None and time.monotonic() - begin < 60:
                time.sleep(0.05)
            answer = _ping(json.loads(endpoint.read_text(encoding="utf-8"))["port"])
            return True, f"the backend {answer['huefill']} starts and answers, in {seconds(time.monotonic() - begin)}", ""
        except (OSError, ValueError, KeyError) as problem:
            process.kill()
            said = (process.communicate()[0] or "").strip().splitlines()
            return (
                False,
                f"the backend does not start: {said[-1] if said else problem}",
                "python3 installer environment; if that changes nothing, report it",
            )
        finally:
            process.terminate()
            process.communicate()


def _ping(port: int) -> dict[str, str]:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"http://127.0.0.1:{port}/v1/ping", timeout=10) as answer:
        told = json.loads(answer.read())
    return {str(name): str(value) for name, value in told.items()}


def _graphics() -> Finding:
    build = environment.read_stamp(builds.current()).get("torch", "cpu")
    if hardware.accelerator() == "cpu":
        return True, "no NVIDIA driver that can be used: everything runs on the processor", ""
    python = str(paths.python(builds.current()))
    code = "import torch; print(torch.cuda.get_device_name() if torch.cuda.is_available() else '')"
    name = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, env=clean_environment(), check=False).stdout.strip()
    return (
        bool(name),
        f"graphics card {name or 'not usable'} (torch built for {build})",
        "Update the NVIDIA driver; until then the processor does the work.",
    )
