"""The actions without a picture of the result: the request from the image and the arguments, and the way of what comes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from huefill_client import requests
from huefill_client.geometry import Rect, window_for
from huefill_client.jobs import JobResult
from huefill_client.recipes import Names, names_of
from huefill_client.sentences import Problem
from huefill_client.session import Session
from huefill_client.settings import Settings
from huefill_protocol.actions import Action
from huefill_protocol.wire import Tensor

from . import layers, messages
from .exchange import is_gray, is_indexed
from .photo import Photo, Placing, place
from .selecting import has_selection, select
from .work import run_job

# What `Order.run` gives where it has changed the selection alone.
SELECTED = object()
SIDES = ("left", "top", "right", "bottom")


@dataclass
class Order:
    """One call: what to do, on which layer, with which arguments."""

    command: Action
    photo: Photo
    config: Any
    session: Session

    def run(self) -> Any:
        """The new layer, or `SELECTED`; raises `Problem`."""
        if self._converts and not self.config.get_property("convert-to-rgb"):
            raise Problem(messages.NEEDS_RGB)
        # The choice may have been changed in the dialog.
        self.photo = self.photo.sampled(self.config.get_property("sample"))
        begun = time.monotonic()
        result = run_job(self.session, self._job())
        if result.selection is not None:
            select(self.photo, result.selection)
            return SELECTED
        taken = layers.names(self.photo.image)
        return self._placed(result, names_of(self.command, result, self._grown(), time.monotonic() - begun, taken=taken))

    def _placed(self, result: JobResult, names: Names) -> Any:
        grown = self._grown()
        return place(self.photo, result, Placing(names, rgb=self._converts, grown=None if grown == self.photo.canvas else grown))

    def _job(self) -> requests.Job:
        photo = self.photo
        window = self._window()
        tensors = {
            "image": photo.read(window, alpha=not self.command.on_selection or photo.transparent),
            "mask": self._mask(window) if self._masked else None,
        }
        given = {option: self.config.get_property(option.argument) for option in self.command.options if option.sent}
        values = {option.name: option.default if value in (None, "") else value for option, value in given.items()}
        return requests.job(
            self.command,
            tensors,
            transfer=photo.exchange.transfer,
            origin=(window.x, window.y),
            device=Settings.load().device,
            **values,
        )

    @property
    def _masked(self) -> bool:
        return self.command.on_selection or (self.command.takes_selection and has_selection(self.photo.image))

    @property
    def _converts(self) -> bool:
        """Whether the image has to become RGB for the result."""
        return self.command.makes_colors and (is_gray(self.photo.image) or is_indexed(self.photo.image))

    def _window(self) -> Rect:
        """What is sent: the selection and what is around it in what is read, or the canvas with what it is to grow by."""
        return window_for(self._hole(), self.photo.area) if self.command.on_selection else self._grown()

    def _hole(self) -> Rect:
        """Where something is to be filled; raises `Problem` where that is nowhere."""
        return self.photo.selected()

    def _mask(self, window: Rect) -> Tensor:
        return self.photo.read_selection(window)

    def _grown(self) -> Rect:
        canvas = self.photo.canvas
        if "empty_border" not in self.command.needs:
            return canvas
        left, top, right, bottom = (self.config.get_property(side) for side in SIDES)
        return Rect(-left, -top, canvas.width + left + right, canvas.height + top + bottom)
