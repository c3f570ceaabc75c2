import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.capture.folder import MEGABYTE, Limits, check_size, find, look, media_of
from listening.domain import Media
from listening.errors import Refused

MP3 = b"\xff\xfb\x90\xc4" + bytes(100)
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(20)
ZIP = b"PK\x03\x04" + bytes(30)
PDF = b"%PDF-1.7\n"


def _file(path: Path, content: bytes = b"words") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_file_gives_itself(tmp_path: Path) -> None:
    note = _file(tmp_path / "note.txt")
    assert find(note) == [note]


def test_a_folder_gives_all_its_files_in_a_settled_order(tmp_path: Path) -> None:
    expected = [_file(tmp_path / name) for name in ("a/b.txt", "a/c/d.txt", "a.txt", "b.xyz")]
    assert find(tmp_path) == expected


def test_hidden_files_and_the_side_files_of_recordings_are_left_out(tmp_path: Path) -> None:
    for name in (".hidden", ".git/config", "talk.mp3", "talk.mp3.yaml"):
        _file(tmp_path / name)
    assert find(tmp_path) == [tmp_path / "talk.mp3"]


def test_a_side_file_without_its_recording_is_not_passed_over(tmp_path: Path) -> None:
    lonely = _file(tmp_path / "talk.mp3.yaml")
    assert find(tmp_path) == [lonely]
    with pytest.raises(Refused, match="What can be read"):
        look(lonely)


def test_links_that_lead_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    secret = _file(tmp_path / "outside/secret.txt")
    inside = _file(tmp_path / "in/note.txt")
    (tmp_path / "in/link.txt").symlink_to(secret)
    (tmp_path / "in/folder").symlink_to(secret.parent)
    (tmp_path / "in/circle.txt").symlink_to(tmp_path / "in/circle.txt")
    (tmp_path / "in/again.txt").symlink_to(inside)
    circle = tmp_path / "in/circle.txt"  # offered, so that somebody is told that it cannot be opened
    assert find(tmp_path / "in") == [tmp_path / "in/again.txt", circle, inside]
    with pytest.raises(Refused, match="cannot be opened"):
        look(circle)


def test_a_folder_that_cannot_be_opened_is_named_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note, closed = _file(tmp_path / "note.txt"), tmp_path / "closed"
    closed.mkdir()
    listed = os.scandir

    def refuse(folder: str) -> object:
        if Path(folder) == closed:
            raise PermissionError(13, "no", str(closed))
        return listed(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    assert find(tmp_path) == [closed, note]
    with pytest.raises(Refused):
        look(closed)


def test_a_pipe_is_left_out_rather_than_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert find(tmp_path) == []


def test_a_path_without_anything_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"no file or folder at .*missing"):
        find(tmp_path / "missing")


@pytest.mark.parametrize(
    ("name", "head", "media"),
    [
        ("a.txt", b"hello", Media.NOTE),
        ("a.MD", "\ufeffhello".encode(), Media.NOTE),
        ("a.txt", "hello".encode("utf-16"), Media.NOTE),
        ("a.txt", "яро".encode("cp1251"), Media.NOTE),
        ("a.csv", b"text\nhello\n", Media.TABLE),
        ("a.xlsx", ZIP, Media.TABLE),
        ("a.docx", ZIP, Media.DOCUMENT),
        ("a.pdf", PDF, Media.DOCUMENT),
        ("a.vtt", b"WEBVTT\n", Media.TRANSCRIPT),
        ("a.txt", b"WEBVTT\n", Media.TRANSCRIPT),
        ("a.txt", b"1\r\n00:00:01,000 --> 00:00:02,000\r\nYes\r\n", Media.TRANSCRIPT),
        ("a.txt", b"05/03/2026, 10:15 - Amina: Yes\n05/03/2026, 10:16 - Ben: No\n", Media.CHAT),
        ("a.txt", b"05/03/2026, 10:15 - only once\nAmina: Yes\n", Media.NOTE),
        ("a.mp3", MP3, Media.RECORDING),
        ("a.mp3", b"ID3\x04" + bytes(20), Media.RECORDING),
        ("a.wav", WAV, Media.RECORDING),
        ("a.m4a", b"\x00\x00\x00\x20ftypM4A ", Media.RECORDING),
        ("a.webm", b"\x1aE\xdf\xa3\x01\x00", Media.RECORDING),
        ("a.amr", b"#!AMR\n<words", Media.RECORDING),
        ("a.ogg", b"OggS\x00\x02", Media.RECORDING),
        ("a.wav", b"\x00\x01\x02unknown to us", Media.RECORDING),  # the decoder will say
    ],
)
def test_a_file_is_what_its_ending_and_its_content_say(name: str, head: bytes, media: Media) -> None:
    assert media_of(name, head) is media


