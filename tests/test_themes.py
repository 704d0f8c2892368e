"""The tokens of both themes: complete, the only place of colours, readable on their grounds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).parents[1] / "frontend/styles"
TOKENS = (STYLES / "_tokens.scss").read_text("utf-8")
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b(?!\s*\{)|\b(?:rgba?|hsla?|oklch|color-mix)\(|%23[0-9a-f]{3,8}"
    r"|:\s*(?:white|black|red|green|blue|gr[ae]y)\b",
    re.IGNORECASE,
)
TEXT = 4.5  # WCAG 2.2, 1.4.3
SIGN = 3.0  # 1.4.11: borders of inputs, marks, the ring of the cursor
ON_PAPER = ("paper", "page", "float", "over")
PAIRS = [
    *((word, ground, TEXT) for word in ("ink", "muted", "faint") for ground in ON_PAPER),
    *((word, "blue-softer", TEXT) for word in ("ink", "faint", "blue", "amber")),
    *(
        (word, ground, TEXT)
        for word in ("blue", "blue-deep")
        for ground in (*ON_PAPER, "blue-soft")
    ),
    *(("ink", ground, TEXT) for ground in ("blue-soft", "red-soft", "amber-soft", "green-soft")),
    *((word, "blue-soft", TEXT) for word in ("muted", "faint")),
    *((word, ground, TEXT) for word in ("red", "amber", "green") for ground in ("paper", "page")),
    ("red", "red-soft", TEXT),
    ("amber", "amber-soft", TEXT),
    ("green", "green-soft", TEXT),
    ("ink", "press", TEXT),
    ("red", "over", TEXT),
    ("on-fill", "fill", TEXT),
    ("on-fill", "fill-deep", TEXT),
    ("on-fill", "red-fill", TEXT),
    ("on-fill", "red-fill-deep", TEXT),
    *((word, "navy", TEXT) for word in ("navy-ink", "navy-faint", "navy-strong")),
    ("edge", "paper", SIGN),
    ("blue", "paper", SIGN),
    ("navy-ring", "navy", SIGN),
    ("amber-mark", "paper", SIGN),
    ("green-mark", "paper", SIGN),
]


def theme(name: str) -> dict[str, str]:
    """The tokens of one theme by name."""
    body = re.search(rf"@mixin {name} \{{(.*?)\n\}}", TOKENS, re.DOTALL)
    assert body
    return dict(re.findall(r"--([\w-]+): (.+);", body[1]))


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_words_can_be_read_on_their_grounds(name: str) -> None:
    tokens = theme(name)
    weak = {
        f"{word} on {ground}": round(contrast(tokens[word], tokens[ground]), 2)
        for word, ground, least in PAIRS
        if contrast(tokens[word], tokens[ground]) < least
    }
    assert weak == {}


def test_both_themes_name_the_same_things() -> None:
    assert theme("light").keys() == theme("dark").keys()


@pytest.mark.parametrize("sheet", sorted(STYLES.glob("*.scss")), ids=lambda sheet: sheet.name)
def test_colours_stand_among_the_tokens_only(sheet: Path) -> None:
    if sheet.name == "_tokens.scss":
        return
    code = re.sub(r"//[^\n]*", "", sheet.read_text("utf-8"))
    assert COLOUR.findall(code) == []


def test_every_token_in_use_exists() -> None:
    sheets = [sheet.read_text("utf-8") for sheet in STYLES.glob("*.scss")]
    known = {name for text in sheets for name in re.findall(r"--([\w-]+):", text)}
    used = {name for text in sheets for name in re.findall(r"var\(--([\w-]+)", text)}
    assert {name for name in used - known if not name.startswith("bs-")} == set()


@pytest.mark.parametrize("sheet", sorted(STYLES.glob("*.scss")), ids=lambda sheet: sheet.name)
def test_paper_is_taken_for_no_phone(sheet: Path) -> None:
    """A sheet of A4 is narrower than a tablet: what is for phones has to say "screen"."""
    asked = re.findall(r"@media ([^{]*max-width[^{]*)", sheet.read_text("utf-8"))
    assert [words for words in asked if not words.startswith("screen and ")] == []
