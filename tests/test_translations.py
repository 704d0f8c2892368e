"""Both languages work over the whole interface: catalogues are full, pages mix nothing."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po
from babel.support import Translations
from flask_babel import force_locale, ngettext

from app.cli.messages import CYRILLIC, LANGUAGES, catalogues, labels, po_file
from app.kernel.appendix3 import ITEMS
from app.kernel.catalogue import field_map, records
from app.kernel.errors import Conflict, Label, Labels, Message
from app.security.roles import ROLES
from app.views.base import words
from tests.interface_text import SAMPLES

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog
    from flask import Flask

    from app.kernel.record import Record

OURS = tuple(record for record in records() if record.__module__.startswith("app."))
PLACE = re.compile(r"%\(\w+\)s|%%")


@cache
def catalogue(language: str) -> Catalog:
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language)


def forms(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (str(value or ""),)


def test_catalogues_are_what_the_command_makes() -> None:
    stale = [str(p) for p, made in catalogues().items() if p.read_text("utf-8") != made]
    assert not stale, f"run `flask portal messages` and translate what it lists: {stale}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogue_is_that_of_the_source(language: str) -> None:
    with po_file(language).with_suffix(".mo").open("rb") as file:
        compiled = Translations(file)
    for message in catalogue(language):
        if message.id and not message.pluralizable and message.string:
            given = (
                compiled.pgettext(message.context, message.id)
                if message.context
                else compiled.gettext(message.id)
            )
            assert given == message.string, "run `make setup-test`"


def test_every_text_has_english() -> None:
    missing = [m.id for m in catalogue("en") if m.id and not all(forms(m.string))]
    assert not missing


def test_no_english_text_is_left_in_russian() -> None:
    left = [
        string
        for message in catalogue("en")
        if message.id
        for string in forms(message.string)
        if CYRILLIC.search(SAMPLES.sub("", string)) and "“" not in string
    ]
    assert not left


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_for_values_are_the_same(language: str) -> None:
    for message in catalogue(language):
        wanted = {place for one in forms(message.id) for place in PLACE.findall(one)}
        for string in filter(None, forms(message.string) if message.id else ()):
            assert set(PLACE.findall(string)) == wanted, message.id


@pytest.mark.parametrize(("language", "number"), [("ru", 3), ("en", 2)])
def test_all_plural_forms_are_there(language: str, number: int) -> None:
    plurals = [m for m in catalogue(language) if m.pluralizable]
    assert plurals
    for message in plurals:
        assert len(forms(message.string)) == number, message.id
        assert all(forms(message.string)), message.id


@pytest.mark.parametrize("record", OURS, ids=lambda record: record.__tablename__)
def test_labels_of_a_record_have_english(application: Flask, record: type[Record]) -> None:
    with application.test_request_context(), force_locale("en"):
        for label in labels(record):
            assert not CYRILLIC.search(words.label(record, label)), label
        for field in field_map(record).values():
            if field.help:
                assert words.say(field.help) != field.help


def test_items_of_the_law_and_roles_have_english(application: Flask) -> None:
    with application.test_request_context(), force_locale("en"):
        for item in ITEMS.values():
            assert not CYRILLIC.search(words.say(item.name)), item.name
            assert not CYRILLIC.search(words.say(item.periodicity_text))
        for role in ROLES.values():
            assert not CYRILLIC.search(words.say(role.title)), role.title


def test_sentence_is_said_with_everything_inside_it(application: Flask) -> None:
    lists = Labels((Label("organisation_licence", "Лицензии"), Label("organisation", "Телефон")))
    held = Message("Сначала удалите то, что относится к этой записи: %(lists)s.", lists=lists)
    assert str(held).endswith("этой записи: Лицензии, Телефон.")
    with application.test_request_context():
        assert words.say(held) == str(held)
        assert words.say(Conflict("Такой записи нет.")) == "Такой записи нет."
    with application.test_request_context(), force_locale("en"):
        assert words.say(held).endswith("belongs to this record: Licences, Telephone.")


def test_russian_counts_take_the_right_form(application: Flask) -> None:
    with application.test_request_context():
        said = [ngettext("%(num)s ошибка", "%(num)s ошибки", n) for n in (1, 2, 5, 21)]
    assert said == ["1 ошибка", "2 ошибки", "5 ошибок", "21 ошибка"]
