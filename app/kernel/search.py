"""Names as people look for them: case, ё and punctuation do not matter, nor the order of words.

The same folding exists twice on purpose: in SQL for stored keys and indexes (created by a
migration as ``portal_key`` and ``portal_words``), in Python for what is typed into the box.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from sqlalchemy import Computed

if TYPE_CHECKING:
    from app.kernel.record import About

WORD = re.compile(r"[^\W_]+")
PUNCTUATION = "«»\"'.,:;!?()[]{}<>/\\|-–—_+=*&^%$#@№`~"


def words(typed: str) -> list[str]:
    """Split what was typed into folded words; at most 12, each at most 60 letters."""
    folded = unicodedata.normalize("NFKC", typed).lower().replace("ё", "е")
    return [word[:60] for word in WORD.findall(folded)[:12]]


def prefix_query(typed: str) -> str:
    """The ``to_tsquery`` text that finds rows with every word as a beginning; empty if no words."""
    return " & ".join(f"{word}:*" for word in words(typed))


def stored_search(about: About) -> Computed:
    """The stored word index of a record over the attributes its ``About`` names."""
    joined = " || ' ' || ".join(f"coalesce({name}::text, '')" for name in about.search)
    return Computed(f"to_tsvector('simple'::regconfig, portal_words({joined}))", persisted=True)
