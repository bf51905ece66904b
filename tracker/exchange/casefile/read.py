"""From bytes to plain data: groups, lists and text. What a piece of text means is the schema's to say.

YAML is read event by event, so that nothing is built before it has been found harmless: no aliases, tags or second
documents, no key twice, a bounded depth and number of values. Unquoted text is kept as ``Plain``, as it is written;
YAML's own guesses (no -> False, 2025-10-9 -> text, 012 -> 10) never happen.
"""

import re
from typing import Any

import yaml

from .problems import BrokenCase, Problem

MAX_BYTES = 20 * 1024 * 1024
MAX_DEPTH = 16
"""The format itself is six levels deep."""
MAX_VALUES = 1_000_000
MEGABYTE = 1024 * 1024

NULLS = frozenset({"", "~", "null", "Null", "NULL"})

UNREADABLE = re.compile("[^\\t\\n\\r\\x20-\\x7e\\x85\\xa0-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""Characters that are no text. YAML refuses most of them; written as escapes they would get past it."""


class Plain(str):
    """Text that stands in the file without quotes, and may therefore mean a number or a day."""

    __slots__ = ()


class Row(dict[str, Any]):
    """A group of keys that knows its place in the file and the line of every key."""

    __slots__ = ("line", "lines", "place")

    def __init__(self, place: str = "", line: int = 0) -> None:
        super().__init__()
        self.place = place
        self.line = line
        self.lines: dict[str, int] = {}

    def place_of(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key

    def line_of(self, key: str) -> int:
        """The line of the key, or of the whole group where the key is missing. ``key`` may end in ``[1]``."""
        return self.lines.get(key.partition("[")[0], self.line)


def read(data: bytes, problems: list[Problem]) -> Row:
    """The file's content. Adds to ``problems`` what can be passed over; raises BrokenCase for what cannot."""
    return _Builder(_text(data), problems).build()


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise _fatal("", f"larger than {MAX_BYTES // MEGABYTE} MB, which no case file needs")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _fatal(f"line {line}", f"not UTF-8 text: byte 0x{data[error.start]:02x}") from error
    found = UNREADABLE.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        raise _fatal(f"line {line}, column {column}", f"the control character {_name(found[0])} is no text")
    return text


def _name(character: str) -> str:
    return f"U+{ord(character):04X}"


def _fatal(place: str, message: str) -> BrokenCase:
    return BrokenCase([Problem(place, message)])


def _at(mark: Any) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}"


class _Builder:
    """Puts the events of the parser together. Iterative, so that depth costs no stack."""

    def __init__(self, text: str, problems: list[Problem]) -> None:
        self.text = text
        self.problems = problems
        self.root: Any = None
        self.documents = 0
        self.values = 0
        # The open groups and lists, and for each group the key that waits for its value.
        self.open: list[Row | list[Any]] = []
        self.keys: list[str | None] = []

    def build(self) -> Row:
        try:
            for event in yaml.parse(self.text, Loader=yaml.CSafeLoader):
                self._take(event)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            message = f"not YAML: {error.problem or error.context}"
            if error.context and error.problem and error.context_mark:
                message += f", {error.context} that starts in line {error.context_mark.line + 1}"
            raise _fatal(_at(mark) if mark else "", message) from error
        except yaml.YAMLError as error:
            raise _fatal("", f"not YAML: {error}") from error
        if self.root is None:
            raise _fatal("", "the file is empty")
        if not isinstance(self.root, Row):
            raise _fatal("line 1", "a case file is a group of keys: format, agreement, ...")
        return self.root

    def _take(self, event: Any) -> None:
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    raise _fatal(_at(event.start_mark), "a case file is one YAML document; a second one starts here")
            case yaml.AliasEvent():
                raise _fatal(_at(event.start_mark), f"aliases (*{event.anchor}) are not used in case files")
            case yaml.ScalarEvent():
                self._refuse_extras(event)
                self._scalar(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._refuse_extras(event)
                self._begin(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self.open.pop()
                self.keys.pop()
            case _:
                pass

    def _refuse_extras(self, event: Any) -> None:
        if event.anchor is not None:
            raise _fatal(_at(event.start_mark), f"anchors (&{event.anchor}) are not used in case files")
        if event.tag is not None:
            raise _fatal(_at(event.start_mark), f"tags ({event.tag}) are not used in case files")
        self.values += 1
        if self.values > MAX_VALUES:
            raise _fatal(_at(event.start_mark), f"more than {MAX_VALUES:,} values, which no case file needs")

    def _begin(self, event: Any) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise _fatal(_at(event.start_mark), f"nested more than {MAX_DEPTH} deep")
        if self._awaits_key():
            raise _fatal(_at(event.start_mark), "a key is plain text, not a list or a group")
        line = event.start_mark.line + 1
        made: Row | list[Any] = Row(self._place(), line) if isinstance(event, yaml.MappingStartEvent) else []
        self._put(made)
        self.open.append(made)
        self.keys.append(None)

    def _scalar(self, event: Any) -> None:
        if self._awaits_key():
            row = self.open[-1]
            assert isinstance(row, Row)  # noqa: S101  # for the type checker: only groups await keys
            key, line = event.value, event.start_mark.line + 1
            if key in row.lines:
                message = f"this key is given twice, first in line {row.lines[key]}"
                self.problems.append(Problem(row.place_of(key), message, line))
                # The first one counts, so that everything else can still be checked; the second goes nowhere.
                key = f"\0{key}"
            else:
                row.lines[key] = line
            self.keys[-1] = key
            return
        if not event.style:
            self._put(None if event.value in NULLS else Plain(event.value))
            return
        found = UNREADABLE.search(event.value)
        if found:
            message = f"the control character {_name(found[0])} is no text"
            self.problems.append(Problem(self._place(), message, event.start_mark.line + 1))
        self._put(event.value)

    def _awaits_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1], Row) and self.keys[-1] is None

    def _put(self, value: Any) -> None:
        if not self.open:
            self.root = value
            return
        target = self.open[-1]
        if isinstance(target, list):
            target.append(value)
            return
        key = self.keys[-1] or ""
        self.keys[-1] = None
        if not key.startswith("\0"):
            target[key] = value

    def _place(self) -> str:
        """The place of the value that comes next."""
        if not self.open:
            return ""
        target = self.open[-1]
        if isinstance(target, Row):
            return target.place_of((self.keys[-1] or "").lstrip("\0"))
        return f"{self._list_place()}[{len(target)}]"

    def _list_place(self) -> str:
        """The place of the innermost list: the key that it hangs on, and the lists in between."""
        suffix = ""
        for depth in range(len(self.open) - 2, -1, -1):
            outer = self.open[depth]
            if isinstance(outer, Row):
                return outer.place_of(self._key_of(outer, self.open[depth + 1])) + suffix
            suffix = f"[{len(outer) - 1}]{suffix}"
        return suffix

    @staticmethod
    def _key_of(row: Row, value: Any) -> str:
        return next((key for key, held in reversed(row.items()) if held is value), "")
