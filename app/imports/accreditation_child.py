"""The process that parses the register of accredited organisations: file in, frames out.

It is started as a program of its own (see ``limited``), without the environment of the portal. It
gives up files, sockets, memory and rights before it reads the first byte.
"""

from __future__ import annotations

import codecs
import contextlib
import gc
import pkgutil
import sys
from encodings import __path__ as codec_folders
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = """<OpenData><Certificates><Certificate><IssueDate>2014-06-20</IssueDate>
<ActualEducationOrganization><Phone>+7 701 123-45-67, 8 (4812) 20-00-00 доб. 1</Phone>
<Fax>8 (4812) 20-00-00</Fax><Email>a@школа.рф</Email><WebSite>школа.рф</WebSite>
<INN>6730010475</INN></ActualEducationOrganization></Certificate></Certificates></OpenData>"""


def main() -> None:
    """Parse what comes in; every end but a sudden one is told as a frame."""
    # The package itself builds the portal: only the folder is needed, not Flask and the models.
    package = ModuleType("app")
    package.__path__ = [str(ROOT / "app")]
    sys.modules["app"] = package
    sys.path.insert(0, str(ROOT))
    from app.imports import frames  # noqa: PLC0415 - after the package
    from app.imports.accreditation import certificates  # noqa: PLC0415 - likewise
    from app.imports.accreditation_wire import written  # noqa: PLC0415 - likewise
    from app.imports.confined import give_up as _give_up  # noqa: PLC0415 - likewise
    from app.imports.unpacking import unpacked  # noqa: PLC0415 - likewise

    list(map(written, certificates(BytesIO(SAMPLE.encode()))))  # loads what is loaded when used
    _load_codecs()
    gc.disable()  # cards hold no circles; looking for some takes a tenth of the time
    _give_up()
    out = frames.Writer(sys.stdout.fileno(), sys.stdin.fileno())

    def records() -> Iterator[bytes]:  # begins inside, so that a refusal to unpack is told as well
        yield from map(written, certificates(out.heard(unpacked(sys.stdin.buffer, ".xml"))))

    out.all_of(records())


def _load_codecs() -> None:
    """Have every encoding at hand that a file may name; unknown ones are refused by themselves."""
    for module in pkgutil.iter_modules(list(codec_folders)):
        with contextlib.suppress(LookupError, ImportError):
            codecs.lookup(module.name)


if __name__ == "__main__":
    main()
