"""What a person wrote down about a conversation: front matter in a note, or a side file beside a recording."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import yaml

from listening.capture.text import decode, shown
from listening.domain import About
from listening.errors import Refused

KINDS: Final = ("good-life", "food-chain")
MAX_CHARACTERS: Final = 20_000  # of front matter: enough for hundreds of voices
MAX_VALUE: Final = 200  # characters of one value
MAX_DEPTH: Final = 2  # the list of voices inside the front matter

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_PEOPLE = re.compile(r"[1-9]|1[0-9]|20")
_LINK = re.compile(r"[1-9][0-9]{0,5}")


def same_label(label: str) -> str:
    """The form in which two spellings of one speaker label are equal: case and outer or repeated space do not count."""
    return " ".join(unicodedata.normalize("NFC", label).casefold().split())


def side_file(path: Path) -> Path | None:
    """The file NAME.EXT.yaml that says what a recording NAME.EXT is about, if there is one."""
    beside = path.with_name(f"{path.name}.yaml")
    return beside if beside.is_file() else None


def read_side_file(path: Path) -> About:
    """What the side file at `path` says; raises Refused where it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(4 * MAX_CHARACTERS + 4)  # four bytes a character at most, and the byte order mark
    except OSError as error:
        raise Refused(f"{shown(path.name)} cannot be opened. Check that you may read it.") from error
    return parse(decode(data))


