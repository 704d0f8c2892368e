"""Numbers of licences and accreditations (items 3.08, 3.10): new form strictly, old as they are."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import String

from app.kernel import documents
from app.kernel.errors import Invalid, Message
from app.kernel.kinds.kind import BY_NUMBER, Kind
from app.kernel.text import clean, limited, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST_PERMIT = 30
_LATIN_DOUBLES = str.maketrans("ABEKMHOPCTX", "АВЕКМНОРСТХ")


def _permit(prefix: str, check: Callable[[str], bool], form: Message) -> Callable[[str], str]:
    """Give a parser of register numbers: the new form strictly, older ones as they come."""

    def parse(text: str) -> str:
        number = limited(clean(text), _LONGEST_PERMIT)
        russian = number.upper().translate(_LATIN_DOUBLES).replace(" ", "")
        if russian.startswith(prefix):
            number = russian
        if not re.search(r"[0-9]", number) or (number.startswith(prefix) and not check(number)):
            raise Invalid(form.text, typed=quoted(number))
        return number

    return parse


def _permit_doubt(check: Callable[[str], bool], doubt: Message) -> Callable[[str], Message | None]:
    return lambda value: None if check(value) else Message(doubt.text, typed=value)


LICENCE_NUMBER = Kind(
    name="licence_number",
    python=str,
    column=String(_LONGEST_PERMIT),
    parse=_permit(
        "Л035",
        documents.is_licence_number,
        Message(
            "Номер лицензии в реестре выглядит так: Л035-01253-67/00192301. Введено: «%(typed)s»."
        ),
    ),
    help="Как в реестре лицензий: Л035-01253-67/00192301 или прежний номер",
    operators=BY_NUMBER,
    warn=_permit_doubt(
        documents.is_licence_number,
        Message("Необычный номер лицензии: «%(typed)s». Сверьте его с выпиской из реестра."),
    ),
    samples=("Л035-01253-67/00192301", "4567"),
    bad=("Л035-1253-67/192301", "без номера"),
)

ACCREDITATION_NUMBER = replace(
    LICENCE_NUMBER,
    name="accreditation_number",
    parse=_permit(
        "А007",
        documents.is_accreditation_number,
        Message(
            "Номер аккредитации в реестре выглядит так: А007-01260-67/01142162. "
            "Введено: «%(typed)s»."
        ),
    ),
    help="Как в реестре аккредитации: А007-01260-67/01142162 или прежний номер",
    warn=_permit_doubt(
        documents.is_accreditation_number,
        Message("Необычный номер аккредитации: «%(typed)s». Сверьте его с выпиской из реестра."),
    ),
    samples=("А007-01260-67/01142162", "1745", "27-0199", "5/021"),
    bad=("А007-1260-22/1142162", "без номера"),
)
