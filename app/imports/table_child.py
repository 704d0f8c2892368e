"""The process that reads tables of strangers (.xlsx, .ods, .csv): file in, rows as frames out.

It is started as a program of its own (see ``limited``), without the environment of the portal. It
gives up files, sockets, memory and rights before it reads the first byte.
"""

from __future__ import annotations

import codecs
import contextlib
import gc
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
MEMORY = 1 << 30  # bytes: a whole sheet is held while its rows are sent
SECONDS = 300  # of the CPU; 200,000 rows of 20 cells take about ten
SAMPLE = 'а;"б"\n1;2\n'
PARTS = ("xl/workbook.xml", "xl/лист.xml")  # of a workbook that is none


def main() -> None:
    """Read what comes in; every end but a sudden one is told as a frame."""
    # The package itself builds the portal: only the folder is needed, not Flask and the models.
    package = ModuleType("app")
    package.__path__ = [str(ROOT / "app")]
    sys.modules["app"] = package
    sys.path.insert(0, str(ROOT))
    from app.imports import frames  # noqa: PLC0415 - after the package
    from app.imports.confined import give_up as _give_up  # noqa: PLC0415 - likewise
    from app.imports.separated import ENCODINGS, WIDE  # noqa: PLC0415 - likewise
    from app.imports.tables import rows  # noqa: PLC0415 - likewise
    from app.kernel.errors import Refused  # noqa: PLC0415 - likewise

    for name in (*ENCODINGS, *WIDE, "utf-8-sig", "utf-16", "cp437"):
        codecs.lookup(name)
    list(rows(BytesIO(SAMPLE.encode())))  # loads what is loaded when used
    with contextlib.suppress(Refused):
        list(rows(_workbook()))
    gc.disable()  # rows hold no circles
    _give_up(MEMORY, SECONDS)
    out = frames.Writer(sys.stdout.fileno(), sys.stdin.fileno())
    out.all_of(rows(sys.stdin.buffer, out.progress))


def _workbook() -> BytesIO:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in PARTS:
            archive.writestr(name, "<a><c r='A1'/></a>")
    made.seek(0)
    return made


if __name__ == "__main__":
    main()
