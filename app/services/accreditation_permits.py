"""Certificates of the open data with their supplements, programmes and decisions (item 3.08)."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from app.services.accreditation_kept import (
    AGAIN,
    ASKED,
    CERTIFICATES,
    DECISIONS,
    GONE,
    KEPT,
    PROGRAMS,
    SUPPLEMENTS,
    TRASHED,
)
from app.services.accreditation_organisations import BUSY
from app.services.accreditation_report import State
from app.services.accreditation_store import SOURCE, Row, find, find_with_children, trashed, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.imports.accreditation_cards import CertificateCard, SupplementCard
    from app.services.accreditation_questions import Topic
    from app.services.accreditation_report import ImportReport
    from app.services.accreditation_store import Found, Kept, Written
    from app.services.accreditation_words import Words


NAMESPACE = uuid.UUID("6f5a1c52-9f0b-5c62-9d0e-3b8f4c1d7a20")  # any fixed one: of derived keys


@dataclass(frozen=True, slots=True)
class Placed:
    """A certificate whose organisations are known; those of supplements in their order."""

    card: CertificateCard
    key: str
    organisation_id: int
    supplements: tuple[int, ...]


@dataclass(slots=True)
class Line:
    """A row to be, with the number of its certificate for whoever reads the report."""

    row: Row
    certificate: str
    card: Any = None
    wish: str = ""  # the word that has no code, if nobody has given one meanwhile


class Permits:
    """All certificates of one run; ``load`` is called batch by batch."""

    def __init__(self, session: Session, words: Words, report: ImportReport) -> None:
        """Remember what is in the trash: an import does not revive it."""
        self.session = session
        self.words = words
        self.report = report
        self._trash = {kept.record: trashed(session, kept) for kept in KEPT}
        self._seen: dict[Any, set[int]] = {kept.record: set() for kept in KEPT}

    def load(self, batch: Sequence[Placed]) -> None:
        """Store the certificates of a batch with everything under them."""
        own = {placed.key: placed for placed in reversed(batch)}
        lines = self._fresh(CERTIFICATES, map(self._certificate, batch))
        stored = self._keep(CERTIFICATES, lines, find(self.session, CERTIFICATES, lines))
        there = [own[key] for key in stored]
        parents = {row.id: own[key].card.number for key, row in stored.items()}
        supplements = self._children(
            SUPPLEMENTS, parents, (self._supplements(p, stored[p.key].id) for p in there)
        )
        decisions = (_decisions(placed, stored[placed.key].id) for placed in there)
        self._children(DECISIONS, parents, decisions)
        numbers = {row.id: line.certificate for line, row in supplements}
        self._children(PROGRAMS, numbers, (self._programs(*pair) for pair in supplements))

    def _children(
        self, kept: Kept, parents: Mapping[int, str], groups: Iterable[Iterable[Line]]
    ) -> list[tuple[Line, Written]]:
        """Store the rows under parents; ask about those that are there and not in the file."""
        lines = self._fresh(kept, (line for group in groups for line in group))
        found = find_with_children(self.session, kept, lines.keys(), parents.keys())
        for key in found.keys() - lines.keys():
            certificate = parents.get(found[key].values[kept.parent])
            if certificate is not None and hash(key) not in self._seen[kept.record]:
                self.report.ask(certificate, GONE, _named(kept, key))
        stored = self._keep(kept, lines, found)
        return [(lines[key], row) for key, row in stored.items()]

    def _fresh(self, kept: Kept, lines: Iterable[Line]) -> dict[str, Line]:
        """Give the rows by key, without those that came before or are in the trash."""
        fresh: dict[str, Line] = {}
        # The key of a decision is made of its certificate's, so that it comes once in any case.
        seen = set() if kept is DECISIONS else self._seen[kept.record]
        for line in lines:
            key = line.row.key
            if hash(key) in seen:
                self._skip(kept, line, AGAIN)
            elif key in self._trash[kept.record]:
                self._skip(kept, line, TRASHED)
            else:
                fresh[key] = line
            seen.add(hash(key))
        return fresh

    def skip(self, card: CertificateCard) -> None:
        """Count a certificate that is not stored, and everything under it."""
        self.report.count(CERTIFICATES.record, State.SKIPPED)
        self.report.count(DECISIONS.record, State.SKIPPED, len(card.decisions))
        for supplement in card.supplements:
            self._skip_supplement(supplement)

    def _skip_supplement(self, card: SupplementCard) -> None:
        self.report.count(SUPPLEMENTS.record, State.SKIPPED)
        self.report.count(PROGRAMS.record, State.SKIPPED, len(card.programs))

    def _skip(self, kept: Kept, line: Line, why: Topic) -> None:
        if kept is CERTIFICATES:
            self.skip(line.card)
        elif kept is SUPPLEMENTS:
            self._skip_supplement(line.card)
        else:
            self.report.count(kept.record, State.SKIPPED)
        self.report.ask(line.certificate, why, _named(kept, line.row.key))

    def _keep(
        self, kept: Kept, lines: Mapping[str, Line], found: Mapping[str, Found]
    ) -> dict[str, Written]:
        if self.report.answers:
            self._fulfil(kept, lines, found)
        written = write(self.session, kept, [line.row for line in lines.values()], found)
        for key, line in lines.items():
            if key not in written:
                self._skip(kept, line, BUSY)
                continue
            self.report.count(kept.record, written[key].state)
            if line.wish and not written[key].values[ASKED[kept.record][0]]:
                topic = ASKED[kept.record][1]
                options = self.words.options(topic.classifier)
                self.report.ask(line.certificate, topic, line.wish, options=options)
        return written

    def _fulfil(self, kept: Kept, lines: Mapping[str, Line], found: Mapping[str, Found]) -> None:
        """Fill with answers what neither the file nor the portal knows."""
        for key, line in lines.items():
            if not line.wish:
                continue
            name, topic = ASKED[kept.record]
            options = partial(self.words.options, topic.classifier)
            answer = self.report.answers.to(topic, line.wish, options)
            if answer and not (key in found and found[key].values[name]):
                line.row.values[name] = answer
                if kept is CERTIFICATES:
                    line.row.values["status_code"] = self.words.permit(answer)

    def _certificate(self, placed: Placed) -> Line:
        card = placed.card
        status = self.words.code("CERTIFICATE_STATUS", card.words["status"])
        region = self.words.code("REGION", card.words["code"])
        values = {
            **card.values,
            "decision_number": _decision_number(card),
            "status_text": status,
            "status_code": self.words.permit(status),
            "region_code": region or self.words.code("REGION", card.words["region"]),
            "organisation_id": placed.organisation_id,
        }
        wish = card.words["status"] if status is None else None
        return Line(_row(placed.key, values), card.number, card, wish or "")

    def _supplements(self, placed: Placed, accreditation_id: int) -> Iterator[Line]:
        keys = Counter[str]()
        pairs = zip(placed.card.supplements, placed.supplements, strict=True)
        for card, organisation_id in pairs:
            word = card.words["status"] or card.words["code"]
            status = self.words.code("SUPPLEMENT_STATUS", word)
            values = {
                **card.values,
                "status_text": status,
                "accreditation_id": accreditation_id,
                "organisation_id": organisation_id,
            }
            key = card.id or _derived(keys, placed.key, card.values)
            wish = word if status is None else None
            yield Line(_row(key, values), placed.card.number, card, wish or "")

    def _programs(self, line: Line, supplement: Written) -> Iterator[Line]:
        card: SupplementCard = line.card
        keys = Counter[str]()
        for program in card.programs:
            level = self.words.level(program.values)
            values = {
                **program.values,
                "level_code": level,
                "supplement_id": supplement.id,
                "accreditation_id": supplement.values["accreditation_id"],
                "organisation_id": supplement.values["organisation_id"],
            }
            key = program.id or _derived(keys, line.row.key, program.values)
            wish = _described(program.values) if level is None else ""
            yield Line(_row(key, values), line.certificate, wish=wish)


def _named(kept: Kept, key: str) -> str:
    return f"{kept.record.about.title}, {key}"


def _described(program: Mapping[str, Any]) -> str:
    """Give the level of a programme as the register has it, with what else tells of it."""
    if not program.get("level_text"):
        return ""
    names = ("level_text", "program_code", "program_name", "program_group_code")
    return ", ".join(program[name] for name in names if program.get(name))


def _decisions(placed: Placed, accreditation_id: int) -> Iterator[Line]:
    """One order concerns many certificates, so that its identifier is unique within one only."""
    keys = Counter[str]()
    for card in placed.card.decisions:
        content = {"id": card.id} if card.id else card.values
        values = {
            **card.values,
            "accreditation_id": accreditation_id,
            "organisation_id": placed.organisation_id,
        }
        yield Line(_row(_derived(keys, placed.key, content), values), placed.card.number)


def _decision_number(card: CertificateCard) -> str | None:
    """Give the number of the order of the day of issue, if there is exactly one."""
    day = card.values.get("decision_date")
    numbers = {d.values.get("number") for d in card.decisions if d.values.get("decided_on") == day}
    number = numbers.pop() if day and len(numbers) == 1 else None
    return number[:50] if number else None


def _row(key: str, values: dict[str, Any]) -> Row:
    return Row(key, {**values, "source": SOURCE, "source_id": key})


def _derived(keys: Counter[str], parent: str, values: Mapping[str, Any]) -> str:
    """Give a key made of the content; equal contents under one parent are told by their order."""
    content = "|".join(f"{name}={value}" for name, value in sorted(values.items()))
    keys[content] += 1
    return str(uuid.uuid5(NAMESPACE, f"{parent}|{content}|{keys[content]}"))
