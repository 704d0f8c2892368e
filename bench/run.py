"""`make bench`: figures of speed of the portal beside plain Flask-AppBuilder on the same tables."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = "var/bench"


def main() -> int:
    """Read what is asked for, then run the course; the settings are read from the environment."""
    parser = argparse.ArgumentParser(description=__doc__)
    rows = int(os.environ.get("PORTAL_BENCH_ROWS", "100000"))
    parser.add_argument("--rows", type=int, default=rows, help="organisations (100000)")
    parser.add_argument("--requests", type=int, default=30, help="requests of each kind (30)")
    parser.add_argument("--keep", action="store_true", help="keep the database for the next run")
    parser.add_argument("--no-plain", action="store_true", help="the portal only")
    asked = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ.update(
        PORTAL_DATA=FOLDER,
        PORTAL_DEMO="small",
        PORTAL_DEMO_PASSWORD="password-of-the-bench",  # noqa: S106 - opens made-up data only
        PORTAL_INSECURE_COOKIE="1",
    )
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "PORTAL_ROLE_PREFIX"):
        os.environ.pop(name, None)
    from bench.course import Course  # noqa: PLC0415 - after the path and the environment

    return Course(asked.rows, asked.requests, keep=asked.keep, plain=not asked.no_plain).run()


if __name__ == "__main__":
    sys.exit(main())
