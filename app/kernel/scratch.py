"""Files without a name, for what is made in the open: gone with the process, however it ends."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import BinaryIO, cast


def scratch() -> BinaryIO:
    """A new file that nobody can open by a name; closing it, or being killed, removes it."""
    return cast("BinaryIO", tempfile.TemporaryFile())


def path_of(file: BinaryIO) -> Path:
    """Where a program of this process that wants a path can write the file anew."""
    return Path("/dev/fd", str(file.fileno()))
