"""Organisations of the open data, stored: found by the register's identifier or by requisites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_

from app.kernel.errors import Message
from app.models.registry import Organisation
from app.models.registry_addresses import OrganisationAddress
from app.services.accreditation_drafts import NAMES, Drafts
from app.services.accreditation_matching import adoptable
from app.services.accreditation_report import State
from app.services.accreditation_store import SOURCE, Kept, Row, find, read, trashed, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.imports.accreditation_cards import CertificateCard
    from app.services.accreditation_drafts import Draft
    from app.services.accreditation_report import ImportReport
    from app.services.accreditation_store import Found, Written
    from app.services.accreditation_words import Words

ORGANISATIONS = Kept(Organisation, (*NAMES, "source", "source_id"))
PARTS = ("postal_index", "region_code", "municipality_id", "locality", "street", "house")
ADDRESSES = Kept(
    OrganisationAddress,
    ("organisation_id", "address_kind", "full_text", *PARTS, "source", "source_id"),
    key="organisation_id",
    clearable=frozenset(PARTS),  # parts of a former address do not stay beside the new text
)
LEGAL = "L"
BUSY = Message("Запись меняли во время загрузки, она не изменена. Загрузите файл ещё раз.")


class Organisations:
    """All organisations of one run; ``load`` is called batch by batch."""

    def __init__(self, session: Session, words: Words, report: ImportReport) -> None:
        """Remember what is in the trash: an import does not revive it."""
        self.session = session
        self.words = words
        self.report = report
        self.drafts = Drafts(words, report)
        self._trash = trashed(session, ORGANISATIONS)
        self._states: dict[str, State] = {}

    def load(self, certificates: Sequence[CertificateCard]) -> dict[str, int]:
        """Store the organisations of a batch; gives their ids by the register's identifiers."""
        drafts = self.drafts.of(certificates)
        found = find(self.session, ORGANISATIONS, drafts)
        found |= self._adopted([draft for key, draft in drafts.items() if key not in found])
        rows = [
            Row(key, {**draft.values, "source": SOURCE, "source_id": key})
            for key, draft in drafts.items()
            if key in found or self._may_add(draft)
        ]
        written = write(self.session, ORGANISATIONS, rows, found)
        for key, row in written.items():
            self.report.tell(self.drafts.otherwise(drafts[key], row.values))
            self.note(key, row.state)
        self._addresses(drafts, written)
        self._ask_unwritten(drafts, found.keys() - written.keys())
        return {key: row.id for key, row in (found | written).items()}

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
            self.report.ask(drafts[key].certificate, BUSY, drafts[key].card.name or key)

    def _adopted(self, missing: Sequence[Draft]) -> dict[str, Found]:
        named = [draft for draft in missing if draft.values.get("full_name")]
        adopted, questions = adoptable(self.session, ORGANISATIONS, named)
        for draft in missing:
            if draft.key in adopted:
                what = Message("Узнана по реквизитам, получила идентификатор реестра")
                self.report.match(draft.certificate, what, draft.values["full_name"])
            elif draft.key in questions:
                name = draft.values["full_name"]
                self.report.ask(draft.certificate, questions[draft.key], name)
        return adopted

    def _may_add(self, draft: Draft) -> bool:
        """Whether the card makes a new organisation; if not, says why not, once."""
        if draft.key in self._trash:
            why = Message("Организация удалена в портале. Загрузить её снова?")
        elif not draft.values.get("full_name"):
            why = Message("У организации в файле нет названия: она не загружена")
        else:
            return True
        if draft.key not in self._states:
            self._states[draft.key] = State.SKIPPED
            self.report.ask(draft.certificate, why, draft.card.name or draft.key)
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
        typed = {key for key, row in found.items() if row.values["source"] != SOURCE}
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
            if present.values["full_text"] != said["full_text"]:
                what = Message("Адрес в портале введён людьми, в реестре он другой. Заменить?")
                self.report.ask(numbers[said["source_id"]], what, said["full_text"])
