"""Lines which tell the person at the terminal what is being done."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def seconds(value: float) -> str:
    """A duration as people write it: 1,4 с."""
    return f"{value:.1f} с".replace(".", ",")


@contextmanager
def step(title: str) -> Iterator[None]:
    """Say what is being done and how long it took."""
    began = time.monotonic()
    print(f"• {title}…", end=" ", flush=True)
    yield
    print(seconds(time.monotonic() - began))
