"""Ctrl+C and errors of every kind: one true sentence, an exit status, never a traceback."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.command import PHOTOS, huefill, start


def terminal() -> tuple[int, int]:
    """Both ends of a terminal of 120 columns."""
    master, end = pty.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    return master, end


@pytest.fixture
def small(tmp_path: Path) -> Path:
    photo = Image.open(PHOTOS / "parrots.png").resize((120, 80))
    photo.save(tmp_path / "photo.png")
    photo.convert("L").save(tmp_path / "gray.png")
    mask = np.zeros((80, 120), np.uint8)
    mask[30:44, 50:70] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    return tmp_path


def test_stopping_a_folder_tells_what_is_done_and_what_is_left(small: Path) -> None:
    (small / "in").mkdir()
    for number in range(12):
        Image.open(PHOTOS / "parrots.png").convert("L").save(small / "in" / f"{number:02}.png")
    process = start("colorize", small / "in", "-o", small / "out", "--json")
    assert process.stdout is not None
    first = json.loads(process.stdout.readline())
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    found = re.fullmatch(r"huefill: Stopped: (\d+) photos? (?:is|are) done, (\d+) (?:is|are) left\.\n", said)
    assert found, said
    done, left = map(int, found.groups())
    assert done == len(list((small / "out").glob("*.png"))) and done + left == 12 and 1 <= done < 12
    assert Path(first["output"]).is_file()
    assert not [path for path in (small / "out").iterdir() if path.suffix != ".png"]


def test_stopping_one_photo_says_that_nothing_was_written(small: Path) -> None:
    master, end = terminal()
    command = [sys.executable, "-m", "huefill.cli", "remove", "photo.png", "--mask", "mask.png", "-o", "out.png", "--preset", "best"]
    process = subprocess.Popen(command, cwd=small, stderr=end, stdout=subprocess.DEVNULL)
    os.close(end)
    shown = b""
    while b"%" not in shown:  # the bar is there: the task runs
        shown += os.read(master, 4096)
    process.send_signal(signal.SIGINT)
    while b"written" not in shown:
        shown += os.read(master, 4096)
    process.wait(timeout=120)
    os.close(master)
    # Where Ctrl+C meets a library that is loading, Python ends itself by the signal afterwards: to a shell that is 130, too.
    assert process.returncode in (130, -signal.SIGINT)
    assert b"Stopped. Nothing was written." in shown and b"Traceback" not in shown
    assert not (small / "out.png").exists()


def test_stopping_when_the_first_file_is_in_place_says_so(small: Path) -> None:
    (small / "stop").mkdir()
    (small / "stop" / "sitecustomize.py").write_text(
        "import os, signal\nreplace = os.replace\n\ndef stop(*paths):\n    replace(*paths)\n"
        "    if 'out.png' in str(paths[1]):\n        os.kill(os.getpid(), signal.SIGINT)\n\nos.replace = stop\n"
    )
    process = start(
        "colorize", "gray.png", "-o", "out.png", "--layer", "layer.png", cwd=small, environment={"PYTHONPATH": str(small / "stop")}
    )
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    assert said == "huefill: Stopped. 'out.png' was written.\n"
    assert sorted(path.name for path in small.iterdir()) == ["gray.png", "mask.png", "out.png", "photo.png", "stop"]


@pytest.mark.parametrize("library", ["numpy", "cv2", "PIL"])
def test_stopping_while_libraries_load_is_a_sentence(small: Path, library: str) -> None:
    (small / "slow").mkdir()
    (small / "slow" / f"{library}.py").write_text("import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(20)\n")
    process = start("colorize", "gray.png", "-o", "out.png", cwd=small, environment={"PYTHONPATH": str(small / "slow")})
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said == "huefill: Stopped. Nothing was written.\n"


def test_a_folder_shows_a_bar_with_the_photo_and_its_stage_on_a_terminal(small: Path) -> None:
    (small / "in").mkdir()
    for name in ("one.png", "two.png"):
        Image.open(small / "gray.png").save(small / "in" / name)
    master, end = terminal()
    command = [sys.executable, "-m", "huefill.cli", "colorize", "in", "-o", "out"]
    process = subprocess.Popen(command, cwd=small, stderr=end, stdout=subprocess.DEVNULL)
    os.close(end)
    shown = b""
    while True:
        try:
            part = os.read(master, 4096)
        except OSError:  # Linux says so when the other end has gone
            break
        if not part:
            break
        shown += part
    os.close(master)
    assert process.wait(timeout=60) == 0
    text = shown.decode()
    assert "of 2 photos" in text
    assert re.search(r"one\.png: [a-z]", text) and re.search(r"two\.png: (?!reading)[a-z]", text)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["remove", "photo.png", "--mask", "mask.png", "-o", "o.png", "--seed", "-1"], "--seed"),
        (["remove", "photo.png", "--mask", "mask.png", "-o", "o.png", "--seed", str(2**64)], "--seed"),
        (["extend", "photo.png", "--left", str(10**18), "-o", "o.png"], "--left"),
        (["extend", "photo.png", "--left", "32768", "--top", "32768", "-o", "o.png"], "500 million"),
        (["remove", "photo.png", "--mask", "mask.png", "-o", "o.png", "--points", "radius.json"], "radius"),
        (["remove", "photo.png", "--mask", "mask.png", "-o", "o.png", "--points", "digits.json"], "Color point 1"),
        (["remove", "photo.png", "--mask", "mask.png", "-o", "o.png", "--points", "deep.json"], "deep.json"),
        (["colorize", "gray.png", "-o", "o.png", "--points", "bytes.json"], "bytes.json"),
        (["colorize", "gray.png", "-o", "o.png", "--saturation", "nan"], "saturation"),
        (["colorize", "gray.png"], "'-o'"),
        (["colour", "gray.png"], "No such command 'colour'"),
        (["remove", "photo.png", "-o", "o.png"], "photo_mask.png"),
        (["remove", "photo.png", "--mask", "mask.png", "-o", "photo.png"], "would overwrite"),
        (["remove", "photo.png", "--mask", "mask.png", "-o", "hard.png"], "would overwrite 'photo.png'"),
        (["remove", "photo.png", "--mask", "mask.png", "-o", "soft.png"], "would overwrite 'photo.png'"),
        (["remove", "photo.png", "--mask", "mask.png", "-o", "sub/../mask.png"], "would overwrite 'mask.png'"),
        (["match", "gray.png", "--reference", "photo.png", "-o", "photo.png"], "would overwrite"),
        (["colorize", "gray.png", "-o", "o.png", "--layer", "./o.png"], "another result"),
        (["colorize", "gray.png", "-o", f"{'o' * 300}.png"], "too long"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_nothing_changes(small: Path, arguments: list[str], words: str) -> None:
    point = {"x": 60, "y": 37, "rgb": [200, 30, 40]}
    (small / "radius.json").write_text(json.dumps([{**point, "radius": 1e300}]))
    (small / "digits.json").write_text(json.dumps([{**point, "radius": 0}]).replace(": 0}", f": 1{'0' * 400}}}"))
    (small / "deep.json").write_text("[" * 200_000)
    (small / "bytes.json").write_bytes(b"\xff\xfe\x00")
    (small / "sub").mkdir()
    os.link(small / "photo.png", small / "hard.png")
    (small / "soft.png").symlink_to("photo.png")
    before = {path.name: path.stat().st_mtime_ns for path in small.iterdir()}
    done = huefill(*arguments, cwd=small)
    assert done.returncode == 2 and done.stdout == ""
    assert len(done.stderr.splitlines()) == 1 and done.stderr.startswith("huefill: ") and words in done.stderr
    assert {path.name: path.stat().st_mtime_ns for path in small.iterdir()} == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["models", "list"], ["palette", "gray.png", "--at", "3,3", "--json"]])
def test_a_full_standard_output_is_one_sentence(small: Path, arguments: list[str]) -> None:
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "huefill.cli", *arguments]
        done = subprocess.run(command, cwd=small, stdout=full, stderr=subprocess.PIPE, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert done.stderr == "huefill: The report cannot be printed: no space left on device.\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_standard_output_does_not_hide_that_the_photo_is_written(small: Path) -> None:
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "huefill.cli", "colorize", "gray.png", "-o", "out.png"]
        done = subprocess.run(command, cwd=small, stdout=full, stderr=subprocess.PIPE, text=True, timeout=120, check=False)
    assert done.returncode == 2 and (small / "out.png").is_file()
    assert done.stderr == "huefill: The report cannot be printed: no space left on device. 'out.png' is written.\n"
