"""What happens when the plug-in is killed, as GIMP's Cancel does it, and when the backend is killed."""

import http.client
import json
import os
import pathlib
import signal
import threading
import time

ENDPOINT = pathlib.Path(os.environ["XDG_RUNTIME_DIR"], "huefill/endpoint.json")


def ask(method, path, client=""):
    endpoint = json.loads(ENDPOINT.read_text())
    connection = http.client.HTTPConnection("127.0.0.1", endpoint["port"], timeout=10)
    connection.request(method, path, headers={"Authorization": f"Bearer {endpoint['token']}", "X-Huefill-Client": client})
    return connection.getresponse()


def about():
    return json.loads(ask("GET", "/v1/about").read())


def wait_until(condition, seconds=60):
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        try:
            if condition():
                return True
        except (OSError, ValueError):
            pass
        time.sleep(0.02)
    return False


def plug_in_process():
    """The running Huefill plug-in of this GIMP."""
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
            home = b"HOME=" + os.environ["HOME"].encode()
            if b"plug-ins/huefill/huefill.py" in line and home in (folder / "environ").read_bytes().split(b"\0"):
                return int(folder.name)
        except OSError:
            continue
    return None


def in_the_middle(action):
    """Start a thread that does ``action`` as soon as the backend works on a job; a list that gets what it returns."""
    results = []

    def wait():
        if wait_until(lambda: about()["state"] == "busy"):
            time.sleep(0.5)
            results.append(action())

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return results, thread


def cancelled(desk):
    """A client of our own keeps the backend, as another editor would; the plug-in is killed amid a long job."""
    image, layer = desk.photo()
    desk.call("remove-object", image, layer)
    presence = ask("GET", "/v1/presence?client=watcher")
    presence.readline()

    def kill():
        begun = time.monotonic()
        os.kill(plug_in_process(), signal.SIGKILL)
        gone = wait_until(lambda: not about()["jobs"] and about()["state"] == "idle", 30)
        return time.monotonic() - begun if gone else None

    before = len(image.get_layers())
    results, thread = in_the_middle(kill)
    desk.record["call"], _ = desk.call("remove-object", image, layer, preset="paper")
    thread.join(40)
    desk.record["stopped_after_s"] = results[0] if results else None
    desk.record["unchanged"] = len(image.get_layers()) == before
    desk.record["again"], _ = desk.call("remove-object", image, layer)
    presence.close()


def backend_killed(desk):
    image, layer = desk.photo()
    before = len(image.get_layers())
    pids = []

    def kill():
        pids.append(json.loads(ENDPOINT.read_text())["pid"])
        os.kill(pids[0], signal.SIGKILL)
        return True

    _, thread = in_the_middle(kill)
    desk.record["call"], _ = desk.call("remove-object", image, layer, preset="paper")
    thread.join(10)
    desk.record["unchanged"] = len(image.get_layers()) == before
    desk.record["again"], _ = desk.call("remove-object", image, layer)
    pids.append(json.loads(ENDPOINT.read_text())["pid"])
    desk.record["pids"] = pids


def slow(desk):
    """One long job, for others to look at."""
    image, layer = desk.photo()
    desk.record["call"], _ = desk.call("remove-object", image, layer, preset=os.environ.get("HUEFILL_TEST_PRESET", "best"))
