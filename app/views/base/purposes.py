"""What a masked value is shown for: a standing reason, and the own words of whoever asks."""

from __future__ import annotations

from flask_babel import gettext as _

from app.kernel.errors import Invalid

OTHER = "other"
REASONS = {
    "contact": "Связаться с учащимся или его родителями",
    "check": "Сверить сведения с документом или отчётом",
    "appeal": "Рассмотреть обращение или жалобу",
    "safety": "Защитить права и безопасность ребёнка",
    "authority": "Ответить на запрос суда, прокуратуры, полиции, опеки",
    OTHER: "Иное: напишите ниже",
}
LONGEST = 250  # characters of own words
APART = ": "


def purpose_of(reason: str, words: str) -> str:
    """The purpose as the access log keeps it. Raises ``Invalid`` with the input it is about."""
    said = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    if reason not in REASONS:
        raise Invalid("Выберите, для чего нужны эти сведения.", field="reason")
    if reason == OTHER and not any(c.isalpha() for c in said):
        raise Invalid("Напишите своими словами, для чего нужны эти сведения.", field="words")
    if len(said) > LONGEST:
        raise Invalid("Слишком длинно: сократите до %(most)s знаков.", field="words", most=LONGEST)
    return APART.join(filter(None, (reason, said)))


def purpose_words(purpose: str) -> str:
    """A purpose of the log in the language of the request."""
    reason, _apart, said = purpose.partition(APART)
    known = str(_(REASONS[reason])) if reason in REASONS and reason != OTHER else ""
    return APART.join(filter(None, (known, said))) or purpose
