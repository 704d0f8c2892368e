"""A file as it comes over the network, read piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.exceptions import ClientDisconnected

if TYPE_CHECKING:
    from typing import IO


class Incoming:
    """A body being sent; one that breaks off is told from a disk that fails."""

    def __init__(self, stream: IO[bytes], name: str = "") -> None:
        """Read this stream; ``name`` is that of the file, if the form said one."""
        self._stream = stream
        self.name = name

    def read(self, size: int, /) -> bytes:
        """Give up to ``size`` bytes. Raises ``ClientDisconnected``."""
        try:
            return self._stream.read(size)
        except OSError as error:
            raise ClientDisconnected from error
