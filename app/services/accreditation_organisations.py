"""Organisations of the open data, stored: found by the register's identifier or by requisites."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import and_

from app.kernel.errors import Message, Refused
from app.kernel.text import quoted
from app.models.registry import Organisation
from app.models.registry_addresses import OrganisationAddress
from app.services.accreditation_drafts import NAMES, WORDS, Drafts
from app.services.accreditation_hands import Hands
from app.services.accreditation_matching import NEW, SEVERAL, adoptable, option
from app.services.accreditation_questions import Option, Topic
from app.services.accreditation_report import State
from app.services.accreditation_store import SOURCE, Kept, Row, find, read, trashed, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.imports.accreditation_cards import CertificateCard
    from app.services.accreditation_drafts import Draft
    from app.services.accreditation_matching import Doubt
    from app.services.accreditation_report import ImportReport
    from app.services.accreditation_store import Found, Written
    from app.services.accreditation_words import Words

ORGANISATIONS = Kept(Organisation, (*NAMES, "parent_id", "source", "source_id"))
PARTS = ("postal_index", "region_code", "municipality_id", "locality", "street", "house")
ADDRESSES = Kept(
    OrganisationAddress,
    ("organisation_id", "address_kind", "full_text", *PARTS, "source", "source_id"),
    key="organisation_id",
    clearable=frozenset(PARTS),  # parts of a former address do not stay beside the new text
)
LEGAL = "L"
BUSY = Topic(
    "busy",
    Message("Запись меняли во время загрузки, она не изменена."),
    Message("Загрузите файл ещё раз."),
)
TRASHED = Topic(
    "trash",
    Message("Организация удалена в портале, поэтому не загружена."),
    Message("Если она нужна, верните её из корзины и загрузите файл ещё раз."),
)
NAMELESS = Topic(
    "nameless",
    Message("У организации в файле нет названия: она не загружена."),
    Message("Внесите организацию вручную или дождитесь исправленного файла."),
)
ADDRESS = Topic(
    "address",
    Message("Адрес в портале введён людьми, в реестре он другой. Заменить?"),
    Message("Пока ответа нет, остаётся адрес портала."),
)
KEEP = Option("keep", Message("Оставить адрес портала"))
REPLACE = Option("replace", Message("Заменить адресом реестра"))


class Organisations:
    """All organisations of one run; ``load`` is called batch by batch."""

    def __init__(self, session: Session, words: Words, report: ImportReport) -> None:
        """Remember what is in the trash: an import does not revive it."""
        self.session = session
        self.words = words
        self.report = report
        self.drafts = Drafts(words)
        self.hands = Hands(session, report)
        self._trash = trashed(session, ORGANISATIONS)
        self._states: dict[str, State] = {}
        self._wished: set[tuple[str, str]] = set()
        self._taken: dict[int, str] = {}

    def load(self, certificates: Sequence[CertificateCard]) -> dict[str, int]:
        """Store the organisations of a batch; gives their ids by the register's identifiers."""
        drafts = self.drafts.of(certificates)
        found = find(self.session, ORGANISATIONS, drafts)
        found |= self._adopted([draft for key, draft in drafts.items() if key not in found])
        for key, draft in drafts.items():
            self._fulfil(draft, found.get(key))
        rows = [
            Row(key, {**draft.values, "source": SOURCE, "source_id": key})
            for key, draft in drafts.items()
            if key in found or self._may_add(draft)
        ]
        self.hands.leave(rows, found, drafts)
        written = self._write(rows, found, drafts)
        for key, row in written.items():
            self.report.tell(self.drafts.otherwise(drafts[key], row.values))
            self.note(key, row.state)
            self._ask_wishes(drafts[key], row)
        self._addresses(drafts, written)
        self._ask_unwritten(drafts, found.keys() - written.keys())
        return {key: row.id for key, row in (found | written).items()}

    def _write(
        self, rows: Sequence[Row], found: Mapping[str, Found], drafts: Mapping[str, Draft]
    ) -> dict[str, Written]:
        """Write heads before new branches, which then begin with their head.

        What remains to be said of heads is left to ``Branches``.
        """
        branches = [
            row
            for row in rows
            if row.key not in found and drafts[row.key].head and not drafts[row.key].holder
        ]
        keys = {row.key for row in branches}
        heads = [row for row in rows if row.key not in keys]
        written = write(self.session, ORGANISATIONS, heads, found)
        for row in branches:
            head = written.get(str(drafts[row.key].head))
            row.values["parent_id"] = head.id if head else None
        return written | write(self.session, ORGANISATIONS, branches, found)

    def note(self, key: str, state: State) -> None:
        """Remember what became of an organisation: new stays new, the same gives way."""
        before = self._states.get(key)
        if before is State.NEW or (before is State.CHANGED and state is State.SAME):
            return
        self._states[key] = state

    def finish(self) -> None:
        """Count every organisation of the file once."""
        for state in self._states.values():
            self.report.count(Organisation, state)

    def _ask_unwritten(self, drafts: Mapping[str, Draft], keys: Iterable[str]) -> None:
        for key in keys:
            self.note(key, State.SKIPPED)
            draft = drafts[key]
            self.report.ask(draft.certificate, BUSY, draft.card.name or key, about=key)

    def _adopted(self, missing: Sequence[Draft]) -> dict[str, Found]:
        named = [draft for draft in missing if draft.values.get("full_name")]
        adopted, doubts = adoptable(self.session, ORGANISATIONS, named)
        for draft in missing:
            if draft.key in doubts:
                answered = self._recognised(draft, doubts[draft.key])
                adopted |= {draft.key: answered} if answered else {}
        for draft in missing:
            if draft.key in adopted:
                what = Message("Узнана по реквизитам, получила идентификатор реестра")
                self.report.match(draft.certificate, what, draft.values["full_name"])
        return adopted

    def _recognised(self, draft: Draft, doubt: Doubt) -> Found | None:
        """Give the organisation that the answer says it is; ask where there is no answer."""
        options = (NEW, *map(option, doubt.rows))
        answer = self.report.answers.to(doubt.topic, draft.key, lambda: options)
        if answer is None:
            name = draft.values["full_name"]
            self.report.ask(draft.certificate, doubt.topic, name, about=draft.key, options=options)
        if answer in {None, NEW.code}:
            return None
        row = next(row for row in doubt.rows if option(row).code == answer)
        if self._taken.setdefault(row.id, draft.key) != draft.key:
            raise Refused(
                "По ответам две организации файла — это одна организация портала: «%(name)s». "
                "Оставьте её одной из них, для другой ответьте «%(new)s».",
                name=quoted(row.values["full_name"]),
                new=NEW.code,
            )
        return row

    def _fulfil(self, draft: Draft, present: Found | None) -> None:
        """Fill with answers what neither the file nor the portal knows."""
        if not self.report.answers:
            return
        self.report.answers.meet(SEVERAL, draft.key)
        self.report.answers.meet(ADDRESS, draft.key)
        for name, text in draft.wishes.items():
            topic = WORDS[name]
            options = partial(self.words.options, topic.classifier)
            answer = self.report.answers.to(topic, text, options)
            stored = present and present.values[name]
            if answer and not stored:
                draft.values.setdefault(name, answer)

    def _ask_wishes(self, draft: Draft, stored: Written) -> None:
        for name, text in draft.wishes.items():
            if stored.values[name] is None and (draft.key, name) not in self._wished:
                self._wished.add((draft.key, name))
                options = self.words.options(WORDS[name].classifier)
                self.report.ask(draft.certificate, WORDS[name], text, options=options)

    def _may_add(self, draft: Draft) -> bool:
        """Whether the card makes a new organisation; if not, says why not, once."""
        if draft.key in self._trash:
            why = TRASHED
        elif not draft.values.get("full_name"):
            why = NAMELESS
        else:
            return True
        if draft.key not in self._states:
            self._states[draft.key] = State.SKIPPED
            name = draft.card.name or draft.key
            self.report.ask(draft.certificate, why, name, about=draft.key)
        return False

    def _addresses(self, drafts: Mapping[str, Draft], written: Mapping[str, Written]) -> None:
        """Keep one legal address of each; one that people typed themselves stays as it is."""
        rows = {
            row.id: self._address(drafts[key], row.id)
            for key, row in written.items()
            if drafts[key].address
        }
        table = ADDRESSES.table
        legal = and_(table.c.address_kind == LEGAL, table.c.valid_to.is_(None))
        found = read(self.session, ADDRESSES, ADDRESSES.key, rows, legal)
        typed = {
            key
            for key, row in found.items()
            if row.values["source"] != SOURCE and not self._replaced(rows[key])
        }
        mine = [row for key, row in rows.items() if key not in typed]
        for one in write(self.session, ADDRESSES, mine, found).values():
            self.report.count(OrganisationAddress, one.state)
        self._ask_typed(drafts.values(), rows, {key: found[key] for key in typed})

    def _address(self, draft: Draft, organisation_id: int) -> Row:
        said = draft.address
        place = self.words.municipality(said["full_text"], said.get("region_code"))
        return Row(
            organisation_id,
            {**said, "municipality_id": place, "organisation_id": organisation_id}
            | {"address_kind": LEGAL, "source": SOURCE, "source_id": draft.key},
        )

    def _ask_typed(
        self, drafts: Iterable[Draft], rows: Mapping[int, Row], typed: Mapping[int, Found]
    ) -> None:
        numbers = {draft.key: draft.certificate for draft in drafts}
        for key, present in typed.items():
            said = rows[key].values
            self.report.count(OrganisationAddress, State.SKIPPED)
            about = said["source_id"]
            answered = self.report.answers.meet(ADDRESS, about)
            if present.values["full_text"] != said["full_text"] and not answered:
                self.report.ask(
                    numbers[about], ADDRESS, said["full_text"], about=about, options=(KEEP, REPLACE)
                )

    def _replaced(self, row: Row) -> bool:
        """Whether somebody answered that the address of the register goes before ours."""
        about = row.values["source_id"]
        return self.report.answers.to(ADDRESS, about, lambda: (KEEP, REPLACE)) == REPLACE.code
