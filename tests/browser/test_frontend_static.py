"""What the build makes: its weight, and nothing that a strict policy or an old browser refuses."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from app.kernel.catalogue import records

ROOT = Path(__file__).parents[2]
DIST = ROOT / "app/static/dist"
TEMPLATES = sorted((ROOT / "app/templates").rglob("*.html"))
MOST_SCRIPT = 75_000
MOST_STYLE = 45_000
PAGES = {
    "list": ("boot.js", "main.js", "list.js", "pick.js"),
    "form": ("boot.js", "main.js", "form.js", "pick.js"),
    "record": ("boot.js", "main.js"),
}


@pytest.fixture(scope="module")
def built() -> dict[str, Path]:
    """Built files by their source names."""
    manifest = DIST / "manifest.json"
    if not manifest.exists():
        pytest.skip("the interface is not built: npm ci && npm run build")
    return {name: DIST / file for name, file in json.loads(manifest.read_text("utf-8")).items()}


def with_parts(file: Path) -> set[Path]:
    """A script and the parts it imports."""
    found = {file}
    for name in re.findall(r'["\']\./(part-[\w-]+\.js)["\']', file.read_text("utf-8")):
        found |= with_parts(DIST / name)
    return found


def weight(files: set[Path]) -> int:
    return sum(len(gzip.compress(file.read_bytes())) for file in files)


@pytest.mark.parametrize("page", PAGES)
def test_scripts_of_a_page_stay_within_the_budget(built: dict[str, Path], page: str) -> None:
    files = set().union(*(with_parts(built[name]) for name in PAGES[page]))
    assert weight(files) <= MOST_SCRIPT


def test_styles_stay_within_the_budget(built: dict[str, Path]) -> None:
    assert weight({built["main.css"]}) <= MOST_STYLE


def test_styles_run_on_the_browsers_of_old_school_computers(built: dict[str, Path]) -> None:
    text = built["main.css"].read_text("utf-8")
    assert not re.search(r"oklch|oklab|color-mix|@scope|light-dark\(", text)
    assert "&" not in re.sub(r'url\([^)]*\)|"[^"]*"', "", text), "nesting was not lowered"


def test_styles_ask_no_other_host(built: dict[str, Path]) -> None:
    text = built["main.css"].read_text("utf-8")
    assert not re.findall(r"url\(\s*[\"']?(?:https?:)?//[^)]*\)", text)


def test_every_file_the_styles_name_is_built(built: dict[str, Path]) -> None:
    text = built["main.css"].read_text("utf-8")
    named = re.findall(r'url\("?(?!data:)([^)"]+)"?\)', text)
    assert named
    assert [name for name in named if not (DIST / name).exists()] == []


def test_every_icon_in_use_is_in_the_sprite(built: dict[str, Path]) -> None:
    have = set(re.findall(r'<symbol id="([\w-]+)"', built["icons.svg"].read_text("utf-8")))
    used = {record.about.icon for record in records()}
    sources = [*TEMPLATES, *(ROOT / "app/views").rglob("*.py")]
    for file in sources:
        used |= set(re.findall(r'\bic(?:on)?\("([\w-]+)"', file.read_text("utf-8")))
    assert used - have - {""} == set()


def test_every_file_the_templates_name_is_built(built: dict[str, Path]) -> None:
    text = "".join(file.read_text("utf-8") for file in TEMPLATES)
    assert set(re.findall(r"asset\(['\"]([\w.-]+)['\"]\)", text)) - set(built) == set()


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_template_has_nothing_inline(file: Path) -> None:
    text = file.read_text("utf-8")
    assert not re.search(r"<[^>]*\sstyle=", text), "the policy refuses style attributes"
    assert not re.search(r"<style", text)
    assert not re.search(r"<[^>]*\son\w+=", text), "the policy refuses inline handlers"
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


def test_words_for_people_are_in_the_templates_only() -> None:
    for file in (ROOT / "frontend/scripts").glob("*.js"):
        code = re.sub(r"^\s*//.*$", "", file.read_text("utf-8"), flags=re.MULTILINE)
        assert not re.search("[А-Яа-яЁё]", code), f"{file.name} has untranslatable words"