def parse(text: str, first_line: int = 1) -> About:
    """Read YAML front matter; `first_line` is the line of the file it starts on, for messages.

    All values are taken as they are written: `no` is a language and `007` a handle, not a truth value or a number.
    Raises Refused, naming the line, for an unknown key (a misspelt `listener` would give the listener's questions to
    someone else), a key written twice, a value that cannot be, and for aliases, anchors, tags and deep nesting.
    """
    found: dict[str, Any] = {}
    for entry in _entries(text, first_line):
        name, read = _reader(entry)
        if name in found:
            raise entry.refused("is written twice. Keep one of them")
        value = read(entry)
        if value is not None:
            found[name] = value
    return About(**found)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One `key: value` and the line of the file it stands on."""

    key: str
    value: yaml.Node
    line: int
    first_line: int

    def refused(self, complaint: str) -> Refused:
        return Refused(f"Line {self.line}: “{shown(self.key)}” {complaint}.")

    def text(self) -> str:
        """The value as written, without outer space; raises Refused if it is a list or too long."""
        return self.text_of(self.value)

    def text_of(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self.refused("needs one value, not a list")
        text = str(node.value).strip()
        if len(text) > MAX_VALUE:
            raise self.refused(f"is longer than {MAX_VALUE} characters. Shorten it, and put the rest into the note")
        return text


def _entries(text: str, first_line: int) -> Iterator[_Entry]:
    node = _compose(text, first_line)
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        raise Refused(f"Line {first_line}: this is not understood. {_PLAIN_LINES}")
    for key, value in node.value:
        line = first_line + key.start_mark.line
        if not isinstance(key, yaml.ScalarNode):
            raise Refused(f"Line {line}: a key must be a plain word. {_KNOWN_KEYS}")
        yield _Entry(str(key.value).strip(), value, line, first_line)


def _compose(text: str, first_line: int) -> yaml.Node | None:
    """The YAML as nodes that still know their lines and are still text; bounded before anything is built."""
    if len(text) > MAX_CHARACTERS:
        raise Refused(f"What is written about the conversation is longer than {MAX_CHARACTERS} characters. Shorten it.")
    try:
        _check_events(text, first_line)
        node: yaml.Node | None = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Refused(f"Line {first_line + (mark.line if mark else 0)}: {_NOT_UNDERSTOOD}") from error
    except yaml.YAMLError as error:
        raise Refused(f"Line {first_line}: {_NOT_UNDERSTOOD}") from error
    return node


def _check_events(text: str, first_line: int) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.NodeEvent) and (event.anchor or getattr(event, "tag", None)):
            raise Refused(
                f"Line {_line(event, first_line)}: anchors, aliases and tags are not read here. {_PLAIN_LINES}"
            )
        if depth > MAX_DEPTH:
            raise Refused(f"Line {_line(event, first_line)}: lists inside lists are not read here. {_PLAIN_LINES}")


def _line(event: yaml.Event, first_line: int) -> int:
    return first_line + (event.start_mark.line if event.start_mark else 0)


_PLAIN_LINES = "Write plain lines like “place: Town hall”."
_NOT_UNDERSTOOD = (
    "this cannot be understood. Write one “key: value” a line, and put quotation marks around a value with a colon."
)


def _text(entry: _Entry) -> str | None:
    return entry.text() or None


def _kind(entry: _Entry) -> str | None:
    kind = entry.text().casefold().replace(" ", "-").replace("_", "-")
    if kind and kind not in KINDS:
        raise entry.refused(f"cannot be “{shown(entry.text())}”. Write one of: {', '.join(KINDS)}")
    return kind or None


def _date(entry: _Entry) -> date | None:
    text = entry.text()
    if not text:
        return None
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise entry.refused(f"cannot be “{shown(text)}”. Write year, month and day, like 2026-03-05")


def _language(entry: _Entry) -> str | None:
    language = entry.text().replace("_", "-")
    if language and not _LANGUAGE.fullmatch(language):
        raise entry.refused(f"cannot be “{shown(language)}”. Write a language code, like en, cy or pt-BR")
    return language or None


def _link(entry: _Entry) -> int | None:
    text = entry.text()
    if text and not _LINK.fullmatch(text):
        raise entry.refused(f"cannot be “{shown(text)}”. Write which link of the chain this is: 1, 2, 3 or so on")
    return int(text) if text else None


def _photo(entry: _Entry) -> str | None:
    """A plain name: a picture lies beside its note and nowhere else."""
    name = entry.text()
    if set(name) & set("/\\:\0") or name.startswith("."):
        raise entry.refused("must be only the name of a picture beside this note, like “photo: sheet-1.jpg”")
    return name or None


def _people(entry: _Entry) -> int | None:
    text = entry.text()
    if text and not _PEOPLE.fullmatch(text):
        raise entry.refused(f"cannot be “{shown(text)}”. Write how many people speak: a number from 1 to 20")
    return int(text) if text else None


def _voices(entry: _Entry) -> dict[str, str]:
    """Labels and handles, in the order written; a label without a handle of its own is its own handle."""
    node = entry.value
    if isinstance(node, yaml.MappingNode):
        pairs = [(entry.text_of(label), entry.text_of(handle)) for label, handle in node.value]
    elif isinstance(node, yaml.SequenceNode):
        pairs = [(label, label) for label in map(entry.text_of, node.value)]
    else:
        pairs = [(label, label) for label in [entry.text()] if label]
    if not all(label and handle for label, handle in pairs):
        raise entry.refused("has a name or a handle missing. Write lines like “Amina: p-12”, or only a list of names")
    if len({same_label(label) for label, _ in pairs}) < len(pairs):
        raise entry.refused("has the same name twice. Tell the two people apart, in the note as well")
    return dict(pairs)


_KEYS: Final[dict[str, tuple[str, Callable[[_Entry], object]]]] = {
    "kind": ("kind", _kind),
    "guide": ("guide", _text),
    "place": ("place", _text),
    "date": ("held_on", _date),
    "listener": ("listener", _text),
    "people": ("speakers", _people),
    "voices": ("voices", _voices),
    "language": ("language", _language),
    "chain": ("chain", _text),
    "link": ("link", _link),
    "photo": ("photo", _photo),
}
_KNOWN_KEYS: Final = f"The keys are: {', '.join(_KEYS)}."


def _reader(entry: _Entry) -> tuple[str, Callable[[_Entry], object]]:
    key = entry.key.casefold()
    if key not in _KEYS:
        near = get_close_matches(key[:MAX_VALUE], _KEYS, n=1)
        guess = f" Did you mean “{near[0]}”?" if near else ""
        raise Refused(f"Line {entry.line}: “{shown(entry.key)}” is not a key that is known here.{guess} {_KNOWN_KEYS}")
    return _KEYS[key]


def as_yaml(facts: Mapping[str, str], voices: Mapping[str, str]) -> str:
    """Facts by their keys, and who each label is, as YAML that `parse` reads; empty facts are left out."""
    known = {key: value for key, value in facts.items() if value.strip()}
    whole = {**known, "voices": dict(voices)} if voices else known
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=10 * MAX_VALUE) if whole else ""


def to_json(about: About) -> str:
    """An About as JSON, from which `from_json` makes an equal one."""
    values = asdict(about)
    values["held_on"] = about.held_on and about.held_on.isoformat()
    if about.people is None:
        del values["people"]  # sources from before it was known must be described in the same words
    return json.dumps(values, ensure_ascii=False)


def from_json(text: str) -> About:
    """The About that `to_json` wrote; raises Refused for anything else."""
    try:
        values = json.loads(text)
        held_on = values.pop("held_on")
        return About(held_on=held_on and date.fromisoformat(held_on), **values)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Refused("What was kept about this conversation cannot be read. Bring the file in again.") from error
