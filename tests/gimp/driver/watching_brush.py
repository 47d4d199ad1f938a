"""Inside the GIMP that a person sees: a photo, and all the time what the image consists of; everything else is done by hand outside."""

from brushing import state
from desk import Desk
from gi.repository import Gimp
from watching import OUT, tell, wait_for


def run():
    desk = Desk(OUT, "window")
    image = desk.photo("large", selected=False)[0]
    Gimp.Display.new(image)
    wait_for("end", lambda: tell({"part": "painting", **state(image)}))
    # GIMP writes its file of shortcuts only when it closes.
    leave = Gimp.get_pdb().lookup_procedure("gimp-quit")
    config = leave.create_config()
    config.set_property("force", True)
    leave.run(config)
