"""Files of the register: real, foreign, broken and hostile ones."""

from __future__ import annotations

import re
import resource
from io import BytesIO

import pytest

from app.imports.accreditation import certificates
from app.kernel.errors import Refused
from tests.imports.register_file import certificate, document, sample


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        list(certificates(BytesIO(content)))
    return str(caught.value)


def test_the_real_sample_is_read_whole() -> None:
    path = sample()
    with path.open("rb") as file:
        cards = list(certificates(file))
    raw = path.read_text(encoding="utf-8")
    supplements = [supplement for card in cards for supplement in card.supplements]
    organisations = {card.organisation.id for card in cards} | {
        supplement.organisation.id for supplement in supplements
    }
    listed = re.findall(r"<ActualEducationOrganization>\s*<Id>([^<]+)</Id>", raw)
    assert len(cards) == raw.count("<Certificate>") == 19
    assert len(supplements) == raw.count("<Supplement>") == 45
    assert sum(len(s.programs) for s in supplements) == raw.count("<EducationalProgram>") == 114
    assert sum(len(card.decisions) for card in cards) == raw.count("<Decision>") == 67
    assert len(organisations - {None}) == len(set(listed)) == 33


def test_each_certificate_knows_its_line() -> None:
    path = sample()
    lines = path.read_text(encoding="utf-8").splitlines()
    with path.open("rb") as file:
        assert all("<Certificate>" in lines[card.line - 1] for card in certificates(file))


def test_windows_1251_is_read_by_its_declaration() -> None:
    card = next(certificates(document(certificate(), encoding="windows-1251")))
    assert card.organisation.name == "Школа № 1"


def test_a_foreign_file_is_refused_with_what_was_expected() -> None:
    said = refusal(b"<Licenses><License/></Licenses>")
    assert "Licenses" in said
    assert "OpenData/Certificates" in said


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "файл пуст"),
        (b"PK\x03\x04\x00\x01binary", "это не XML"),
        (b"Certificate;Number\n1;2\n", "это не XML"),
        (b"<OpenData><Certificates/></OpenData>", "нет ни одной записи"),
        (b"<OpenData><Licenses><Certificate/></Licenses></OpenData>", "нет ни одной записи"),
        (b'<?xml version="1.0" encoding="shift-jis"?><OpenData/>', "кодировка"),
        (b'<?xml version="1.0" encoding="no-such"?><OpenData/>', "кодировка"),
    ],
)
def test_what_is_not_the_register_is_refused(content: bytes, reason: str) -> None:
    assert reason in refusal(content)


def test_a_broken_file_is_refused_with_line_and_reason() -> None:
    whole = document(*[certificate(Id=f"c{number}") for number in range(3)]).getvalue()
    lines = whole.split(b"\n")
    lines[3] = lines[3].replace(b"</RegNumber>", b"</RegNumbr>")
    assert "строка 4, закрывается не тот элемент" in refusal(b"\n".join(lines))
    assert "не все элементы закрыты" in refusal(whole.removesuffix(b"</Certificates></OpenData>"))


def test_certificates_before_the_break_have_been_given() -> None:
    whole = document(*[certificate(Id=f"c{number}") for number in range(900)]).getvalue()
    cards = certificates(BytesIO(whole[: len(whole) // 2]))
    assert next(cards).id == "c0"
    with pytest.raises(Refused):
        list(cards)


def test_a_document_type_is_refused_with_entities_unread() -> None:
    rows = [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    laughs = '<!DOCTYPE OpenData [<!ENTITY a0 "ха">' + "".join(rows) + "]>"
    stolen = '<!DOCTYPE OpenData [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    for doctype in ("<!DOCTYPE OpenData>", laughs, stolen):
        body = "<OpenData><Certificates><Certificate><Id>&a9;&x;</Id></Certificate>"
        assert "DOCTYPE" in refusal((doctype + body).encode())


@pytest.mark.parametrize(
    "inner",
    ["<a>" * 100, "<a/>" * 250_000, '<a b="' + "x" * (5 << 20) + '"/>'],
    ids=["too deep", "too many", "too long a tag"],
)
def test_a_monstrous_record_is_refused(inner: str) -> None:
    said = refusal(f"<OpenData><Certificates><Certificate>{inner}".encode())
    assert "слишком велика" in said


def test_a_text_of_a_megabyte_is_cut_and_told_about() -> None:
    long = "Школа " * 170_000
    card = next(certificates(document(certificate({"Id": "1", "FullName": long}))))
    assert len(card.organisation.name or "") <= 1000
    assert [problem.field for problem in card.problems] == ["Полное наименование"]


class Endless:
    """A file that repeats its certificates; the memory of the reader must not follow its size."""

    def __init__(self, times: int) -> None:
        parts = document(*[certificate(Id=f"c{number}") for number in range(500)]).getvalue()
        start, end = parts.index(b"<Certificate>"), parts.index(b"</Certificates>")
        self.parts = iter([parts[:start], *[parts[start:end]] * times, parts[end:]])

    def read(self, _size: int) -> bytes:
        return next(self.parts, b"")


def test_memory_does_not_grow_with_the_file() -> None:
    number = sum(1 for _ in certificates(Endless(2)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    number += sum(1 for _ in certificates(Endless(12)))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert number == 7000
    assert grown < 8 << 10  # KiB
