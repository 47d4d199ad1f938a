"""Entry point of ``python3 installer COMMAND``. Kept to syntax that an old Python can read, so that it can say it is too old."""

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

if sys.version_info < (3, 10):  # noqa: UP036
    version = ".".join(str(part) for part in sys.version_info[:2])
    sys.exit("Huefill needs Python 3.10 or newer; this is " + version + ". Start the installer with a newer one: python3.12 installer demo")

# Started as a folder, Python puts installer/ itself on the path; its parent belongs there, so that `installer` is a package.
sys.path[0] = ROOT

from installer.commands import main  # noqa: E402

sys.exit(main(sys.argv[1:]))
