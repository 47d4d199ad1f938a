"""What a scenario inside the real GIMP works with: photos, calls of procedures, and dumps of what came of them."""

import os
import pathlib
import time

from gi.repository import Gegl, Gimp, Gio
from spaces import SPACES

NONINTERACTIVE = Gimp.RunMode.NONINTERACTIVE


class Desk:
    """``record`` is what the tests read; ``out`` where the dumps go."""

    def __init__(self, out, name):
        self.out, self.name, self.record = out, name, {"dumps": {}}
        self.images = []

    def photo(self, which="small", space="rgb_u8", selected=True):
        """The photo ``which`` in ``space``, with its damaged square selected; the image and its layer."""
        image = Gimp.file_load(NONINTERACTIVE, Gio.File.new_for_path(os.environ[f"HUEFILL_TEST_{which.upper()}"]))
        self.images.append(image)
        if space.startswith("gray"):
            image.convert_grayscale()
        if space == "indexed":
            image.convert_indexed(Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.GENERATE, 64, False, False, "")
        elif (precision := getattr(Gimp.Precision, SPACES[space])) != image.get_precision():
            image.convert_precision(precision)
        if selected:
            self.select(image, *self.square())
        return image, image.get_layers()[0]

    def square(self):
        """Where the small photo is damaged: x, y, width, height."""
        return tuple(int(value) for value in os.environ["HUEFILL_TEST_SMALL_SQUARE"].split(","))

    def select(self, image, x, y, width, height):
        image.select_rectangle(Gimp.ChannelOps.REPLACE, x, y, width, height)

    def call(self, procedure, image, *drawables, mode=NONINTERACTIVE, **arguments):
        """Run ``huefill-PROCEDURE``: what came of it, for the record, and the new layer or None."""
        found = Gimp.get_pdb().lookup_procedure(f"huefill-{procedure}")
        config = found.create_config()
        config.set_property("run-mode", mode)
        config.set_property("image", image)
        config.set_core_object_array("drawables", list(drawables))
        for name, value in arguments.items():
            config.set_property(name.replace("_", "-"), value)
        begun = time.monotonic()
        values = found.run(config)
        done = values.index(0) == Gimp.PDBStatusType.SUCCESS
        outcome = {
            "done": done,
            "said": "" if done else Gimp.get_pdb().get_last_error(),
            "layers": [layer.get_name() for layer in image.get_layers()],
            "seconds": time.monotonic() - begun,
        }
        # A procedure that selects returns no layer.
        layer = values.index(1) if done and values.length() > 1 else None
        if layer is not None:
            outcome["bounds"] = [*layer.get_offsets()[1:], layer.get_width(), layer.get_height()]
            outcome["precision"] = image.get_precision().value_nick
            outcome["base"] = image.get_base_type().value_nick
        return outcome, layer

    def dump(self, name, layer, canvas):
        """The layer in the rectangle of ``canvas`` (an image), as sRGB floats R, G, B, A."""
        _, x, y = layer.get_offsets()
        self._write(name, layer.get_buffer(), Gegl.Rectangle.new(-x, -y, canvas.get_width(), canvas.get_height()))

    def dump_visible(self, name, image):
        """What a person sees of the whole image."""
        copy = image.duplicate()
        merged = copy.merge_visible_layers(Gimp.MergeType.CLIP_TO_IMAGE)
        self.dump(name, merged, copy)
        copy.delete()

    def _write(self, name, buffer, area):
        data = buffer.get(area, 1.0, "R'G'B'A float", Gegl.AbyssPolicy.NONE)
        (self.out / f"{self.name}-{name}.bin").write_bytes(data)
        self.record["dumps"][name] = [area.height, area.width]

    def clear(self):
        for image in self.images:
            if image.is_valid():
                image.delete()

    def file(self, name):
        return Gio.File.new_for_path(str(pathlib.Path(self.out, name)))
