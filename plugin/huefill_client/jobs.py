"""Runs one job in a thread of its own: connect, send, follow, fetch; cancel at any moment. Knows no editor and no toolkit."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from huefill_client.geometry import Rect
from huefill_client.requests import Job
from huefill_client.sentences import Sentence, sentence_for, told
from huefill_client.session import Session
from huefill_protocol import locations
from huefill_protocol.connection import Connection, EventStream
from huefill_protocol.errors import BackendError, Cancelled
from huefill_protocol.wire import BODY_LIMIT, MEDIA_TYPE, Tensor, WireError, unpack

# The states an `Update` may have; the first two are the client's own, the others the backend's.
CONNECTING, SENDING, QUEUED, RUNNING = "connecting", "sending", "queued", "running"
# How a job ends.
DONE, FAILED, CANCELLED = "done", "failed", "cancelled"
_ATTEMPTS = 3


@dataclass(frozen=True)
class Update:
    """Where a job is. ``stage`` is a phrase for a person, ``fraction`` in [0, 1] of the whole, ``remaining_s`` an estimate or None,
    ``position`` how many jobs run before this one, ``warnings`` what a person should know already."""

    state: str
    stage: str
    fraction: float = 0.0
    remaining_s: float | None = None
    position: int = 0
    warnings: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class ResultLayer:
    """``pixels`` H W C+1, the colors (1 gray or 3) in the order of the job's pixels and, last and not premultiplied, the alpha; in the sent
    image's dtype. ``origin`` (x, y) of the upper left pixel in the document. ``name`` what is added to the action's title, or "".
    ``visible`` whether it is shown when it comes."""

    pixels: Tensor
    origin: tuple[int, int]
    name: str
    visible: bool = True

    @property
    def rect(self) -> Rect:
        """Where it lies in the document."""
        height, width = self.pixels.shape[:2]
        return Rect(*self.origin, width, height)

    @property
    def colors(self) -> int:
        """Color channels: 1 gray, 3 RGB."""
        return self.pixels.shape[2] - 1


@dataclass(frozen=True)
class ResultSelection:
    """What a task proposes to select: ``pixels`` H W bytes, 255 where selected, and ``origin`` (x, y) of the first in the document."""

    pixels: Tensor
    origin: tuple[int, int]

    @property
    def rect(self) -> Rect:
        """Where it lies in the document."""
        height, width = self.pixels.shape
        return Rect(*self.origin, width, height)

    @property
    def empty(self) -> bool:
        """Whether nothing is selected."""
        return not any(bytes(self.pixels.data))


@dataclass(frozen=True)
class JobResult:
    """``layers`` from the lowest up, ``recipe`` what was done, ``seconds`` the time of each stage, ``variants`` other results to choose
    from, each as complete as ``layers``, ``warnings`` what a person should know of it, ``selection`` what is proposed where there are no
    layers."""

    layers: tuple[ResultLayer, ...]
    recipe: dict[str, Any]
    seconds: dict[str, float]
    variants: tuple[tuple[ResultLayer, ...], ...] = ()
    warnings: tuple[Sentence, ...] = ()
    selection: ResultSelection | None = None


@dataclass(frozen=True)
class Outcome:
    """How a job ended: ``state`` "done" with a result, "failed" with an error, or "cancelled" with neither."""

    state: str
    result: JobResult | None = None
    error: BackendError | None = None


class JobRunner:
    """``on_update(update)`` and, exactly once and last, ``on_end(outcome)`` are called from the runner's thread.

    `start` and `cancel` return at once.
    """

    def __init__(
        self,
        session: Session,
        job: Job,
        on_update: Callable[[Update], None] = lambda update: None,
        on_end: Callable[[Outcome], None] = lambda outcome: None,
        order: Callable[[Callable[[], bool]], tuple[Connection, dict[str, Any]]] | None = None,
    ) -> None:
        """``order(stopped)`` has the backend take up the job in another way than by sending ``job``, and returns its answer."""
        self.job = job
        self._order = order
        self._session = session
        self._on_update = on_update
        self._on_end = on_end
        self._cancelled = threading.Event()
        self._ended = threading.Event()
        self._address = ""
        self._stream: EventStream | None = None
        self._thread = threading.Thread(target=self._run, name="huefill-job", daemon=True)

    def start(self) -> JobRunner:
        self._thread.start()
        return self

    def cancel(self) -> None:
        """Ask for the end; `on_end` comes with "cancelled" soon after, even if the backend hangs. Harmless when it has ended."""
        if not self._cancelled.is_set():
            self._cancelled.set()
            threading.Thread(target=self._tell_backend, name="huefill-cancel", daemon=True).start()

    @property
    def finished(self) -> bool:
        return self._ended.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Block until it has ended; False if it has not within ``timeout`` seconds. Not for a GUI thread."""
        return self._ended.wait(timeout)

    def _run(self) -> None:
        try:
            outcome = Outcome(DONE, self._result())
        except Cancelled:
            outcome = Outcome(CANCELLED)
        except BackendError as error:
            outcome = Outcome(CANCELLED) if self._cancelled.is_set() else Outcome(FAILED, error=self._explained(error))
        except Exception as error:
            sentence = sentence_for(error)
            outcome = Outcome(FAILED, error=BackendError(sentence.code, sentence.message, sentence.remedy))
        self._ended.set()
        self._on_end(outcome)

    def _result(self) -> JobResult:
        self._update(Update(CONNECTING, "starting the backend"))
        connection, answer = self._order(self._cancelled.is_set) if self._order else self._sent()
        self._address = f"/v1/jobs/{answer['job']}"
        self._follow(connection)
        result = self._read(connection.fetch(self._address + "/result"))
        # Tells the backend that the result has arrived, so that it need not keep it.
        with contextlib.suppress(BackendError):
            connection.json("DELETE", self._address)
        return result

    def _sent(self) -> tuple[Connection, dict[str, Any]]:
        body = self.job.body()
        if sum(len(buffer) for buffer in body) > BODY_LIMIT:
            limit = f"{BODY_LIMIT >> 20} MB"
            raise BackendError(
                "too_large", f"The picture to be sent is larger than {limit}.", "Select a smaller region, or reduce the image."
            )
        for attempt in range(_ATTEMPTS):
            self._session.connect(self._cancelled.is_set)
            connection = self._session.connection(timeout=60.0)
            self._update(Update(SENDING, "sending the picture"))
            try:
                return connection, connection.send("/v1/jobs", body, MEDIA_TYPE, self._cancelled.is_set)
            except BackendError as error:
                # It took us in while it was just about to exit for lack of clients: the next attempt starts another.
                if error.code != "unreachable" or attempt == _ATTEMPTS - 1 or connection.is_backend():
                    raise
                self._session.close()
        raise AssertionError("every attempt returns or raises")

    def _follow(self, connection: Connection) -> None:
        """Return when the job is done; raise when it has ended otherwise."""
        self._stream = connection.events(self._address + "/events")
        if self._cancelled.is_set():
            # The request to cancel came before the job had an address.
            self._tell_backend()
        for event in self._stream:
            if event is None:
                continue
            state = event.get("state")
            if state == DONE:
                return
            if state == CANCELLED:
                raise Cancelled
            if state == FAILED:
                raise _error(event.get("error"))
            self._update(_update(event))
        raise BackendError("unreachable", "The Huefill backend ended the job without a word.")

    def _read(self, body: bytes) -> JobResult:
        try:
            tensors, values = unpack(body)
            selection = self._selection(tensors.get("selection"))
            layers = () if selection is not None else self._layers("layers", tensors, values["layers"])
            variants = [
                self._layers(f"variants/{number}/layers", tensors, entries) for number, entries in enumerate(values.get("variants", ()))
            ]
            said = told(values.get("warnings"))
            return JobResult(layers, dict(values["recipe"]), dict(values["seconds"]), tuple(variants), said, selection)
        except (WireError, KeyError, TypeError, ValueError) as error:
            raise BackendError(
                "bad_answer", f"The backend's result cannot be read: {error}.", "Nothing was changed. Update Huefill."
            ) from error

    def _selection(self, pixels: Tensor | None) -> ResultSelection | None:
        if pixels is None:
            return None
        if len(pixels.shape) != 2 or pixels.dtype != "U8":
            raise ValueError(f"{pixels.shape} {pixels.dtype} is not a selection")
        return ResultSelection(pixels, self.job.origin)

    def _layers(self, prefix: str, tensors: Mapping[str, Tensor], entries: Sequence[Any]) -> tuple[ResultLayer, ...]:
        if not entries:
            raise ValueError("it has no layers")
        left, top = self.job.origin
        layers = []
        for number, entry in enumerate(entries):
            pixels, (x, y) = tensors[f"{prefix}/{number}"], entry["origin"]
            if len(pixels.shape) != 3 or pixels.shape[2] not in (2, 4):
                raise ValueError(f"{pixels.shape} is not the shape of a layer with alpha")
            layers.append(ResultLayer(pixels, (left + int(x), top + int(y)), str(entry["name"]), bool(entry["visible"])))
        return tuple(layers)

    def _update(self, update: Update) -> None:
        if self._cancelled.is_set() and not self._address:
            raise Cancelled
        self._on_update(update)

    def _tell_backend(self) -> None:
        if self._address:
            with contextlib.suppress(BackendError):
                self._session.connection(timeout=2.0).json("DELETE", self._address)
            if not self._ended.wait(1.0) and self._stream:
                self._stream.close()

    def _explained(self, error: BackendError) -> BackendError:
        """A backend that vanished in the middle is another thing than one that could not be reached to begin with."""
        if error.code != "unreachable" or not self._address:
            return error
        return BackendError(
            "backend_died",
            "The Huefill backend stopped while it was working. Nothing was changed.",
            f"Try again: the backend starts by itself. What happened to it may be in {locations.log_file()}",
        )


def _update(event: dict[str, Any]) -> Update:
    remaining = event.get("remaining_s")
    return Update(
        str(event.get("state")),
        str(event.get("stage") or ""),
        float(event.get("fraction") or 0.0),
        None if remaining is None else float(remaining),
        int(event.get("position") or 0),
        told(event.get("warnings")),
    )


def _error(value: Any) -> BackendError:
    entry = value if isinstance(value, dict) else {}
    return BackendError(str(entry.get("code", "failed")), str(entry.get("message", "The job failed.")), str(entry.get("remedy", "")))


# What starts a job: ``begin(on_update, on_end)`` returns its runner.
Begin = Callable[[Callable[[Update], None], Callable[[Outcome], None]], JobRunner]
