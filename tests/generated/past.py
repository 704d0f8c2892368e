"""The matrix of histories: the timeline of a row, asked well and oddly, its file, ways back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel.catalogue import field_map
from tests.scope_model import Action, holds, oversees, reads, row_status, writes

if TYPE_CHECKING:
    from app.kernel.record import Record
    from tests.generated.asking import Asking
    from tests.scope_model import Person, Target

NINES = "9" * 40
GOOD = (
    "before=5",
    "lists=1",
    "who=1&via=form",
    "from=01.09.2026&to=2026-12-31&date=effective&lists=1",
)
ODD = (
    "before=x",
    f"before={NINES}",
    "before=-1&lists=2",
    f"who={NINES}&via=zz",
    "who=%00&via=%00&field=%00&from=%00",
    "field=account_number&field=bik",
    "field=organisation_bank_account.account_number&lists=1",
    "field=organisation.deleted_at&lists=1",
    "field=version",
    "from=31.02.2026&to=0000-00-00&date=id",
    "from=9999-12-31&to=0001-01-01",
    "date=decided&from=0001-01-01&to=9999-12-31",
    "from=31.12.2199&to=31.12.2199",
    f"field={'я' * 5000}",
    "lists=1&before=9223372036854775807&who=0",
)


def ask_past(asking: Asking, record: type[Record], row: Target, where: str, deep: bool) -> None:  # noqa: FBT001 - as its caller has it
    """The page, the file and the way back of one row."""
    person = asking.person
    rule = where[: where.rindex("/") + 1] + "<int:ident>/history"
    passed = row_status(person, record, "history", "GET", row)
    queries = ("", *GOOD, *ODD, *visible_fields(record)) if deep else ("", GOOD[-1])
    for query in queries:
        url = f"{where}/history" + (f"?{query}" if query else "")
        asking.ask(rule, "GET", url, {passed}, f"{row.label} {query}", bin=told(row, query))
    filed = row_status(person, record, "history_file", "GET", row)
    for query in ("", "lists=1", *ODD[:6]) if deep else ("",):
        url = f"{where}/history/xlsx" + (f"?{query}" if query else "")
        note = f"{row.label} {query}"
        asking.ask(f"{rule}/xlsx", "GET", url, {filed}, note, bin=told(row, query))
    back = back_status(person, record, row)
    name = next(iter(field_map(record)))
    for end in (
        (f"1/{name}", f"{NINES}/{name}", "9/%00", "9/deleted_at") if deep else (f"1/{name}",)
    ):
        # Line 1 may be one of the row's: then there is the form, or the reason there is none.
        wanted = {200, 303, 404} if back == 404 and end[0] == "1" else {back}
        url = f"{where}/history/{end}"
        asking.ask(f"{rule}/<int:line>/<string:name>", "GET", url, wanted, row.label)


def told(row: Target, query: str) -> bool:
    """Whether the history may name rows of the trash: it tells who moved rows of a list there."""
    return row.trashed or "lists=1" in query


def visible_fields(record: type[Record]) -> list[str]:
    """Two of the record's own fields, the last of which may be one that not everybody sees."""
    names = list(field_map(record))
    return [f"field={names[0]}", f"field={names[-1]}"]


def back_status(person: Person, record: type[Record], row: Target) -> int:
    """The status of a way back from a line that the row does not have."""
    if not person.signed_in:
        return 302
    if not holds(person, record, Action.EDIT):
        return 403
    if not reads(person, record, row):
        return 404
    return 404 if oversees(person, row) and writes(person, record, row) else 403
