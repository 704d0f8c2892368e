"""Grades of a school as written in its papers ("1;2-9;10-11") and its bells."""

from __future__ import annotations

import datetime as dt
import json


def grades_of(written: str | None) -> frozenset[int]:
    """The grades named by a stored list of grades and ranges; none of nothing."""
    found: set[int] = set()
    for part in filter(None, (written or "").split(";")):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


def bells_of(stored: str) -> tuple[tuple[dt.time, dt.time], ...]:
    """Beginning and end of each lesson of a stored bell schedule (a JSON list of pairs)."""
    return tuple(
        (dt.time.fromisoformat(begins), dt.time.fromisoformat(ends))
        for begins, ends in json.loads(stored)
    )


def written_bells(lessons: tuple[tuple[dt.time, dt.time], ...]) -> str:
    """The stored form of a bell schedule: [["08:30", "09:10"], …]."""
    return json.dumps([[f"{begins:%H:%M}", f"{ends:%H:%M}"] for begins, ends in lessons])
