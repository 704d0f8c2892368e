"""The rules of the house that no ready-made tool checks."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("app", "tools", "tests", "bench", "migrations")
LONGEST_FILE = 300  # lines
LONGEST_FUNCTION = 40  # lines
EXCEPTION = re.compile(r"#\s*long:\s*\S")  # an exception carries its reason: `# long: …`
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "common", "constants"}


def sources(*folders: str) -> Iterator[Path]:
    yield from ROOT.glob("*.py")
    for folder in folders or FOLDERS:
        yield from sorted((ROOT / folder).rglob("*.py"))


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def offences(pattern: str, allowed: tuple[str, ...], *folders: str) -> list[str]:
    """Lines of code with the pattern, outside the allowed paths; comments do not count."""
    found = []
    for path in sources(*folders):
        if short(path).startswith(allowed):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(pattern, line.split("  #")[0]):
                found.append(f"{short(path)}:{number}: {line.strip()}")
    return found


def test_files_are_short() -> None:
    """Migrations are generated and never changed again: their length does not matter."""
    long = []
    for path in sources("app", "tools", "tests", "bench"):
        lines = path.read_text().splitlines()
        if len(lines) > LONGEST_FILE and not any(map(EXCEPTION.search, lines[:5])):
            long.append(f"{short(path)}: {len(lines)}")
    assert not long


def test_functions_are_short() -> None:
    long = []
    for path in sources("app", "tools", "tests", "bench"):
        lines = path.read_text().splitlines()
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION and not EXCEPTION.search(lines[node.lineno - 1]):
                long.append(f"{short(path)}:{node.lineno} {node.name}: {length}")
    assert not long


def test_modules_say_in_a_docstring_what_they_are() -> None:
    silent = [
        short(path)
        for path in sources("app", "tools")
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert not [
        short(path)
        for path in sources()
        if NAMES_THAT_SAY_NOTHING & {path.stem, *path.relative_to(ROOT).parts}
    ]


RULES = {
    "a transaction ends in one place": (
        r"\.commit\(",
        ("app/views/base/", "app/jobs/", "app/cli/"),
    ),
    "only services flush": (r"\.flush\(\)", ("app/services/",)),
    "the time comes from the clock": (
        r"\b(datetime\.now|datetime\.utcnow|date\.today|datetime\.today)\(",
        ("app/kernel/clock.py",),
    ),
    "relations are written on both sides": (r"\bbackref\b\s*[=(]", ()),
    "SQL is never put together from strings": (
        r"""\b(text|execute|executemany|scalars?|SQL)\(\s*(f["']|["'].*["']\s*(%|\+|\.format\())""",
        ("app/security/database.py",),
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_rule(rule: str) -> None:
    pattern, allowed = RULES[rule]
    assert not offences(pattern, allowed, "app")


BROKEN = {
    "a transaction ends in one place": "session.commit()",
    "only services flush": "db.session.flush()",
    "the time comes from the clock": "now = datetime.now(UTC)",
    "relations are written on both sides": 'relationship("A", backref="b")',
    "SQL is never put together from strings": 'session.execute(text(f"SELECT {name}"))',
}


@pytest.mark.parametrize("rule", RULES)
def test_rule_recognises_an_offence(rule: str) -> None:
    assert re.search(RULES[rule][0], BROKEN[rule])
