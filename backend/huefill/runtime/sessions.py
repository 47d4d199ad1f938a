"""One network in ONNX Runtime: threads, the provider that really runs it, cancelling in the middle, memory given back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from huefill.errors import HuefillError
from huefill.runtime.devices import Device

Array = npt.NDArray[Any]

# How often a running network asks whether it is to stop; well below the 200 ms within which a cancel is acknowledged.
POLL_S = 0.03


class Session:
    """A loaded network. ``provider`` is "cuda" or "cpu": where it runs, which need not be where it was wished."""

    def __init__(self, path: Path, device: Device) -> None:
        """Raises `HuefillError` "bad_model" when the file is no network that this ONNX Runtime can run."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = device.threads
        # Threads that wait in a loop for the next layer take the cores from whatever else runs; on a busy machine a run took twice as long.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3  # errors alone: warnings would reach the person's terminal
        wished = ["CUDAExecutionProvider"] if device.kind == "cuda" else []
        offered = set(onnxruntime.get_available_providers())
        providers = [name for name in wished if name in offered] + ["CPUExecutionProvider"]
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=providers)
        except Exception as error:
            raise HuefillError(
                "bad_model", f"The network {path.name} cannot be loaded: {_first_line(error)}.", "Run the installer again to repair it."
            ) from error
        self._run_options = onnxruntime.RunOptions
        # The providers that were asked for are listed even where their libraries failed to load: the session knows.
        self.provider = "cuda" if "CUDAExecutionProvider" in self._session.get_providers() else "cpu"
        self.inputs = [item.name for item in self._session.get_inputs()]
        self.outputs = [item.name for item in self._session.get_outputs()]

    def run(self, inputs: Mapping[str, Array], check: Callable[[], None] | None = None, *, again: bool = False) -> dict[str, Array]:
        """All outputs by name. ``inputs`` by name, of the dtypes and shapes that the network's card states.

        ``check`` is called every few hundredths of a second meanwhile; when it raises, the run is broken off and the
        exception goes on. ``again``: its memory is kept for the next run; to get it anew takes a small network as long as its own work.
        Raises `HuefillError` "model_failed" when the network fails on these inputs.
        """
        call = _Call(self._session, self.outputs, dict(inputs), self._options(again))
        if check is None:
            call.work()
        else:
            self._watch(call, check)
        if call.error is not None:
            raise HuefillError(
                "model_failed",
                f"The network failed on a picture of {_sizes(inputs)}: {_first_line(call.error)}.",
                "Select less, or choose the engine 'patch'.",
            ) from call.error
        return dict(zip(self.outputs, call.results, strict=True))

    def _watch(self, call: _Call, check: Callable[[], None]) -> None:
        worker = threading.Thread(target=call.work, name="huefill-network", daemon=True)
        worker.start()
        try:
            while worker.is_alive():
                check()
                worker.join(POLL_S)
        except BaseException:
            call.options.terminate = True
            worker.join()
            raise

    def _options(self, again: bool) -> Any:
        options = self._run_options()
        if not again:
            # Without this the arena keeps the peak of the largest picture there ever was.
            options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
        return options


class _Call:
    """One run, whose results and error outlive the thread it runs in."""

    def __init__(self, session: Any, outputs: list[str], inputs: dict[str, Array], options: Any) -> None:
        self.session, self.outputs, self.inputs, self.options = session, outputs, inputs, options
        self.results: list[Array] = []
        self.error: Exception | None = None

    def work(self) -> None:
        try:
            self.results = [np.asarray(item) for item in self.session.run(self.outputs, self.inputs, self.options)]
        except Exception as error:
            self.error = error


def _sizes(inputs: Mapping[str, Array]) -> str:
    height, width = next(iter(inputs.values())).shape[-2:]
    return f"{width} x {height} pixels"


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200].rstrip(".")
