"""Sentences and errors."""

from __future__ import annotations

import pytest

from app.kernel.errors import Conflict, Invalid, Message, PortalError, Refused


def test_sentence_keeps_its_id_and_values_for_translation() -> None:
    message = Message("Длина %(length)s", length=3)
    assert message.text == "Длина %(length)s"
    assert dict(message.values) == {"length": 3}
    assert str(message) == "Длина 3"


def test_percent_sign_stands_for_itself() -> None:
    assert str(Message("Доля 100%")) == "Доля 100%"
    assert str(Message("Введено: %(typed)s", typed="50% %s")) == "Введено: 50% %s"


def test_errors_say_their_sentence_and_carry_what_they_know() -> None:
    wrong = Invalid("Проверьте %(what)s.", what="номер", field="inn")
    assert (str(wrong), wrong.field) == ("Проверьте номер.", "inn")
    assert Conflict("Запись изменили.", version=4).version == 4
    assert Refused(Message("Нельзя.")).message == Message("Нельзя.")
    with pytest.raises(PortalError, match="Нельзя"):
        raise Refused("Нельзя.")
