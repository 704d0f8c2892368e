"""What was asked for and missed: marked in the tables, said again at the end, told by exit code."""

from __future__ import annotations

MISSED: list[str] = []


def mark(what: str, found: float, limit: float, unit: str, *, least: bool = False) -> str:
    """Give the mark of a figure beyond its limit, or nothing; remembers it for the end.

    ``least``: the limit is the smallest good figure and not the largest.
    """
    if found >= limit if least else found <= limit:
        return ""
    MISSED.append(f"{what}: {found:,.1f} {unit}, limit {'≥' if least else '≤'} {limit:g}")
    return " !"


def told() -> int:
    """Say what was missed; gives the exit code: 1 where anything was."""
    if not MISSED:
        print("\nEvery figure is within its limit.")
        return 0
    print(f"\nOVER THE LIMIT: {len(MISSED)}")
    print("\n".join(f"  ! {line}" for line in MISSED))
    print("Other work on the machine slows all sides: ratios, statements and memory stand firm.")
    return 1
