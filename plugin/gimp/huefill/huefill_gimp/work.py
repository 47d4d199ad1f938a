"""Runs a job while GIMP's own progress bar shows it. Its Cancel ends this process; the backend sees that and stops the job."""

from __future__ import annotations

from collections.abc import Sequence

from gi.repository import Gimp

from huefill_client.jobs import Begin, JobResult, JobRunner, Outcome, Update
from huefill_client.recipes import ahead, remaining
from huefill_client.requests import Job
from huefill_client.sentences import CANCELLED, Problem, Sentence
from huefill_client.session import Session

_LOOK_S = 0.08


def run_job(session: Session, job: Job) -> JobResult:
    """The job's result; raises `Problem` with what the backend said where there is none."""
    return follow(job.label, lambda on_update, on_end: JobRunner(session, job, on_update, on_end).start())


def follow(title: str, begin: Begin) -> JobResult:
    """The result of the job that ``begin(on_update, on_end)`` starts; raises `Problem` as `run_job` does."""
    news: list[Update] = []
    ends: list[Outcome] = []
    Gimp.progress_init(f"{title}: starting the backend")
    runner = begin(news.append, ends.append)
    known: list[Sentence] = []
    while not runner.wait(_LOOK_S):
        if news:
            _show(title, news[-1])
            _warn(title, news[-1].warnings, known)
    while not ends:  # the end is told right after it is reached
        runner.wait(_LOOK_S)
    result = result_of(ends[0])
    _warn(title, result.warnings, known)
    return result


def result_of(outcome: Outcome) -> JobResult:
    if outcome.result is not None:
        return outcome.result
    if outcome.error is not None:
        raise Problem(Sentence(outcome.error.code, outcome.error.message, outcome.error.remedy))
    raise Problem(CANCELLED)


def _warn(title: str, warnings: Sequence[Sentence], known: list[Sentence]) -> None:
    """Tell what a person should know, each once: while the work goes on, or with its result."""
    for warning in warnings:
        if warning not in known:
            known.append(warning)
            Gimp.message(f"{title}: {warning.text}")


def _show(label: str, update: Update) -> None:
    stage = ahead(update.position) if update.position else update.stage
    left = remaining(update.remaining_s)
    Gimp.progress_set_text(f"{label}: {stage}" + (f", {left}" if left else ""))
    Gimp.progress_update(update.fraction)
