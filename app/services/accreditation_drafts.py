"""Organisations of a file as its cards make them, before they are compared with ours.

An organisation stands in several certificates and supplements. The first card that says anything
about an attribute decides it for the whole file, so that a second run finds what the first stored;
another value met later is told about.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.imports.accreditation import ORGANISATION, PHONE
from app.imports.cleaning import Problem
from app.kernel.errors import Message
from app.services.accreditation_questions import Topic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from app.imports.accreditation_cards import CertificateCard, OrganisationCard
    from app.services.accreditation_words import Words

CODES = {
    "form": ("okopf", "OKOPF"),
    "kind": ("org_kind", "ORG_KIND"),
    "type": ("org_type", "ORG_TYPE"),
}
NAMES = (
    *(column.name for column in ORGANISATION),
    "phone",
    "phone_ext",
    "phone_extra",
    "region_code",
    "municipality_id",
    *(name for name, _ in CODES.values()),
)
UNKNOWN_WORD = Message(
    "Такого слова в классификаторе портала нет. Пока ответа нет, поле остаётся пустым; "
    "один ответ относится ко всем организациям с этим словом."
)
WORDS = {
    name: Topic(
        name,
        Message("Какому значению классификатора %(name)s это равно?", name=classifier),
        UNKNOWN_WORD,
        classifier,
    )
    for name, classifier in CODES.values()
}
LABELS = {column.name: column.label for column in (*ORGANISATION, PHONE)}
BIT = {name: 1 << place for place, name in enumerate((*NAMES, "address"))}


@dataclass(slots=True)
class Draft:
    """An organisation of a batch: what its cards decide, and what they say otherwise later.

    ``holder`` tells that a certificate is its own: it is not met in supplements only; ``wishes``
    are words that no classifier knows, by attribute. ``head`` is the organisation to whose
    certificate a supplement for this one was met first.
    """

    key: str
    card: OrganisationCard
    certificate: str
    holder: bool
    values: dict[str, Any] = field(default_factory=dict)
    address: dict[str, Any] = field(default_factory=dict)
    later: list[tuple[str, Any, int]] = field(default_factory=list)
    wishes: dict[str, str] = field(default_factory=dict)
    head: str | None = None


class Drafts:
    """Merges the cards of one run; remembers which attributes of which organisation are decided."""

    def __init__(self, words: Words) -> None:
        """Begin with nothing decided."""
        self.words = words
        self._claimed: dict[str, int] = {}
        self._told: set[tuple[str, str]] = set()

    def of(self, certificates: Iterable[CertificateCard]) -> dict[str, Draft]:
        """Give the organisations of a batch by the register's identifiers."""
        drafts: dict[str, Draft] = {}
        for certificate, card, holder in _cards(certificates):
            if card.id is None:
                continue
            draft = drafts.get(card.id)
            if draft is None:
                draft = drafts[card.id] = Draft(card.id, card, certificate.number, holder)
            draft.holder = draft.holder or holder
            if draft.head is None and not (holder or card.head_id):
                draft.head = certificate.organisation.id
            self._claim(draft, self._said(draft, card, certificate), card.line)
        return drafts

    def otherwise(self, draft: Draft, stored: Mapping[str, Any]) -> Iterator[Problem]:
        """Give the values of later cards that are not the ones stored, each once in a run."""
        for name, value, line in draft.later:
            kept = stored.get(name)
            if name not in LABELS or kept in {value, None} or (draft.key, name) in self._told:
                continue
            self._told.add((draft.key, name))
            why = Message("в файле есть и другое значение; сохранено первое: %(kept)s", kept=kept)
            element = "ActualEducationOrganization"
            yield Problem(draft.certificate, line, element, LABELS[name], why, str(value))

    def _said(
        self, draft: Draft, card: OrganisationCard, certificate: CertificateCard
    ) -> dict[str, Any]:
        """Give everything the card says, words as codes; what it does not say is left out."""
        address = card.address.get("full_text")
        region = self.words.region(card.words["region"], address, self._own_region(certificate))
        said = {
            **card.values,
            **self._codes(draft, card),
            "region_code": region,
            "municipality_id": self.words.municipality(address, region),
            "address": {**card.address, "region_code": region} if card.address else None,
        }
        return {name: value for name, value in said.items() if value is not None}

    def _own_region(self, certificate: CertificateCard) -> str | None:
        code, name = certificate.words["code"], certificate.words["region"]
        return self.words.code("REGION", code) or self.words.code("REGION", name)

    def _codes(self, draft: Draft, card: OrganisationCard) -> dict[str, Any]:
        codes: dict[str, Any] = {}
        for word, (name, classifier) in CODES.items():
            text = card.words[word]
            codes[name] = self.words.code(classifier, text)
            if text and codes[name] is None:
                draft.wishes.setdefault(name, text)
        return codes

    def _claim(self, draft: Draft, said: Mapping[str, Any], line: int) -> None:
        claimed = self._claimed.get(draft.key, 0)
        for name, value in said.items():
            if claimed & BIT[name]:
                if draft.values.get(name) != value:
                    draft.later.append((name, value, line))
                continue
            claimed |= BIT[name]
            if name == "address":
                draft.address = value
            else:
                draft.values[name] = value
        self._claimed[draft.key] = claimed


def _cards(
    certificates: Iterable[CertificateCard],
) -> Iterator[tuple[CertificateCard, OrganisationCard, bool]]:
    for certificate in certificates:
        holder = certificate.organisation
        yield certificate, holder, True
        for supplement in certificate.supplements:
            card = supplement.organisation
            if card is not holder:
                yield certificate, card, card.id == holder.id
