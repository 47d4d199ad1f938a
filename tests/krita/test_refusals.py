"""What cannot be done is said in a sentence, and the document stays as it was; Cancel and a killed backend likewise."""

from __future__ import annotations

import pytest

from tests.desktop import gone
from tests.krita.conftest import KritaRun
from tests.krita.harness import Outcome, User

REFUSED = {
    "no_selection": "Nothing is selected.",
    "selection_outside_layer": "The selection does not touch anything on the layer “corner”.",
    "selection_outside_canvas": "The selection does not touch anything on the layer",
    "empty_layer": "The layer “fresh” is empty.",
    "locked_layer": "is locked",
    "locked_group": "The layer “folder” is locked.",
    "nothing_to_extend": "transparent",
}
STOPPED = ("cancel", "cancel_at_once", "backend_killed", "document_closed", "layer_deleted", "painting_meanwhile")


@pytest.fixture(scope="module")
def refused(run_krita: KritaRun) -> Outcome:
    return run_krita([f"refusing.{name}" for name in REFUSED])


@pytest.fixture(scope="module")
def stopped(run_krita: KritaRun) -> Outcome:
    return run_krita([f"stopping.{name}" for name in STOPPED])


def test_every_refusal_has_its_words() -> None:
    assert all(REFUSED.values()), "an empty text is in every sentence"


@pytest.mark.parametrize(("scenario", "words"), REFUSED.items())
def test_what_cannot_be_done_is_said_and_nothing_changes(refused: Outcome, scenario: str, words: str) -> None:
    record = refused[scenario]
    assert record["untouched"]
    assert words in record["said"] and record["said"].rstrip().endswith(".")


def test_a_backend_that_is_not_installed_is_said(run_krita: KritaRun) -> None:
    def without_backend(user: User) -> None:
        user.place.environment_file.unlink()

    record = run_krita(["refusing.backend_not_installed"], prepare=without_backend)["backend_not_installed"]
    assert record["untouched"]
    assert "installer" in record["said"] + " ".join(record["boxes"])


def test_cancel_is_acknowledged_and_leaves_no_trace(stopped: Outcome) -> None:
    record = stopped["cancel"]
    assert record["acknowledged"]
    assert record["unchanged"]
    assert record["works_again"] == 1


def test_cancel_in_the_moment_of_the_click_leaves_no_layer(stopped: Outcome) -> None:
    assert stopped["cancel_at_once"]["layers"] == 1


def test_a_killed_backend_is_said_and_the_next_click_starts_another(stopped: Outcome) -> None:
    record = stopped["backend_killed"]
    assert record["unchanged"]
    assert record["another_backend"] and record["works_again"] == 1


def test_a_document_or_a_layer_that_goes_away_breaks_nothing(stopped: Outcome) -> None:
    assert "closed" in stopped["document_closed"]["said"] and "unexpected" not in stopped["document_closed"]["said"]
    assert stopped["layer_deleted"]["layers"] == ["other"]


def test_a_stroke_in_progress_is_not_disturbed(stopped: Outcome) -> None:
    record = stopped["painting_meanwhile"]
    assert record["layers_while_painting"] == 0
    assert record["layers_after"] == 1


def test_the_backend_leaves_with_krita(stopped: Outcome) -> None:
    assert stopped.status == 0
    endpoint = stopped.home / "run/huefill/endpoint.json"
    if endpoint.exists():
        import json

        assert gone(json.loads(endpoint.read_text())["pid"], 20)
    assert not endpoint.exists()
