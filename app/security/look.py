"""How an account wants the pages to look: theme and height of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from sqlalchemy import text

THEMES = ("system", "light", "dark")
DENSITIES = ("usual", "comfortable", "compact")  # rows of 36, 44 and 30 px
# The first names the account to the policy of the table, which lets nobody write another's row.
KEEP = (
    text("select set_config('app.user_id', cast(:user_id as text), true)"),
    text(
        "insert into user_preference (user_id, theme, density)"
        " values (:user_id, :theme, :density)"
        " on conflict (user_id) do update set theme = :theme, density = :density"
    ),
)


@dataclass(frozen=True, slots=True)
class Look:
    """A theme, ``system`` for that of the computer, and a height of rows."""

    theme: str = THEMES[0]
    density: str = DENSITIES[0]

    @classmethod
    def of(cls, theme: str | None, density: str | None) -> Self:
        """What was chosen; anything unknown is as if nothing had been."""
        return cls(
            theme if theme in THEMES else THEMES[0],
            density if density in DENSITIES else DENSITIES[0],
        )
