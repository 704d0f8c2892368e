"""Large XML files read record by record: flat memory, no entities, nothing fetched.

Expat of the standard library and not a tree: it tells the line of every element in files of any
length, gives long texts in pieces and knows every eight-bit encoding of Python.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from xml.parsers import expat
from xml.parsers.expat import errors

from app.kernel.errors import Message, Refused
from app.kernel.text import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 1 << 16  # bytes read at a time
LONGEST_TEXT = 20_000  # characters of one element that are kept
DEEPEST = 32  # elements within each other
MOST_ELEMENTS = 200_000  # in one record
LONGEST_TOKEN = 4 << 20  # bytes without a single element, text or comment understood

REASONS = {
    errors.XML_ERROR_NO_ELEMENTS: Message("файл пуст"),
    errors.XML_ERROR_TAG_MISMATCH: Message("закрывается не тот элемент, который открыт"),
    errors.XML_ERROR_UNCLOSED_TOKEN: Message("файл обрывается внутри элемента"),
    errors.XML_ERROR_UNCLOSED_CDATA_SECTION: Message("файл обрывается внутри CDATA"),
    errors.XML_ERROR_INVALID_TOKEN: Message("здесь не может стоять такой знак"),
    errors.XML_ERROR_SYNTAX: Message("это не XML"),
    errors.XML_ERROR_PARTIAL_CHAR: Message("файл обрывается посреди знака"),
    errors.XML_ERROR_DUPLICATE_ATTRIBUTE: Message("атрибут повторяется"),
    errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: Message("после корневого элемента есть что-то ещё"),
    errors.XML_ERROR_UNDEFINED_ENTITY: Message("неизвестная подстановка (&…;)"),
    errors.XML_ERROR_UNKNOWN_ENCODING: Message("неизвестная кодировка"),
    errors.XML_ERROR_INCORRECT_ENCODING: Message("указана не та кодировка"),
    errors.XML_ERROR_MISPLACED_XML_PI: Message("объявление XML стоит не в начале файла"),
}


class Source(Protocol):
    """An open binary file or anything that reads like one."""

    def read(self, size: int, /) -> bytes:
        """Give at most ``size`` bytes, none at the end."""


@dataclass(slots=True)
class Node:
    """An element that holds others: its tag, its line, texts by tag, elements that hold others.

    Of several texts with one tag the first is kept; empty ones are left out.
    """

    tag: str
    line: int
    texts: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)

    def child(self, tag: str) -> Node | None:
        """Give the first element of that tag directly within."""
        return next((node for node in self.children if node.tag == tag), None)

    def listed(self, group: str, tag: str) -> Iterator[Node]:
        """Give the elements of a list, as in ``<Decisions><Decision/></Decisions>``."""
        for node in self.children:
            if node.tag == group:
                yield from (inner for inner in node.children if inner.tag == tag)


def records(source: Source, path: tuple[str, str, str], holders: frozenset[str]) -> Iterator[Node]:
    """Give the elements at ``path`` (root, group, record) one by one, in the order of the file.

    ``holders`` are the tags of elements within a record that hold others; any other is a text.

    Raises:
        Refused: broken XML, with line and reason; a DOCTYPE; another root; no record at all;
            an element beyond the limits. May come after some records have been given.
    """
    reader = _Reader(path, holders)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    reader.parser = parser
    found = False
    while True:
        chunk = source.read(CHUNK)
        _feed(reader, chunk)
        if reader.ready:
            found = True
            yield from reader.taken()
        if not chunk:
            break
    if not found:
        raise Refused(
            "В файле нет ни одной записи. Ожидался файл открытых данных с корнем %(path)s.",
            path="/".join(path),
        )


class _Reader:
    """Builds the nodes of one record at a time; everything outside records is passed over.

    Its handlers are called for every element of the file: they do as little as they can.
    """

    __slots__ = (
        "depth",
        "elements",
        "holders",
        "leaf",
        "length",
        "outside",
        "parser",
        "path",
        "pieces",
        "ready",
        "silent",
        "stack",
    )

    def __init__(self, path: tuple[str, str, str], holders: frozenset[str]) -> None:
        self.path = path
        self.holders = holders
        self.parser: Any = None
        self.depth = 0
        self.outside: list[str] = []  # tags above the record, at most two
        self.stack: list[Node] = []
        self.leaf = 0  # depth of the element that is being read as a text
        self.pieces: list[str] = []
        self.length = 0  # characters of the text
        self.elements = 0
        self.silent = 0  # bytes fed since anything was understood
        self.ready: list[Node] = []

    def taken(self) -> list[Node]:
        ready, self.ready = self.ready, []
        return ready

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        self.silent = 0
        self.depth = depth = self.depth + 1
        if self.stack:
            self.elements += 1
            if depth > DEEPEST or self.elements > MOST_ELEMENTS:
                self._refuse_size()
            if self.leaf:
                return
            if tag not in self.holders:
                self.leaf = depth
                return
            node = Node(tag, self.parser.CurrentLineNumber)
            self.stack[-1].children.append(node)
            self.stack.append(node)
        else:
            self._outside(tag)

    def _outside(self, tag: str) -> None:
        if self.depth > DEEPEST:
            self._refuse_size()
        if self.depth == len(self.path) and (*self.outside, tag) == self.path:
            self.stack.append(Node(tag, self.parser.CurrentLineNumber))
        elif self.depth == 1 and tag != self.path[0]:
            raise Refused(
                "Это другой файл: его корень — %(root)s. Ожидался файл открытых данных "
                "с корнем %(path)s.",
                root=quoted(tag),
                path="/".join(self.path),
            )
        elif self.depth < len(self.path):
            self.outside.append(tag)

    def end(self, tag: str) -> None:
        self.silent = 0
        if self.leaf:
            if self.leaf == self.depth:
                self.leaf = 0
                if self.pieces:
                    self._keep(tag)
        elif self.stack:
            node = self.stack.pop()
            if not self.stack:
                self.ready.append(node)
                self.elements = 0
        elif self.depth < len(self.path):
            self.outside.pop()
        self.depth -= 1

    def data(self, text: str) -> None:
        self.silent = 0
        if self.leaf and self.length < LONGEST_TEXT:
            self.pieces.append(text)
            self.length += len(text)

    def _keep(self, tag: str) -> None:
        """Give the element that holds it the text gathered."""
        pieces = self.pieces
        text = pieces[0] if len(pieces) == 1 else "".join(pieces)
        if not text.isspace():
            self.stack[-1].texts.setdefault(tag, text[:LONGEST_TEXT])
        pieces.clear()
        self.length = 0

    def _refuse_size(self) -> None:
        raise Refused(
            "Запись в строке %(line)s слишком велика или сложна: таких свидетельств не бывает. "
            "Проверьте, тот ли это файл.",
            line=self.parser.CurrentLineNumber,
        )


def _feed(reader: _Reader, chunk: bytes) -> None:
    reader.silent += len(chunk)
    try:
        reader.parser.Parse(chunk, not chunk)
    except expat.ExpatError as fault:
        raise _broken(fault, reader.depth) from fault
    except (LookupError, ValueError) as fault:  # an encoding that Python or expat cannot take
        raise Refused(
            "Файл нельзя прочесть: кодировка, указанная в первой строке, не поддерживается. "
            "Сохраните его в UTF-8 или windows-1251."
        ) from fault
    if reader.silent > LONGEST_TOKEN:
        reader._refuse_size()  # noqa: SLF001 - the reader's own other half


def _broken(fault: expat.ExpatError, depth: int) -> Refused:
    name = expat.ErrorString(fault.code) or ""
    reason = REASONS.get(name, Message("%(name)s", name=name))
    if name == errors.XML_ERROR_NO_ELEMENTS and depth:
        reason = Message("файл обрывается: не все элементы закрыты")
    elif name == errors.XML_ERROR_INVALID_TOKEN and not depth:
        reason = Message("это не XML")
    return Refused(
        "Файл испорчен: строка %(line)s, %(reason)s. Ничего не загружено.",
        line=fault.lineno,
        reason=reason,
    )


def _refuse_doctype(*_declaration: object) -> None:
    raise Refused(
        "В файле есть объявление DOCTYPE. В открытых данных его не бывает, "
        "а через него подменяют содержимое; такой файл не загружается."
    )
