"""Files that mean harm, and real ones that were damaged on the way."""

from __future__ import annotations

import gzip
import random
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

from tests.imports.register_file import certificate, document, school

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HEAD = b"<OpenData><Certificates><Certificate>"
LAUGHS = '<!ENTITY a0 "xx">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
)
MIB = 1 << 20


def archive(*names: str, content: bytes = b"", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with a file of each name."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        for name in names:
            made.writestr(name, content)
    return file.getvalue()


def locked() -> bytes:
    """A zip whose member says that it is encrypted."""
    made = bytearray(archive("a.xml", content=b"<OpenData/>", method=zipfile.ZIP_STORED))
    made[6] |= 1
    made[made.index(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


WHOLE = document(certificate()).getvalue()
CORPUS: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "zero bytes": lambda: b"\0" * 5000,
    "not XML": lambda: bytes(random.Random(1).randbytes(MIB)),  # noqa: S311 - no secret
    "a text": "Свидетельство;Номер\n1;2\n".encode,
    "a program": lambda: b"\x7fELF" + b"\x01" * 10_000,
    "document type": lambda: b"<!DOCTYPE OpenData>" + WHOLE,
    "billion laughs": lambda: f"<!DOCTYPE o [{LAUGHS}]><OpenData>&a9;</OpenData>".encode(),  # noqa: PLW0108 - as the others
    "quadratic blow-up": lambda: (
        b'<!DOCTYPE OpenData [<!ENTITY a "' + b"x" * MIB + b'">]><OpenData>' + b"&a;" * 50_000
    ),
    "entity from the disk": lambda: (
        b'<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><OpenData>&x;</OpenData>'
    ),
    "entity from the network": lambda: b'<!DOCTYPE o SYSTEM "http://127.0.0.1:9/x.dtd"><OpenData/>',
    "deep": lambda: HEAD + b"<a>" * 500_000,
    "deep outside of records": lambda: b"<OpenData>" + b"<a>" * 500_000,
    "many elements": lambda: HEAD + b"<a/>" * 3_000_000,
    "huge attribute": lambda: HEAD + b'<a b="' + b"x" * (40 * MIB) + b'"/>',
    "many attributes": lambda: (
        HEAD + b"<a " + b" ".join(b'b%d="1"' % n for n in range(400_000)) + b"/>"
    ),
    "huge tag": lambda: HEAD + b"<" + b"a" * (40 * MIB) + b">",
    "huge text": lambda: HEAD + b"<RegNumber>" + b"7" * (80 * MIB) + b"</RegNumber></Certificate>",
    "huge comment": lambda: HEAD + b"<!--" + b"x" * (40 * MIB),
    "huge record": lambda: (
        HEAD
        + b"<Decisions>"
        + (b"<Decision><Id>%s</Id></Decision>" % (b"9" * 79)) * 60_000
        + b"</Decisions></Certificate></Certificates></OpenData>"
    ),
    "long texts": lambda: (
        HEAD
        + b"<Supplements>"
        + (b"<Supplement><Note>%s</Note></Supplement>" % (b"n" * 19_000)) * 1500
        + b"</Supplements></Certificate></Certificates></OpenData>"
    ),
    "cut": lambda: WHOLE[:-40],
    "cut in a character": lambda: WHOLE[: WHOLE.index("Ш".encode()) + 1],
    "a wrong encoding": lambda: WHOLE.replace(b"utf-8", b"utf-16"),
    "an unknown encoding": lambda: WHOLE.replace(b"utf-8", b"klingon"),
    "a codec that is no encoding": lambda: WHOLE.replace(b"utf-8", b"zlib_codec"),
    "a wide encoding": lambda: WHOLE.replace(b"utf-8", b"shift-jis"),
    "zero in a text": lambda: WHOLE.replace(b"1745", b"17\x0045"),
    "a zero by reference": lambda: WHOLE.replace(b"1745", b"17&#0;45"),
    "half a surrogate": lambda: WHOLE.replace(b"1745", b"17&#xD800;45"),
    "half a surrogate in bytes": lambda: WHOLE.replace(b"1745", b"17\xed\xa0\x8045"),
    "another register": lambda: b"<Licenses><License/></Licenses>",
    "zip of nothing": lambda: b"PK\x05\x06" + b"\0" * 18,
    "zip without the file": lambda: archive("readme.txt"),
    "zip with two": lambda: archive("a.xml", "b.xml"),
    "zip with thousands": lambda: archive(*(f"{n}.xml" for n in range(5_000))),
    "zip with a password": locked,
    "zip cut": lambda: archive("a.xml", content=WHOLE)[:-30],
    "zip damaged": lambda: archive("a.xml", content=WHOLE * 50).replace(b"\x00", b"\x01"),
    "zip in a zip": lambda: archive("a.xml", content=archive("a.xml", content=WHOLE)),
    "zip bomb": lambda: archive("a.xml", content=HEAD + b" " * (100 * MIB)),
    "lzma bomb": lambda: archive(
        "a.xml", content=HEAD + b" " * (50 * MIB), method=zipfile.ZIP_LZMA
    ),
    "gzip cut": lambda: gzip.compress(WHOLE * 50)[:-200],
    "gzip damaged": lambda: gzip.compress(WHOLE)[:60] + b"\xff" * 200,
    "gzip in a gzip": lambda: gzip.compress(gzip.compress(WHOLE)),
    "gzip bomb": lambda: gzip.compress(HEAD + b"<Id>" + b"1" * (100 * MIB), 1),
}
ODD = document(  # strange and yet a register: it is stored, with problems
    certificate(
        school(
            FullName="Robert'); drop table organisation;-- \\ %s %(x)s {0} ${y} \u202e\U0001f600",
            Phone="=cmd|' /C calc'!A0",
            INN="٣٤٥",
            Email="a@b.ru\u0000".replace("\u0000", ""),
            PostAddress="," * 400,
            WebSite="javascript:alert(1)",
            RegionName="%(region)s",
            TypeName="%d %s",
        ),
        IssueDate="99999-99-99",
        EndDate="0000-00-00",
        RegNumber="<script>",
        StatusName="%(oops",
    )
).getvalue()


def mutants(whole: bytes, number: int, first: int = 0) -> Iterator[tuple[int, bytes]]:
    """Damaged copies of a file, each told by its seed: bits turned, pieces cut and repeated."""
    for seed in range(first, first + number):
        chance = random.Random(seed)  # noqa: S311 - no secret
        content = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            at, length = chance.randrange(len(content)), chance.randrange(1, 3000)
            match chance.randrange(4):
                case 0:
                    content[at] ^= 1 << chance.randrange(8)
                case 1:
                    del content[at : at + length]
                case 2:
                    content[at:at] = content[at : at + length]
                case _:
                    content[at] = chance.choice(b"<>&/\"'0\x00\xff]")
        yield seed, bytes(content)
