"""Damaged and hostile files of the register: a report or a refusal, and nothing in between."""

from __future__ import annotations

import json
import os
import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.imports.hostile import CORPUS, ODD, mutants
from tests.imports.loading import Loading
from tests.imports.register_file import certificate, document, sample

if TYPE_CHECKING:
    from tests.conftest import Portal

MUTANTS = int(os.environ.get("PORTAL_TEST_MUTANTS", "12"))  # 100 in the long run
GROWTH = 50 << 10  # KiB


def resident() -> int:
    """Memory of this process in KiB."""
    found = re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())
    assert found
    return int(found[1])


def load(portal: Portal, content: bytes) -> str:
    """Import a file as the command does; gives the refusal or nothing."""
    from app.cli.importing import ServerOperator  # noqa: PLC0415 - needs the settings
    from app.extensions import db  # noqa: PLC0415 - likewise
    from app.imports.accreditation_file import RegisterFile  # noqa: PLC0415 - likewise
    from app.kernel.errors import Refused  # noqa: PLC0415 - likewise
    from app.security.scopes import bind_scope, system_scope  # noqa: PLC0415 - likewise
    from app.services.import_accreditation import import_accreditation  # noqa: PLC0415 - likewise

    with portal.app.app_context():
        session = db.session()
        bind_scope(session, system_scope("import"))
        try:
            with RegisterFile(BytesIO(content)) as cards:
                import_accreditation(session, cards, actor=ServerOperator())
        except Refused as refusal:
            session.rollback()
            return str(refusal)
        session.commit()
    return ""


@pytest.mark.parametrize("name", CORPUS)
def test_a_hostile_file_is_refused_with_a_sentence(name: str) -> None:
    from app.imports.accreditation_file import RegisterFile  # noqa: PLC0415 - for the whole file
    from app.kernel.errors import Refused  # noqa: PLC0415 - likewise

    content = CORPUS[name]()
    before = resident()
    with RegisterFile(BytesIO(content)) as cards, pytest.raises(Refused) as refusal:
        for _ in cards:
            pass
    assert len(str(refusal.value)) > 25
    assert resident() - before < GROWTH


def test_damaged_files_end_in_a_report_or_a_refusal_and_are_stored_whole_or_not_at_all(
    fresh_portal: Portal, tmp_path: Path
) -> None:
    loading = Loading(fresh_portal, tmp_path)
    assert load(fresh_portal, ODD) == ""
    whole = sample().read_bytes()
    stands, before, refused = loading.everything(), resident(), 0
    for seed, content in mutants(whole, MUTANTS):
        said = load(fresh_portal, content)
        if said:
            refused += 1
            assert len(said) > 25, seed
            assert loading.everything() == stands, seed
        else:
            stands = loading.everything()
    assert refused > 0
    assert resident() - before < GROWTH


def test_a_parser_that_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from app.imports import accreditation_file  # noqa: PLC0415 - to have another program started
    from app.kernel.errors import Refused  # noqa: PLC0415 - likewise

    program = tmp_path / "dies.py"
    for code in (
        "import os; os.kill(os.getpid(), 9)",
        "import os; os.write(1, b'C\\xff\\xff\\xff\\xff')",
        "import os; os.write(1, b'C\\0\\0\\0\\2[]')",
        "import os; os.write(1, b'C' + (90000).to_bytes(4) + b'[' * 90000)",
        'import os; os.write(1, b\'R\\0\\0\\0\\x19["%(x)99999999999s",{"x":1}]\')',
        "import os; os.write(1, b'X\\0\\0\\0\\0')",
        "raise SystemExit(0)",
    ):
        program.write_text(code)
        monkeypatch.setattr(accreditation_file, "PROGRAM", program)
        file = document(certificate())
        with accreditation_file.RegisterFile(file) as cards, pytest.raises(Refused) as refusal:
            list(cards)
        assert "Ничего не загружено" in str(refusal.value)


def test_a_parser_that_says_nothing_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from app.imports import accreditation_file, limited  # noqa: PLC0415 - to be impatient
    from app.kernel.errors import Refused  # noqa: PLC0415 - likewise

    program = tmp_path / "sleeps.py"
    program.write_text("import time; time.sleep(600)")
    monkeypatch.setattr(accreditation_file, "PROGRAM", program)
    monkeypatch.setattr(limited, "PATIENCE", 0.5)
    file = document(certificate())
    with accreditation_file.RegisterFile(file) as cards, pytest.raises(Refused) as refusal:
        list(cards)
    assert "слишком долго" in str(refusal.value)


ATTEMPTS = """
    import json, os, socket
    told = {"environment": sorted(os.environ), "open": sorted(os.listdir("/proc/self/fd"))[:4]}
    out = open("@", "w")
    _give_up()
    def attempt(name, act):
        try:
            act()
            told[name] = "done"
        except (OSError, MemoryError) as fault:
            told[name] = type(fault).__name__
    attempt("file", lambda: open("/etc/passwd"))
    attempt("socket", socket.socket)
    attempt("memory", lambda: bytearray(600 << 20))
    attempt("write", lambda: out.write("x") and out.flush())
    print(json.dumps(told), flush=True)
"""


def test_the_parser_has_no_environment_and_can_open_write_and_allocate_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from app.imports import accreditation_child  # noqa: PLC0415 - its own text is tried
    from app.imports.limited import Limited  # noqa: PLC0415 - likewise

    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    source = Path(accreditation_child.__file__).read_text()
    assert source.count("    _give_up()\n") == 1
    root = f"ROOT = Path({str(accreditation_child.ROOT)!r})"
    source = re.sub(r"^ROOT = .*$", root, source, flags=re.MULTILINE)
    attempts = ATTEMPTS.replace("@", str(tmp_path / "out"))
    program = tmp_path / "tries.py"
    program.write_text(source.replace("    _give_up()\n", attempts))
    with Limited(program, document(certificate())) as process:
        told = json.loads(bytes(process._chunk()).split(b"\n")[0])
    assert told == {
        "environment": ["LC_ALL"],
        "open": ["0", "1", "2", "3"],  # the last one is the folder that is listed
        "file": "OSError",
        "socket": "OSError",
        "memory": "MemoryError",
        "write": "OSError",
    }


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("zip of nothing", "должен быть один файл .xml, а их 0"),
        ("zip without the file", "должен быть один файл .xml, а их 0"),
        ("zip with two", "должен быть один файл .xml, а их 2"),
        ("zip with a password", "«a.xml» в архиве закрыт паролем"),
        ("zip cut", "Архив повреждён и не распаковывается."),
        ("zip damaged", "Архив повреждён и не распаковывается."),
        ("gzip cut", "Архив повреждён и не распаковывается."),
    ],
)
def test_an_archive_is_told_what_is_wrong_with_it(name: str, words: str) -> None:
    from app.imports.accreditation_file import RegisterFile  # noqa: PLC0415 - for the whole file
    from app.kernel.errors import Refused  # noqa: PLC0415 - likewise

    with (
        RegisterFile(BytesIO(CORPUS[name]())) as cards,
        pytest.raises(Refused, match=re.escape(words)),
    ):
        list(cards)
