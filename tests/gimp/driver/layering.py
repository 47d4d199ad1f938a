"""Results of several layers, of a task that makes foreseeable ones (tests/backend/layers_task.py), placed as the plug-in places any."""

import pathlib
import sys

from gi.repository import Gegl, Gimp

_PLUGIN = pathlib.Path(Gimp.directory(), "plug-ins", "huefill")
sys.path[:0] = [str(_PLUGIN), str(_PLUGIN / "lib")]

# What the task is to make, as its seed.
TWO = 0


def place_layers(image, layer, what):
    """Run the task on ``layer``; the new layer or group."""
    from huefill_gimp.photo import Placing, find_photo, place
    from huefill_gimp.work import run_job

    from huefill_client.recipes import Names
    from huefill_client.requests import Job
    from huefill_client.session import Session

    photo = find_photo(image, [layer])
    session = Session()
    try:
        values = {"version": 1, "seed": what, "transfer": photo.exchange.transfer}
        job = Job("layers", "Layers", values, {"image": photo.read(photo.bounds, alpha=True)}, (photo.bounds.x, photo.bounds.y))
        result = run_job(session, job)
    finally:
        session.close()
    return place(photo, result, Placing(Names("Layers – whole", tuple(f"Layers – {made.name[:6]}" for made in result.layers))))


def several(desk, space, what):
    image, layer = desk.photo("small_whole", space, selected=False)
    image.resize(220, 210, 17, 5)
    _dump_raw(desk, "photo", layer, (0, 0))
    whole = place_layers(image, layer, int(what))
    desk.record["top"] = [one.get_name() for one in image.get_layers()]
    desk.record["active"] = [one.get_name() for one in image.get_selected_layers()]
    desk.record["photo"] = layer.get_name()
    parts = whole.get_children() if isinstance(whole, Gimp.GroupLayer) else [whole]
    desk.record["parts"] = [part.get_name() for part in parts]
    for number, part in enumerate(reversed(parts)):
        _, x, y = part.get_offsets()
        _dump_raw(desk, f"made_{number}", part, (x - 17, y - 5))


def _dump_raw(desk, name, layer, place):
    """The layer's own numbers with alpha, in its own color space, and where it lies relative to the photo."""
    from huefill_gimp.exchange import exchange_of

    exchange = exchange_of(layer, False)
    area = Gegl.Rectangle.new(0, 0, layer.get_width(), layer.get_height())
    data = layer.get_buffer().get(area, 1.0, exchange.name(True), Gegl.AbyssPolicy.NONE)
    (desk.out / f"{desk.name}-{name}.bin").write_bytes(data)
    about = {"shape": [area.height, area.width, exchange.colors + 1], "dtype": exchange.dtype, "place": list(place)}
    desk.record.setdefault("raw", {})[name] = about
