"""Workflows declared once: states, steps, who takes them; buttons, guards and diagrams follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.kernel.errors import Invalid, Missing, Refused

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True, slots=True)
class State:
    """A state: its words, the tone of its dot (ok, warn, off, bad), whether nothing follows."""

    code: str
    title: str
    tone: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A transition (domain.md 2.6).

    ``goals`` are the states it may end in: what is decided chooses one of several. ``by`` names
    the part that takes it; ``speaks``: it is not taken without a comment. ``asks`` are attributes
    of the row that are typed with the step, ``lead`` says before it what it will do.
    """

    name: str
    title: str
    by: str
    origins: tuple[str, ...]
    goals: tuple[str, ...]
    speaks: bool = False
    tone: str = "plain"
    icon: str = ""
    asks: tuple[str, ...] = ()
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Workflow:
    """All states and steps of one kind of affair; ``parts`` says in words who takes which steps."""

    name: str
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    parts: dict[str, str]

    def state(self, code: str) -> State:
        """The state of a code. Raises ``KeyError``."""
        return {state.code: state for state in self.states}[code]

    def step(self, name: str) -> Step:
        """The step of a name. Raises ``Missing``."""
        for step in self.steps:
            if step.name == name:
                return step
        raise Missing("Такого действия нет.")

    def open_to(self, state: str, parts: Collection[str]) -> tuple[Step, ...]:
        """The steps that those who play the parts may take from a state: the buttons."""
        return tuple(s for s in self.steps if state in s.origins and s.by in parts)

    def admit(self, name: str, state: str, parts: Collection[str], comment: str) -> Step:
        """The step, if it may be taken now by these parts with this comment.

        Raises:
            Missing: there is no such step.
            Refused: it is somebody else's, or the affair is in another state.
            Invalid: it is not taken without a comment.
        """
        step = self.step(name)
        if step.by not in parts:
            raise Refused("Это действие вам не разрешено.")
        if state not in step.origins:
            raise Refused("Состояние изменилось: это действие больше не выполнить.")
        if step.speaks and not comment.strip():
            raise Invalid("Напишите, в чём дело: без пояснения это действие не выполнить.")
        return step

    def diagram(self) -> str:
        """The states and steps in Mermaid's notation, for the guides."""
        lines = ["stateDiagram-v2"]
        lines += [f'    state "{state.title}" as {state.code}' for state in self.states]
        lines.append(f"    [*] --> {self.states[0].code}")
        lines += [
            f"    {origin} --> {goal}: {step.title} ({self.parts[step.by]})"
            for step in self.steps
            for origin in step.origins
            for goal in step.goals
        ]
        lines += [f"    {state.code} --> [*]" for state in self.states if state.final]
        return "\n".join(lines) + "\n"
