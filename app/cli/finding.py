"""What one check of the doctor has found, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How serious a finding is."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


WORDS = {State.OK: "в порядке", State.WARNING: "внимание", State.FAILED: "ОШИБКА"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: which check, how it ended, what was seen, what to do.

    ``fatal``: with it a portal for others does not start.
    """

    check: str
    state: State
    text: str
    advice: str = ""
    fatal: bool = False

    def line(self) -> str:
        """For the terminal."""
        words = f"{WORDS[self.state]:<10} {self.check}: {self.text}"
        return f"{words} → {self.advice}" if self.advice else words

    def as_json(self) -> dict[str, str | bool]:
        """For other programs."""
        return {
            "check": self.check,
            "state": self.state.value,
            "text": self.text,
            "advice": self.advice,
            "fatal": self.fatal,
        }


def good(check: str, text: str) -> Finding:
    """Nothing to do."""
    return Finding(check, State.OK, text)


def warn(check: str, text: str, advice: str) -> Finding:
    """The portal works; somebody should look."""
    return Finding(check, State.WARNING, text, advice)


def bad(check: str, text: str, advice: str, *, fatal: bool = False) -> Finding:
    """Something has to be done."""
    return Finding(check, State.FAILED, text, advice, fatal)
