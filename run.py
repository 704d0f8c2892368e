"""`make run`: database, web server and worker on this machine; one Ctrl+C ends them all."""

from __future__ import annotations

import sys

from tools.portal import main

if __name__ == "__main__":
    sys.exit(main())