@pytest.mark.parametrize(
    ("name", "head", "reason"),
    [
        ("a.txt", MP3, "recording"),
        ("a.txt", WAV, "recording"),
        ("a.md", ZIP, "zip archive"),
        ("a.csv", PDF, "PDF"),
        ("a.txt", b"{\\rtf1", "rich text"),
        ("a.txt", b"\x89PNG\r\n", "picture"),
        ("a.txt", b"a\x00b", "not text"),
        ("a.mp3", b"ffconcat version 1.0\nfile secret.wav", "holds text"),
        ("a.mp3", "text".encode("utf-16"), "holds text"),
        ("a.wav", ZIP, "zip archive"),
        ("a.txt", b"", "is empty"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + bytes(20), "locked with a password"),
        ("a.docx", b"hello", "is called .docx but holds text"),
        ("a.doc", b"\xd0\xcf\x11\xe0", "Save it as .docx"),
        ("a.jpg", b"\xff\xd8\xff", "photo:"),
        ("a.odp", ZIP, r"\.odp.*What can be read: typed notes \(\.txt, .*\.csv.*\.mp3"),
        ("README", b"hello", "without an ending"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_with_the_reason(name: str, head: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        media_of(name, head)


def test_a_file_that_is_too_large_is_refused_with_both_sizes() -> None:
    check_size("a.txt", Media.NOTE, 20 * MEGABYTE)
    check_size("a.mp3", Media.RECORDING, 500 * MEGABYTE)
    with pytest.raises(Refused, match=r"21\.0 MB.*20 MB"):
        check_size("a.txt", Media.NOTE, 21 * MEGABYTE)
    with pytest.raises(Refused, match=r"501\.0 MB.*500 MB"):
        check_size("a.mp3", Media.RECORDING, 501 * MEGABYTE)


def test_the_limits_can_be_set(tmp_path: Path) -> None:
    note = _file(tmp_path / "a.txt", b"12345")
    assert look(note, Limits(document=5)) is Media.NOTE
    with pytest.raises(Refused, match="smaller pieces"):
        look(note, Limits(document=4))


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be opened"):
        look(tmp_path / "a.txt")


@given(st.text() | st.sampled_from(["a.txt", "b.csv", "c.mp3"]), st.binary(max_size=200))
def test_any_name_and_content_is_known_or_refused_in_one_line(name: str, head: bytes) -> None:
    try:
        outcome: str = media_of(name, head)
    except Refused as refusal:
        outcome = str(refusal)
    assert outcome.isprintable()


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("mail.msg", "Copy the words of the mail"),
        ("mail.eml", "Copy the words of the mail"),
        ("deck.pptx", "Copy its words into a note"),
        ("page.html", "Copy its words into a note"),
        ("talk.pages", "Save it as .docx"),
        ("IMG_1.heic", "Type up its words"),
    ],
)
def test_what_people_often_have_but_cannot_be_read_is_told_a_way(name: str, advice: str) -> None:
    with pytest.raises(Refused, match=advice):
        media_of(name, b"PK\x03\x04")
