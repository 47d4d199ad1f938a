"""The image's sample points and the points of the dialog are the same: what is done to one of them happens to the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from gi.repository import Gimp

from huefill_client.color_changes import Change
from huefill_client.color_points import ANCHOR, ColorPoint
from huefill_client.coloring import Coloring

from .points import sample_points


class ImagePoints:
    """``known`` are the points with which the coloring has begun; their ids are those of the sample points. Anchors are none of them.

    A sample point of unknown color waits until there is a preview: it takes the color that is there.
    """

    def __init__(self, image: Any, coloring: Coloring, known: Iterable[ColorPoint]) -> None:
        self._image, self._coloring = image, coloring
        self._samples = {point.id: point.id for point in known if point.kind != ANCHOR}
        self._places = {point: (x, y) for point, x, y in sample_points(image) if point in self._samples}
        self._one_way = False
        # What was done to the image from here: sample points that are ours, and places of those that were taken away.
        self._made: set[int] = set()
        self._taken: list[tuple[int, int]] = []
        coloring.listen(self._write, Change.STEP)

    def look(self) -> None:
        """Take over what was done to the sample points in the image."""
        if self._one_way:
            return
        with self._only():
            present = {sample: (x, y) for sample, x, y in sample_points(self._image)}
            for point, sample in list(self._samples.items()):
                if sample not in present:
                    self._forget(point)
                    self._coloring.delete(point)
                elif present[sample] != self._places[sample]:
                    self._places[sample] = present[sample]
                    self._coloring.move(point, *present[sample])
                    self._coloring.settle()
            for sample, place in present.items():
                if sample not in self._places and self._coloring.color_at(*place) is not None:
                    self._coloring.place(*place)
                    selected = self._coloring.selected
                    assert selected is not None
                    self._samples[selected.id], self._places[sample] = sample, place

    def kept(self) -> tuple[ColorPoint, ...]:
        """The points by the ids of their sample points, and the anchors, as the image keeps them."""
        return tuple(
            replace(point, id=self._samples.get(point.id, point.id))
            for point in self._coloring.points
            if point.kind == ANCHOR or point.id in self._samples
        )

    def take_back(self) -> None:
        """The dialog was closed: the image has the sample points that it would have without it."""
        self._one_way = True
        for sample in {sample for sample, _, _ in sample_points(self._image)} & self._made:
            self._image.delete_sample_point(sample)
        for place in self._taken:
            self._image.add_sample_point(*place)
        self._made, self._taken = set(), []
        Gimp.displays_flush()

    def _write(self) -> None:
        if self._one_way:
            return
        with self._only():
            points = {point.id: (round(point.x), round(point.y)) for point in self._coloring.points if point.kind != ANCHOR}
            for point, sample in list(self._samples.items()):
                if points.get(point) != self._places[sample]:
                    if sample not in self._made:
                        self._taken.append(self._places[sample])
                    self._made.discard(sample)
                    self._image.delete_sample_point(sample)
                    self._forget(point)
            for point, place in points.items():
                if point not in self._samples:
                    sample = self._image.add_sample_point(*place)
                    self._samples[point], self._places[sample] = sample, place
                    self._made.add(sample)
        Gimp.displays_flush()

    def _forget(self, point: int) -> None:
        del self._places[self._samples.pop(point)]

    @contextmanager
    def _only(self) -> Iterator[None]:
        """What is taken over is not written back."""
        self._one_way = True
        try:
            yield
        finally:
            self._one_way = False
