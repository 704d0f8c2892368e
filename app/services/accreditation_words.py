"""Words of the open data as codes of the portal's classifiers, regions and municipalities."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.kernel.choices import Choices
from app.kernel.errors import Invalid
from app.kernel.text import key
from app.models.reference import ClassifierItem, Municipality
from app.services.accreditation_questions import Option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

OWN_REGION = "67"
USED = (
    "REGION",
    "CERTIFICATE_STATUS",
    "SUPPLEMENT_STATUS",
    "EDU_LEVEL",
    "OLD_EDU_LEVEL",
    "OKOPF",
    "ORG_KIND",
    "ORG_TYPE",
)
VOCATIONAL = frozenset({"Среднее профессиональное образование", "Профессиональное образование"})
VOCATIONAL_LEVELS = {"01": "05", "02": "06"}  # the middle pair of a code of СПО, by its order
_CITY = re.compile(r"(?:городской округ )?(?:город|г\.?) ?(.+)")
_DISTRICT = r"(?:муниципальный район|муниципальный округ|район|р-н|м\.? ?р-н|округ|м\.? ?о\.?)"


class Words:
    """The classifiers an import asks; loaded once."""

    def __init__(self, session: Session) -> None:
        """Read the classifiers and municipalities in force."""
        item = ClassifierItem
        rows = session.execute(
            select(
                item.classifier,
                item.code,
                item.name_ru,
                item.name_en,
                item.name_short,
                item.sort,
                item.parent_code,
                item.extra,
            ).where(item.classifier.in_(USED), item.valid_to.is_(None))
        )
        self._choices = Choices.of_rows(map(tuple, rows))
        places = session.execute(
            select(Municipality.id, Municipality.name, Municipality.kind).where(
                Municipality.valid_to.is_(None)
            )
        )
        self._places = {id_: _place_pattern(name, kind or "") for id_, name, kind in places}
        self._known: dict[tuple[str, str], str | None] = {}

    def code(self, classifier: str, text: str | None) -> str | None:
        """Give the code of a value by its name or code, nothing where there is none or several."""
        if not text:
            return None
        asked = (classifier, text)
        if asked not in self._known:
            try:
                self._known[asked] = self._choices.code_for(classifier, text)
            except Invalid:
                self._known[asked] = None
        return self._known[asked]

    def options(self, classifier: str) -> tuple[Option, ...]:
        """Give the values of a classifier as answers to a question."""
        return tuple(Option(*pair) for pair in self._choices.options(classifier))

    def _told(self, classifier: str, code: str | None, name: str) -> Any:
        """Give what the classifier says of a value beside its name."""
        choice = self._choices.find(classifier, code) if code else None
        return choice.extra.get(name) if choice else None

    def region(self, name: str | None, address: str | None, otherwise: str | None) -> str | None:
        """Give the subject of the federation: as named, as in the address, else as given."""
        named = (name, *(piece.strip() for piece in (address or "").split(",")))
        codes = (self.code("REGION", text) for text in named if text and not text.isdigit())
        return next(filter(None, codes), otherwise)

    def municipality(self, address: str | None, region: str | None) -> int | None:
        """Give the municipality of the own region if the address names exactly one."""
        if region != OWN_REGION or not address:
            return None
        pieces = [key(piece) for piece in address.split(",")]
        found = [id_ for id_, place in self._places.items() if any(map(place.fullmatch, pieces))]
        return found[0] if len(found) == 1 else None

    def level(self, values: Mapping[str, Any]) -> str | None:
        """Give the level of education of a programme, only where it is exact."""
        text = values.get("level_text")
        exact = self._told("OLD_EDU_LEVEL", self.code("OLD_EDU_LEVEL", text), "level")
        if exact:
            return str(exact)
        code = values.get("program_code")
        if text in VOCATIONAL and code:
            return VOCATIONAL_LEVELS.get(code[3:5])
        return None

    def permit(self, code: str | None) -> str | None:
        """Give the state of a permit that a status of the register amounts to."""
        value = self._told("CERTIFICATE_STATUS", code, "permit")
        return str(value) if value else None


def _place_pattern(name: str, kind: str) -> re.Pattern[str]:
    plain = key(name)
    if city := _CITY.fullmatch(plain):
        return re.compile(rf"(?:городской округ )?(?:город|г\.?) ?{re.escape(city[1])}")
    stem = re.escape(plain.replace(key(kind), "").strip())
    return re.compile(rf"{stem} {_DISTRICT}|{_DISTRICT} {stem}")
