"""How a parsing process gives up files, sockets, memory and rights before it reads a byte."""

from __future__ import annotations

import os
import resource

MEBIBYTE = 1 << 20
NOBODY = 65534


def give_up(memory: int = 512 * MEBIBYTE, seconds: int = 3600) -> None:
    """Never open, start or write anything again; ``memory`` in bytes, ``seconds`` of the CPU."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_NOFILE: 3,  # nothing can be opened any more, no file and no socket
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        _soft, hard = resource.getrlimit(limit)
        least = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (least, least))
