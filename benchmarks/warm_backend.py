"""A backend of its own for a measurement, and photographs of any size to send to it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from huefill_client.session import Session
from huefill_client.supervisor import Supervisor
from huefill_protocol.wire import Tensor

HERE = Path(__file__).parent
PHOTO = HERE.parent / "examples" / "photos" / "parrots.png"
Photo = npt.NDArray[np.uint8]


@contextlib.contextmanager
def warm_backend() -> Iterator[tuple[Session, int]]:
    """A session with a backend that has started and has a home of its own, and its process; both end with the block."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["HUEFILL_HOME"] = home
        process = subprocess.Popen([sys.executable, "-m", "huefill.server", "--managed"])
        session = Session(_started())
        try:
            session.connect()
            yield session, process.pid
        finally:
            session.connection(5.0).json("POST", "/v1/shutdown")
            session.close()
            process.wait(20)


def read(file: Path) -> Photo:
    """H W 3, RGB."""
    return np.asarray(cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2RGB), np.uint8)


def tiled(photo: Photo, width: int, height: int) -> Photo:
    """``photo`` beside its mirror images, as large as that."""
    down, across = max(0, height - photo.shape[0]), max(0, width - photo.shape[1])
    return np.pad(photo, ((0, down), (0, across), (0, 0)), mode="symmetric")[:height, :width]


def tensor(array: npt.NDArray[np.uint8]) -> Tensor:
    return Tensor("U8", array.shape, array.tobytes())


def commit() -> str:
    """The short name of the commit that is measured."""
    said = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=HERE, capture_output=True, text=True, check=False)
    return said.stdout.strip()


def _started() -> Supervisor:
    supervisor = Supervisor()
    while supervisor.find() is None:
        time.sleep(0.02)
    return supervisor
