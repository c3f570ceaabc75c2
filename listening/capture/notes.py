"""Typed notes: plain text or Markdown, with speaker labels or without, cut into turns without changing a character."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise, takewhile
from typing import Final

from listening.capture import about as front_matter
from listening.capture.about import same_label
from listening.capture.stamps import stamped
from listening.capture.text import decode, shown
from listening.domain import About, Document, Role, Turn
from listening.errors import Refused

MAX_LINES: Final = 100_000  # a long book; a note of 20 MB could hold millions, and each costs time and memory
MAX_LABEL: Final = 40  # characters of a label that nobody announced; announced ones are as long as they are
MOST_NAME_WORDS: Final = 2
MAX_RULE: Final = 300  # characters of a rule drawn across the page
_REACH: Final = front_matter.MAX_VALUE + 20  # room for a bullet, bold marks and spaces before the colon

_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_HEADING = re.compile(r" {0,3}#{1,6}(\s|$)")
_RULE = re.compile(r"\s*([-*_=~])(\s*\1){2,}\s*")
_BY_A_PROGRAM = re.compile(r"\s*Transcribed by https?://otter\.ai/?\s*")
_BULLET = re.compile(r"\s*([-*+•◦‣–])(?=\s|$)")  # noqa: RUF001  people use dashes as bullets
_COLON = re.compile("[:：]")  # noqa: RUF001  the full-width colon is meant
_WORD = r"[^\s:：,;?!\"“”„«»*_]"  # noqa: RUF001
_LABEL = rf"(?P<label>[^\W\d_]{_WORD}*(?:[ \t\u00a0]+{_WORD}+){{0,3}})"
_SPACE = r"[ \t\u00a0]"
_CLOCK = rf"[0-9]{{1,3}}:[0-9]{{2}}(?::[0-9]{{2}})?(?:[.,][0-9]{{1,3}})?(?:{_SPACE}?[AaPp]\.?[Mm]\b\.?)?"
# What may stand before a name, a bullet and a time, and a time after it.
_BEFORE = rf"(?P<bullet>[-*+•◦‣–]{_SPACE}+)?(?:(?:\[{_CLOCK}\]|\({_CLOCK}\)|{_CLOCK}){_SPACE}*(?:[-–]{_SPACE}+)?)?"  # noqa: RUF001
_AFTER = rf"(?:{_SPACE}*(?:\[{_CLOCK}\]|\({_CLOCK}\)))?{_SPACE}*"
_PLAIN_LABEL = re.compile(rf"\s*{_BEFORE}{_LABEL}{_AFTER}(?::(?=\s|$)|：)")  # noqa: RUF001
_BOLD_LABEL = re.compile(
    rf"\s*{_BEFORE}(?P<mark>\*\*|__|\*|_){_LABEL}{_AFTER}(?:[:：](?P=mark)|(?P=mark){_AFTER}[:：])"  # noqa: RUF001
)
_DASH_LABEL = re.compile(rf"\s*{_BEFORE}{_LABEL}{_SPACE}+[-–—]{_SPACE}+(?=\S)")  # noqa: RUF001
_MANNER = re.compile(rf"(?P<name>.*\S){_SPACE}*[(\[][^()\[\]\d]*[)\]]")  # "Sam (laughing)"
_LEADING = re.compile(rf"\s*{_BEFORE}")
_TRAILING = re.compile(rf"{_AFTER}$")
MOST_COLONS: Final = 6  # two times around a name, and its own
FEWEST_TO_ASK: Final = 8  # words after a name that stands alone; a heading such as "Date:" has fewer


class WhoSpeaks(Refused):
    """One name begins the words, and nobody said yet whether it is who speaks."""

    def __init__(self, name: str, line: int) -> None:
        self.name = name
        told = shown(name)
        super().__init__(
            f"Line {line} begins with “{told}:”. Is that who speaks? Bring it again with `--named` if it is, or with "
            "`--not-named` if it is a part of the words; on the web, choose so above the button. Or put three lines at "
            f"its top: “---”, “voices: {told}” (or “voices: someone”), “---”."
        )


def read_note(data: bytes, given: About = About()) -> Document:
    """Read a note into a Document of one conversation, whose text is the decoded bytes, character for character.

    A label such as "Amina:" at the start of a line is a label where it is announced in the front matter, stands in
    the note at least twice, or every paragraph (or every line) starts with one; in a note that has such labels, so is
    a name of one or two words that begins a paragraph; else it is part of the words. A time before or after the name,
    a bullet and how it was said ("Sam (laughing):") do no harm; a bulleted name must come twice, and names in capitals
    before a dash must stand before most paragraphs. Where one name and nothing else begins the note, and nobody said
    who speaks, it is asked: "Petra: ..." and "Note: ..." look the same. Each
    paragraph is a turn of its own, so that two thoughts are never joined; each list item is a turn kept in one piece,
    its bullet outside. Lines such as "Amina  0:03", twice or more, are labels that also say when. `given` is what is
    known where there is no front matter. Raises Refused where nobody's words are in it, its front matter cannot be
    understood, or it is to be asked.
    """
    text = decode(data)
    return read_lines(text, lines_of(text), given)


def read_lines(text: str, lines: Iterable[Line], given: About = About()) -> Document:
    """The same for text that was taken apart into lines already, some of them known to be headings or list items."""
    lines = list(islice(lines, MAX_LINES + 1))
    if len(lines) > MAX_LINES:
        raise Refused(f"This note has more than {MAX_LINES} lines. Bring it in smaller pieces.")
    about, body = _split_front_matter(text, lines)
    about = replace(about, voices=about.voices or given.voices) if body else given
    people = People(about)
    labels = _labels(text, lines[body:], people)
    if not labels and not about.voices:
        _ask_who(text, lines[body:])
    turns = _Turns(text, people, people.only(label.name for label in labels.values()))
    if body:
        turns.frame(0, lines[body - 1].end)
    for line in lines[body:]:
        turns.take(line, labels.get(line.start))
    turns.flush()
    if not any(turn.role is Role.WORDS for turn in turns.made):
        raise Refused("Nobody's words are in this note. Check the file, and that “listener” names only who listened.")
    return Document(text=text, turns=tuple(turns.made), conversations=(about,))


# --- lines ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its break: a span of the text, and what kind of line it is."""

    start: int
    end: int
    blank: bool
    frame: bool  # a heading, a rule drawn across the page, or a program's own line
    whole: bool = False  # a list item whose bullet is not in the text
    label: bool = False  # may hold a speaker label and nothing else
    speaker: bool = False  # says who speaks, and nothing else


