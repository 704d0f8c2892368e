"""`flask portal messages`: every text of the interface into the catalogues of translations/."""

from __future__ import annotations

import ast
import re
from io import BytesIO
from typing import TYPE_CHECKING

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po
from flask.cli import with_appcontext

from app.kernel import kinds
from app.kernel.appendix3 import ITEMS
from app.kernel.catalogue import records
from app.kernel.fields import fields_of
from app.models.registry_requests import WORKFLOWS
from app.security.roles import ROLES
from config import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from app.kernel.record import Record

FOLDER = ROOT / "translations"
LANGUAGES = ("ru", "en")
SOURCES = [("**.py", "python"), ("templates/**.html", "jinja2")]
CYRILLIC = re.compile("[А-Яа-яЁё]")
WIDTH = 100


@click.command("messages")
@with_appcontext
def messages() -> None:
    """Собрать тексты интерфейса в translations/; переводы сохраняются, лишнее убирается."""
    for path, text in catalogues().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    missing = list(untranslated())
    for text in missing:
        click.echo(f"  {text}")
    click.echo(f"Тексты собраны: {len(collected())}. Без английского перевода: {len(missing)}.")


def catalogues() -> dict[Path, str]:
    """What the files of translations/ hold when nothing is missing and nothing too much."""
    template = collected()
    found = {FOLDER / "messages.pot": _as_file(template)}
    for language in LANGUAGES:
        path = po_file(language)
        found[path] = _as_file(_merged(template, language, path))
    return found


def po_file(language: str) -> Path:
    """Where the translation into a language lies."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def untranslated() -> Iterator[str]:
    """Texts whose English is missing, wholly or in one of its plural forms."""
    with po_file("en").open("rb") as file:
        for message in read_po(file, locale="en"):
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            if message.id and not all(strings):
                yield str(message.id)


def collected() -> Catalog:
    """All texts of the interface: written in the source, and declared by the live objects."""
    catalog = Catalog()
    plurals: set[str] = set()
    for text, context in _written():
        catalog.add(text, context=context)
        plurals.update(text if isinstance(text, tuple) else ())
    for text, context in (*_declared(), *((text, None) for text in _said_by_views())):
        if text not in plurals:
            catalog.add(text, context=context)
    return catalog


def _written() -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """Texts given to gettext and to the kernel's sentences, in Python and in templates."""
    keywords = {**DEFAULT_KEYWORDS, **dict.fromkeys(_sentences())}
    found = extract_from_dir(ROOT / "app", method_map=SOURCES, keywords=keywords)
    for _path, _line, text, _comments, context in found:
        if CYRILLIC.search(str(text)):
            yield text, context


def _sentences() -> set[str]:
    """Names of what carries a sentence: ``Message`` and every error of the portal."""
    parents = {
        node.name: {ast.unparse(parent) for parent in node.bases}
        for path in (ROOT / "app").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    found = {"Message", "PortalError"}
    while more := {name for name, bases in parents.items() if bases & found} - found:
        found |= more
    return found


def _said_by_views() -> Iterator[str]:
    """Every Russian text in the views: tables of words are translated where they are used."""
    for path in sorted((ROOT / "app" / "views").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        described = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and CYRILLIC.search(text) and id(node) not in described:
                yield text


def _declared() -> Iterator[tuple[str, str | None]]:
    """What records, kinds, items of the law, roles and workflows say about themselves."""
    for record in records():
        if record.__module__.startswith("app."):
            yield from ((text, record.__tablename__) for text in labels(record))
            yield from ((text, None) for text in _filled(f.help for f in fields_of(record)))
    all_kinds = (kind for kind in vars(kinds).values() if isinstance(kind, kinds.Kind))
    yield from ((text, None) for text in _filled(kind.help for kind in all_kinds))
    for item in ITEMS.values():
        yield item.name, None
        yield item.periodicity_text, None
    yield from ((role.title, None) for role in ROLES.values())
    flows = (record.about.flow for record in records())
    for flow in (*WORKFLOWS, *filter(None, flows)):
        yield from ((state.title, flow.name) for state in flow.states)
        yield from ((step.title, flow.name) for step in flow.steps)
        yield from ((text, None) for text in _filled(step.lead for step in flow.steps))
        yield from ((words, flow.name) for words in flow.parts.values())


def labels(record: type[Record]) -> Iterator[str]:
    """All labels of a record; its table name is the context of their translation."""
    about = record.about
    yield from _filled((about.title, about.title_many, about.new_title))
    yield from _filled((about.caption_label, about.search_hint, about.exact_hint, about.naming))
    yield from (section.title for section in (*about.sections, *about.shelves))
    yield from (declared.label for declared in fields_of(record))


def _filled(texts: Iterable[str]) -> Iterator[str]:
    return (text for text in texts if text)


def _merged(template: Catalog, language: str, path: Path) -> Catalog:
    """The texts of the template with the translations of the file, where it has them."""
    known = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as file:
            known = read_po(file, locale=language)
    merged = Catalog(locale=language)
    for message in template:
        old = known.get(message.id, message.context)
        fits = old is not None and old.pluralizable == message.pluralizable
        merged.add(message.id, old.string if old and fits else None, context=message.context)
    return merged


def _as_file(catalog: Catalog) -> str:
    """A file without dates, places and names, so that it changes only when a text does."""
    head = ['"MIME-Version: 1.0\\n"', '"Content-Type: text/plain; charset=utf-8\\n"']
    head += ['"Content-Transfer-Encoding: 8bit\\n"']
    if catalog.locale:
        forms = f'"Plural-Forms: {catalog.plural_forms}\\n"'
        head = [f'"Language: {catalog.locale}\\n"', *head, forms]
    body = BytesIO()
    write_po(body, catalog, WIDTH, no_location=True, omit_header=True, sort_output=True)
    return "\n".join(['msgid ""', 'msgstr ""', *head, "", body.getvalue().decode()])
