"""Cards as the parser's process sends them: JSON of a fixed form, each value checked on receipt.

The process that reads files of strangers may have been turned by one of them, so what it says is
taken as little on trust as the file itself: no pickles, nothing that is not asked for.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from app.imports.accreditation import (
    ADDRESS,
    CERTIFICATE,
    DECISION,
    LONGEST_ID,
    ORGANISATION,
    PROGRAM,
    SUPPLEMENT,
)
from app.imports.accreditation_cards import (
    CertificateCard,
    DecisionCard,
    OrganisationCard,
    ProgramCard,
    SupplementCard,
)
from app.imports.addresses import PARTS
from app.imports.cleaning import Problem
from app.imports.receiving import Malformed, number_of, sentence, text_of
from app.kernel.sentences import packed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from app.imports.cleaning import Column

ABSENT = 0  # stands where a value was not understood, unlike null where the file says nothing
ELEMENTS = frozenset(
    {
        "ActualEducationOrganization",
        "PostAddress",
        "Certificate",
        "Supplement",
        "EducationalProgram",
        "Decision",
    }
)
DATES = frozenset({"decision_date", "valid_to", "issued_on", "decided_on"})
FLAGS = frozenset(("is_federal", "is_for_branch", "is_accredited", "is_cancelled", "is_suspended"))
CERTIFICATE_WORDS = ("status", "region", "code")
ORGANISATION_WORDS = ("region", "form", "kind", "type")
SUPPLEMENT_WORDS = ("status", "code")


def _names(columns: Iterable[Column], *more: str) -> tuple[str, ...]:
    return (*(column.name for column in columns), *more)


CERTIFICATE_NAMES = _names(CERTIFICATE, "entrepreneur_name")
ORGANISATION_NAMES = _names(ORGANISATION, "phone", "phone_ext", "phone_extra")
SUPPLEMENT_NAMES = _names(SUPPLEMENT)
PROGRAM_NAMES = _names(PROGRAM)
DECISION_NAMES = _names(DECISION)
ADDRESS_NAMES = (ADDRESS.name, *PARTS)


def written(card: CertificateCard) -> bytes:
    """Give a card as bytes for ``read``."""
    organisations = {id(one): one for one in _organisations(card)}
    places = {ident: place for place, ident in enumerate(organisations)}
    parts = (
        card.id,
        card.number,
        card.line,
        _values(card.values, CERTIFICATE_NAMES),
        _texts(card.words, CERTIFICATE_WORDS),
        [_organisation(one) for one in organisations.values()],
        [_supplement(one, places[id(one.organisation)]) for one in card.supplements],
        [(one.id, one.line, _values(one.values, DECISION_NAMES)) for one in card.decisions],
        [(p.line, p.element, p.field, p.why.text, packed(p.why), p.value) for p in card.problems],
    )
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def read(content: bytes) -> CertificateCard:
    """Give the card again.

    Raises:
        Malformed: this is nothing that ``written`` gives.
    """
    try:
        return _certificate(json.loads(content))
    except Malformed:
        raise
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as fault:
        raise Malformed from fault


def _organisations(card: CertificateCard) -> Iterable[OrganisationCard]:
    yield card.organisation
    for supplement in card.supplements:
        yield supplement.organisation


def _organisation(card: OrganisationCard) -> tuple[Any, ...]:
    return (
        card.id,
        card.line,
        _values(card.values, ORGANISATION_NAMES),
        _texts(card.words, ORGANISATION_WORDS),
        _values(card.address, ADDRESS_NAMES),
        card.head_id,
    )


def _supplement(card: SupplementCard, organisation: int) -> tuple[Any, ...]:
    programs = [(one.id, one.line, _values(one.values, PROGRAM_NAMES)) for one in card.programs]
    values = _values(card.values, SUPPLEMENT_NAMES)
    return (
        card.id,
        card.line,
        values,
        _texts(card.words, SUPPLEMENT_WORDS),
        organisation,
        programs,
    )


def _values(values: Mapping[str, Any], names: tuple[str, ...]) -> list[Any]:
    return [values.get(name, ABSENT) for name in names]


def _texts(words: Mapping[str, str | None], names: tuple[str, ...]) -> list[str | None]:
    return [words[name] for name in names]


def _certificate(parts: Any) -> CertificateCard:
    ident, number, line, values, words, organisations, supplements, decisions, problems = parts
    cards = [_organisation_card(*one) for one in organisations]
    called = text_of(number)
    return CertificateCard(
        id=_key(ident),
        number=called,
        line=number_of(line),
        values=_read_values(values, CERTIFICATE_CHECKS),
        words=_read_texts(words, CERTIFICATE_WORDS),
        organisation=cards[0],
        supplements=tuple(_supplement_card(cards, *one) for one in supplements),
        decisions=tuple(
            DecisionCard(_key(key), number_of(at), _read_values(told, DECISION_CHECKS))
            for key, at, told in decisions
        ),
        problems=tuple(_problem(called, *one) for one in problems),
    )


def _organisation_card(
    ident: Any, line: Any, values: Any, words: Any, address: Any, head: Any
) -> OrganisationCard:
    return OrganisationCard(
        id=_key(ident),
        line=number_of(line),
        values=_read_values(values, ORGANISATION_CHECKS),
        words=_read_texts(words, ORGANISATION_WORDS),
        address=_read_values(address, ADDRESS_CHECKS),
        head_id=None if head is None else text_of(head),
    )


def _supplement_card(cards: list[OrganisationCard], *parts: Any) -> SupplementCard:
    ident, line, values, words, place, programs = parts
    if type(place) is not int or place < 0:
        raise Malformed
    return SupplementCard(
        id=_key(ident),
        line=number_of(line),
        values=_read_values(values, SUPPLEMENT_CHECKS),
        words=_read_texts(words, SUPPLEMENT_WORDS),
        organisation=cards[place],
        programs=tuple(
            ProgramCard(_key(key), number_of(at), _read_values(told, PROGRAM_CHECKS))
            for key, at, told in programs
        ),
    )


def _problem(
    certificate: str, line: Any, element: Any, field: Any, text: Any, values: Any, value: Any
) -> Problem:
    if element not in ELEMENTS:
        raise Malformed
    return Problem(
        certificate,
        number_of(line),
        element,
        text_of(field),
        sentence(text, values),
        text_of(value),
    )


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise Malformed
    return value


def _date(value: Any) -> dt.date:
    return dt.date.fromisoformat(value)


def _key(value: Any) -> str | None:
    if value is None:
        return None
    if len(text_of(value)) > LONGEST_ID:
        raise Malformed
    return str(value)


Checks = tuple[tuple[str, "Callable[[Any], Any]"], ...]


def _checks(names: tuple[str, ...]) -> Checks:
    return tuple(
        (name, _date if name in DATES else _flag if name in FLAGS else text_of) for name in names
    )


CERTIFICATE_CHECKS = _checks(CERTIFICATE_NAMES)
ORGANISATION_CHECKS = _checks(ORGANISATION_NAMES)
SUPPLEMENT_CHECKS = _checks(SUPPLEMENT_NAMES)
PROGRAM_CHECKS = _checks(PROGRAM_NAMES)
DECISION_CHECKS = _checks(DECISION_NAMES)
ADDRESS_CHECKS = _checks(ADDRESS_NAMES)


def _read_values(values: Any, checks: Checks) -> dict[str, Any]:
    return {
        name: None if value is None else check(value)
        for (name, check), value in zip(checks, values, strict=True)
        if value is None or type(value) is not int
    }


def _read_texts(values: Any, names: tuple[str, ...]) -> dict[str, str | None]:
    return {
        name: None if value is None else text_of(value)
        for name, value in zip(names, values, strict=True)
    }