def lines_of(text: str) -> Iterator[Line]:
    """Every line of a text, in order."""
    start = 0
    for found in _BREAK.finditer(text):
        yield _line(text, start, found.start())
        start = found.end()
    yield _line(text, start, len(text))


def _line(text: str, start: int, end: int) -> Line:
    rule = end - start <= MAX_RULE and bool(_RULE.fullmatch(text, start, end))
    frame = rule or bool(_HEADING.match(text, start, end) or _BY_A_PROGRAM.fullmatch(text, start, end))
    return Line(start, end, blank=_trimmed(text, start, end) is None, frame=frame)


def _split_front_matter(text: str, lines: Sequence[Line]) -> tuple[About, int]:
    """What the front matter says, and how many lines it takes up, the lines around it included; none takes up 0."""
    if text[: lines[0].end].rstrip() != "---":
        return About(), 0
    for number, line in enumerate(lines[1:], start=1):
        if text[line.start : line.end].rstrip() in {"---", "..."}:
            return front_matter.parse(text[lines[1].start : line.start], first_line=2), number + 1
    raise Refused("The first line is “---” but no later one is. Put “---” under the lines about the conversation.")


# --- labels -----------------------------------------------------------------------------------------------------------


class People:
    """Who was announced, by the same form of each label: their spelling, their handles, and who listened."""

    def __init__(self, about: About) -> None:
        self.labels: dict[str, str] = {same_label(label): label for label in about.voices}
        # A bare name is nobody's handle: the Amina of one note need not be the Amina of the next.
        self.handles = {same_label(label): handle for label, handle in about.voices.items() if handle != label}
        self.listener = same_label(about.listener) if about.listener else None
        if about.listener:
            self.labels.setdefault(same_label(about.listener), about.listener)

    def only(self, spoke: Iterable[str]) -> str | None:
        """The label of the one person who was announced or has a label; the listener does not count."""
        names = {same_label(label): label for label in spoke} | self.labels
        people = {self.handles.get(key, key): label for key, label in names.items() if key != self.listener}
        return next(iter(people.values())) if len(people) == 1 else None


