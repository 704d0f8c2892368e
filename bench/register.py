"""A file of the register of any size: the certificates of the real sample again and again.

Identifiers, requisites, names and phones differ from copy to copy, as they do in the real register.
"""

from __future__ import annotations

import re
import uuid
from pathlib import Path

from stdnum.ru import inn, ogrn

SAMPLE = Path(__file__).resolve().parents[2] / "shared/data/rosobrnadzor/sample.xml"
CERTIFICATE = re.compile(r"<Certificate>.*?</Certificate>", re.DOTALL)
VARIED = re.compile(
    r"(<(?P<tag>Id|\w*INN|\w*OGRN|RegNumber|\w*FullName|Phone|SerialNumber|FormNumber|WebSite)>)"
    r"(?P<text>[^<]+)"
)
NAMESPACE = uuid.UUID("3f0f54c6-6a2e-5f0a-9a55-0d2f1f7c9f10")
FIRST_INN, FIRST_OGRN = 671_000_000, 102_670_000_000


def make(path: Path, certificates: int, sample: Path = SAMPLE) -> int:
    """Write a file of so many certificates; gives its size in bytes."""
    cards = CERTIFICATE.findall(sample.read_text("utf-8"))
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="utf-8"?>\n<OpenData><Certificates>\n')
        for number in range(certificates):
            copy = _Copy(number // len(cards))
            file.write(VARIED.sub(copy.varied, cards[number % len(cards)]) + "\n")
        file.write("</Certificates></OpenData>\n")
    return path.stat().st_size


class _Copy:
    """One round of all certificates of the sample: what was equal in it stays equal."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.known: dict[tuple[str, str], str] = {}

    def varied(self, found: re.Match[str]) -> str:
        tag, text = found["tag"], found["text"]
        if self.number == 0 or not text.strip():
            return found[0]
        kind = "OGRN" if tag.endswith("OGRN") else "INN" if tag.endswith("INN") else tag
        key = (kind, text)
        if key not in self.known:
            self.known[key] = self._other(kind, text)
        return found[1] + self.known[key]

    def _other(self, kind: str, text: str) -> str:
        salt = f"{kind}|{text}|{self.number}"
        if kind == "Id":
            return str(uuid.uuid5(NAMESPACE, salt))
        figure = uuid.uuid5(NAMESPACE, salt).int
        if kind == "INN":
            base = str(FIRST_INN + figure % 9_000_000)
            return base + inn.calc_company_check_digit(base)
        if kind == "OGRN":
            base = str(FIRST_OGRN + figure % 10_000_000)
            return base + ogrn.calc_check_digit(base + "0")
        if kind == "Phone":
            return re.sub(r"[0-9]{2}(?=\D*$)", f"{figure % 100:02}", text)
        return f"{text}{self.number}" if kind != "WebSite" else f"{text}/{self.number}"
