"""What every test may ask for, and what no test may do: touch the user's own files, or be skipped where everything must run."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.leaks import Belongings, left_behind

# A busy machine must not fail a test: no time limit for one example.
hypothesis.settings.register_profile("huefill", deadline=None)
hypothesis.settings.load_profile("huefill")

ROOT = Path(__file__).resolve().parents[1]

# `python3 installer test` sets it on Debian, where everything the tests need can be installed.
_NO_SKIPS = os.environ.get("HUEFILL_NO_SKIPS") == "1"
_PARITY_MAY_SKIP = not (ROOT.parent / "shared" / "parity").is_dir()


def pytest_configure(config: pytest.Config) -> None:
    """Temporary files of the tests lie in a folder of their own, so that what a test leaves there can be told from other programs' files.

    pytest's own temporary folders stay where they always are: people look into them after a failure.
    """
    before = tempfile.gettempdir()
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", before)
    folder = tempfile.mkdtemp(prefix="huefill-tests-")
    os.chmod(folder, 0o755)  # as the folder for temporary files itself, which programs of other users may enter
    tempfile.tempdir = os.environ["TMPDIR"] = folder
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # some tests load ONNX Runtime before anything of Huefill
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


@pytest.fixture(autouse=True)
def nothing_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test leaves a thread, a process, an open file or a temporary file.

    Everything of a wider scope (a module's backend, a session's screen) is made before and is no leak of the one test.
    """
    before = Belongings.now()
    yield
    if found := left_behind(before):
        pytest.fail(f"{request.node.name} has left {'; '.join(sorted(found))}", pytrace=False)


@pytest.fixture(scope="session", autouse=True)
def huefill_home() -> Iterator[Path]:
    """Endpoint, logs, settings and models of the tests lie in a folder of their own, never among the user's."""
    with tempfile.TemporaryDirectory(prefix="huefill-test-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUEFILL_HOME", folder)
        yield Path(folder)


@pytest.fixture(scope="session")
def anchors_network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store entry, made once: a network of anchors that knows nothing, but heeds its anchors."""
    from tests.anchors import seeded_anchors

    return seeded_anchors(tmp_path_factory.mktemp("anchors")).folder


@pytest.fixture(scope="session")
def photos() -> Path:
    """The bundled photographs; examples/photos/CREDITS.md says whose they are."""
    return ROOT / "examples" / "photos"


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """Where pictures that a test makes are kept for people to look at."""
    folder = ROOT / "test-artefacts"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    allowed = _PARITY_MAY_SKIP and item.get_closest_marker("parity") is not None
    if _NO_SKIPS and report.skipped and not allowed and not hasattr(report, "wasxfail"):
        _fail(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    allowed = _PARITY_MAY_SKIP and (ROOT / "tests" / "parity") in (collector.path, *collector.path.parents)
    if _NO_SKIPS and report.skipped and not allowed:
        _fail(report)
    return report


def _fail(report: pytest.TestReport | pytest.CollectReport) -> None:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"Skipped, but on Debian every test must run: {reason}"