@dataclass(frozen=True, slots=True)
class _Label:
    """A speaker label at the start of a line: its span with the colon, and the name in it."""

    start: int
    end: int
    name: str
    alone: bool = False  # on a line of its own: what follows is this person's until the next label
    start_ms: int | None = None
    certain: bool = False
    bullet: bool = False
    dash: bool = False


def _labels(text: str, lines: Sequence[Line], people: People) -> Mapping[int, _Label]:
    """The labels that count, by the start of their line."""
    stamps = _stamped_labels(text, lines)
    lines = [line for line in lines if line.start not in stamps]
    return {**stamps, **_spoken_labels(text, lines, people, _first_spellings(stamps.values(), people))}


def _stamped_labels(text: str, lines: Sequence[Line]) -> dict[int, _Label]:
    """Lines such as "Amina  0:03", by their start, where there are several, their times rise, and words follow each."""
    spoken = [line for line in lines if not line.blank]
    stamps = [(line, stamped(text, line.start, line.end)) for line in spoken]
    found = [(line, stamp) for line, stamp in stamps if stamp]
    times = [ms for _, (_, ms) in found]
    followed = not any(first and second for (_, first), (_, second) in pairwise(stamps))
    enough = len(found) > 1 or any(_is_exact(text[line.start : line.end]) for line, _ in found)
    if not enough or times != sorted(times) or not followed:
        return {}
    return {line.start: _Label(line.start, line.end, name, True, ms) for line, (name, ms) in found}


def _is_exact(line: str) -> bool:
    """Whether a line's time has hours, minutes and seconds, in brackets: no title or time of day looks so."""
    return line.count(":") > 1 and any(bracket in line for bracket in "[(")


def _spoken_labels(text: str, lines: Sequence[Line], people: People, known: Mapping[str, str]) -> Mapping[int, _Label]:
    spoken = [line for line in lines if not line.blank and not line.frame]
    likely = {line.start: label for line in spoken if (label := _label(text, line, people))}
    found = _without_manner(likely, known)
    paragraphs = _starts_of_paragraphs(lines)
    counted = _counted(spoken, found, paragraphs, known)
    names = {**_first_spellings((found[start] for start in counted), people), **known}
    return {start: replace(found[start], name=names[same_label(found[start].name)]) for start in counted}


def _without_manner(found: Mapping[int, _Label], known: Mapping[str, str]) -> dict[int, _Label]:
    """The labels, "Sam (laughing)" as Sam where there is a plain Sam; "Woman (60s)" is a name of its own."""
    plain = {same_label(label.name) for label in found.values()} | known.keys()

    def bare(label: _Label) -> _Label:
        manner = _MANNER.fullmatch(label.name)
        return replace(label, name=manner["name"]) if manner and same_label(manner["name"]) in plain else label

    return {start: bare(label) for start, label in found.items()}


def _counted(
    spoken: Sequence[Line], found: Mapping[int, _Label], paragraphs: Sequence[int], known: Mapping[str, str]
) -> set[int]:
    """Which of the labels that were found count, by the start of their line."""
    dashes = _dashes(found, paragraphs)
    found = {start: label for start, label in found.items() if not label.dash or start in dashes}
    times = Counter(same_label(label.name) for label in found.values())
    plain = {start for start, label in found.items() if not label.bullet}
    everywhere = plain if len(spoken) > 1 and len(plain) == len(spoken) else set()
    counted = dashes | everywhere | _leading(plain, paragraphs)
    counted |= {
        start
        for start, label in found.items()
        if label.certain or (key := same_label(label.name)) in known or times[key] > 1
    }
    if counted:  # in a note of labelled turns, somebody may speak only once
        alike = found if any(found[start].bullet for start in counted) else {start: found[start] for start in plain}
        once = _after_labels(spoken, alike, paragraphs)
        counted |= {start for start in once if _is_like_a_name(alike[start].name)}
    return counted


