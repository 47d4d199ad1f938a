"""``python -m huefill.server``: what the editors' plugins start, by the environment file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from huefill.server.serve import FIRST_CLIENT_S, LINGER_S, run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m huefill.server", description="Huefill's backend for the editors' plugins.")
    parser.add_argument("--managed", action="store_true", help="end soon after the last client has gone")
    parser.add_argument("--linger", type=float, default=LINGER_S, metavar="S", help="how soon, in seconds (default: %(default)s)")
    parser.add_argument("--first-client", type=float, default=FIRST_CLIENT_S, metavar="S", help="end if nobody comes in this time")
    parser.add_argument("--endpoint", type=Path, metavar="FILE", help="write port and token there instead of the user's own place")
    parser.add_argument("--log", type=Path, metavar="FILE", help="log there instead of the user's own place")
    options = parser.parse_args()
    return run(
        options.endpoint, managed=options.managed, linger_s=options.linger, first_client_s=options.first_client, log_file=options.log
    )


if __name__ == "__main__":
    sys.exit(main())
