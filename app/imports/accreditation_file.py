"""A file of the register, plain or packed, read card by card in a limited process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.imports.accreditation_wire import read
from app.imports.limited import Limited
from app.imports.receiving import Malformed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.imports.accreditation_cards import CertificateCard

PROGRAM = Path(__file__).with_name("accreditation_child.py")


class RegisterFile(Limited):
    """Certificates of an open binary file: .xml, .xml.gz or .zip with one .xml, up to 1 GB.

    ``with RegisterFile(file) as cards: import_accreditation(session, cards, …)``; ``done`` and
    ``total`` tell how many bytes of the file are read, ``number`` how many certificates.
    """

    def __init__(self, source: BinaryIO) -> None:
        """Start reading; raises ``Refused`` for a file that is too large."""
        super().__init__(PROGRAM, source)
        self.number = 0

    def __iter__(self) -> Iterator[CertificateCard]:
        """Give the certificates; raises ``Refused``, perhaps after some of them."""
        for content in self.records():
            try:
                card = read(content)
            except Malformed as fault:
                raise self.broken_off() from fault
            self.number += 1
            yield card