def _dashes(found: Mapping[int, _Label], paragraphs: Sequence[int]) -> set[int]:
    """The names before a dash, where they stand before most paragraphs or lines and one of them comes again."""
    dashes = {start for start, label in found.items() if label.dash}
    names = Counter(same_label(found[start].name) for start in dashes)
    common = 2 * len(dashes) > len(paragraphs) and any(times > 1 for times in names.values())
    return dashes if common else set()


def _leading(found: set[int], paragraphs: Sequence[int]) -> set[int]:
    """The starts of paragraphs, where all have a label; the first may be a title."""
    leading = set(paragraphs if paragraphs[:1] and paragraphs[0] in found else paragraphs[1:])
    return leading if len(leading) > 1 and leading <= found else set()  # one paragraph may be "Note: ..."


def _ask_who(text: str, lines: Sequence[Line]) -> None:
    """Raise WhoSpeaks where the words begin with what may be the one speaker's name, or a word such as "Note:"."""
    first = next((line for line in lines if not line.blank and not line.frame), None)
    label = _likely_label(text, first.start, first.end) if first else None
    if first is None or label is None or label.dash or label.bullet or not _is_like_a_name(label.name):
        return
    paragraph = takewhile(lambda line: not line.blank, (line for line in lines if line.start >= first.start))
    end = max(line.end for line in paragraph)
    if len(text[label.end : end].split()) < FEWEST_TO_ASK:
        return
    raise WhoSpeaks(label.name, line=len(_BREAK.findall(text, 0, first.start)) + 1)


def _starts_of_paragraphs(lines: Iterable[Line]) -> list[int]:
    starts, inside = [], False
    for line in lines:
        spoken = not line.blank and not line.frame
        if spoken and not inside:
            starts.append(line.start)
        inside = spoken
    return starts


def _after_labels(spoken: Sequence[Line], found: Mapping[int, _Label], paragraphs: Sequence[int]) -> set[int]:
    """The labelled lines that begin a paragraph or come straight after another labelled line."""
    following = {after.start for line, after in pairwise(spoken) if line.start in found}
    return found.keys() & (following | set(paragraphs))


def _is_like_a_name(label: str) -> bool:
    """One or two words, each beginning as names do."""
    words = label.split()
    return len(words) <= MOST_NAME_WORDS and not any(word[0].islower() for word in words)


def _first_spellings(labels: Iterable[_Label], people: People) -> dict[str, str]:
    """One spelling for each label, so that "AMINA" and "Amina" are one person: as announced, else as first written."""
    names = dict(people.labels)
    for label in labels:
        names.setdefault(same_label(label.name), label.name)
    return names


def _label(text: str, line: Line, people: People) -> _Label | None:
    start = line.end - len(text[line.start : line.end].lstrip())
    if (line.label or line.speaker) and (name := _bare(text[start : line.end], people, certain=line.speaker)):
        return _Label(start, line.end, name, alone=True, certain=line.speaker)
    return _announced_label(text, start, line.end, people) or _likely_label(text, start, line.end)


def _bare(words: str, people: People, *, certain: bool) -> str | None:
    """The name in words that are a label, or may be one: then it needs a colon or must be announced."""
    name = words.strip().rstrip(":：").strip("*_ \t\u00a0")  # noqa: RUF001
    marked = words.rstrip().endswith((":", "："))  # noqa: RUF001
    return (
        name if name and len(name) <= MAX_LABEL and (certain or marked or same_label(name) in people.labels) else None
    )


def _announced_label(text: str, start: int, end: int, people: People) -> _Label | None:
    """A label that the front matter names; a bullet, a time, how it was said, or bold marks around it do no harm."""
    if not people.labels:
        return None
    for colon in islice(_COLON.finditer(text, start, min(end, start + _REACH)), MOST_COLONS):
        found = _announced_before(text, start, colon.start(), people)
        if found and not text.startswith("//", colon.end()):
            name, marks = found
            return _Label(start, colon.end() + (len(marks) if text.startswith(marks, colon.end(), end) else 0), name)
    return None


