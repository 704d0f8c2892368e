"""Prepared words for whoever decides requests: values of classifiers, which the operator edits."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.kernel.clock import today

if TYPE_CHECKING:
    from app.views.base.words import Presenter

REJECTIONS, QUESTIONS = "REQUEST_REJECTION", "REQUEST_QUESTION"


class Reason(NamedTuple):
    """Prepared words: ``text`` is what the author will read, ``label`` the reader's language."""

    code: str
    text: str
    label: str


def prepared(show: Presenter, classifier: str) -> tuple[Reason, ...]:
    """Words that may be chosen today. They are written in Russian, as all that the school reads."""
    labels, day = dict(show.choices_of(classifier)), today()
    return tuple(
        Reason(one.code, one.name_ru, labels[one.code])
        for one in show.book.all(classifier)
        if one.stands(day)
    )


def spoken(show: Presenter, classifier: str, code: str, words: str) -> str:
    """The chosen words before those that were typed; an unknown code says nothing."""
    chosen = next((one.text for one in prepared(show, classifier) if one.code == code), "")
    if not chosen or chosen in words:
        return words
    return f"{chosen}\n{words}".strip()