def _announced_before(text: str, start: int, colon: int, people: People) -> tuple[str, str] | None:
    """The announced name before a colon, and the bold marks that are still open there."""
    before = text[start:colon]
    bare = _TRAILING.sub("", before[_end_of(_LEADING, before) :]).strip()
    for inner in (before.strip(), bare):
        name = inner.strip("*_").strip()
        manner = _MANNER.fullmatch(name)
        name = name if same_label(name) in people.labels or manner is None else manner["name"]
        if same_label(name) in people.labels:
            marks = inner[: len(inner) - len(inner.lstrip("*_"))]
            return name, "" if inner.endswith(marks) else marks
    return None


def _end_of(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return found.end() if found else 0


def label_at(text: str) -> tuple[str, int] | None:
    """The name in what may be a speaker label at the start of a text, and where the label ends; None without one."""
    found = _likely_label(text, 0, len(text))
    return (found.name, found.end) if found and not found.dash else None


def _likely_label(text: str, start: int, end: int) -> _Label | None:
    """One to four words that start with a letter, then a colon that is not part of a time or an address.

    Also words in capitals and a dash. A bulleted label begins as names do.
    """
    near = min(end, start + _REACH)
    found = _PLAIN_LABEL.match(text, start, near) or _BOLD_LABEL.match(text, start, near)
    dash = None if found else _DASH_LABEL.match(text, start, near)
    found = found or dash
    if found is None or len(found["label"]) > MAX_LABEL or not found["label"][0].isalpha():
        return None
    bullet = found["bullet"] is not None
    if (dash and not found["label"].isupper()) or (bullet and not _is_like_a_name(found["label"])):
        return None
    return _Label(start, found.end(), found["label"], bullet=bullet, dash=dash is not None)


# --- turns ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Turns:
    """Turns as they are made, line after line; who speaks lasts until the next label."""

    text: str
    people: People
    only: str | None  # who spoke, where nobody else did
    made: list[Turn] = field(default_factory=list)
    speaker: str | None = field(init=False)
    start: int | None = None  # of the paragraph that is being read
    end: int = 0
    whole: bool = False
    label: _Label | None = None  # the latest one

    def __post_init__(self) -> None:
        self.speaker = self.only

    def take(self, line: Line, label: _Label | None) -> None:
        """Add one line: a heading or rule, or a label, a bullet and words, each as far as it is there."""
        if line.blank or line.frame:
            self.flush()
            self.frame(line.start, line.end)
            self.pause()
            return
        start = line.start
        if label:
            self.flush()
            self.frame(label.start, label.end)
            self.speaker, start, self.label = label.name, label.end, label
        elif line.whole:
            self.flush()
        elif bullet := _BULLET.match(self.text, line.start, line.end):
            self.flush()
            self.frame(bullet.start(1), bullet.end())
            self.whole, start = True, bullet.end()
        self.whole = self.whole or line.whole
        self.words(start, line.end)

    def pause(self) -> None:
        """After a paragraph of the listener's, an answer without a label must not be lost among the questions."""
        lasts = self.label is not None and self.label.alone
        if self.speaker is not None and same_label(self.speaker) == self.people.listener and not lasts:
            self.speaker = self.only

    def words(self, start: int, end: int) -> None:
        """Lengthen the paragraph by a span."""
        span = _trimmed(self.text, start, end)
        if span:
            self.start = span[0] if self.start is None else self.start
            self.end = span[1]

    def frame(self, start: int, end: int) -> None:
        """Add what is not speech."""
        span = _trimmed(self.text, start, end)
        if span:
            self.made.append(Turn(*span, role=Role.FRAME))

    def flush(self) -> None:
        """End the paragraph."""
        if self.start is not None:
            key = same_label(self.speaker) if self.speaker is not None else None
            role = Role.LISTENER if key is not None and key == self.people.listener else Role.WORDS
            handle = self.people.handles.get(key) if key is not None else None
            start_ms = self.label.start_ms if self.label else None
            self.made.append(
                Turn(self.start, self.end, role, self.speaker, handle, whole=self.whole, start_ms=start_ms)
            )
        self.start, self.whole = None, False


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without outer white space; None if nothing is left."""
    span = text[start:end]
    left, right = len(span) - len(span.lstrip()), len(span.rstrip())
    return (start + left, start + right) if right > left else None
