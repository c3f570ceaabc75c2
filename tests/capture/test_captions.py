import json

import pytest

from listening import segment
from listening.capture.captions import read_captions
from listening.domain import About, Role
from listening.errors import Refused
from tests.capture.files import captions as files


def times(data):
    document = read_captions(data)
    parts = [part for part in segment.cut(document) if part.turn.role is Role.WORDS]
    return [(part.start_ms, part.end_ms) for part in parts]


def test_an_utterance_has_the_times_of_the_captions_it_is_in():
    assert times(files.TEAMS.encode()) == [(3120, 8900), (9100, 11000)]
    assert times(files.SRT.encode()) == [(1000, 6000), (67000, 69000)]
    assert times(files.whisper()) == [(0, 5000), (5200, 8000)]
    assert times(files.NOTES.encode())[0] == (1000, 4000)


def test_a_long_pause_ends_an_utterance():
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nI would like\n\n00:03.600 --> 00:05.000\na bench\n"
    assert len(times(text.encode())) == 2
    assert len(times(text.replace("03.600", "03.400").encode())) == 1


def test_the_words_of_captions_that_roll_have_the_times_at_which_they_first_stood_there():
    document = read_captions(files.YOUTUBE.encode())
    assert [(turn.start_ms, turn.end_ms) for turn in document.turns] == [(80, 2389), (2399, 4309), (4319, 6000)]


def test_a_caption_with_a_damaged_time_has_none():
    assert times(files.DAMAGED.encode()) == [(None, None), (None, None), (67000, 69000)]


def test_how_sure_whisper_was_is_kept_beside_each_caption():
    found = json.loads(files.whisper())
    found["segments"][1] |= {"avg_logprob": -1.5, "no_speech_prob": 0.9, "compression_ratio": float("nan")}
    turns = read_captions(json.dumps(found).encode()).turns
    assert [turn.heard.average_log_probability for turn in turns] == [-0.2, -1.5, 0.0]
    assert (turns[1].heard.no_speech_probability, turns[1].heard.compression_ratio) == (0.9, float("inf"))
    assert {turn.heard for turn in read_captions(files.SRT.encode()).turns} == {None}


def test_who_listened_and_whose_handle_it_is_can_be_said_beside_the_captions():
    document = read_captions(files.ZOOM.encode(), About(listener="Joe", voices={"amina begum": "amina-7"}))
    assert [(turn.role, turn.handle) for turn in document.turns if turn.role is not Role.FRAME] == [
        (Role.WORDS, "amina-7"), (Role.WORDS, "amina-7"), (Role.LISTENER, None),
    ]  # fmt: skip
    with pytest.raises(Refused, match="Only the listener's words"):
        read_captions(
            b"WEBVTT\n\n00:01.000 --> 00:02.000\nJoe: Well?\n\n00:02.000 --> 00:03.000\nJoe: Yes?\n",
            About(listener="Joe"),
        )


def test_one_label_alone_is_somebodys_words():
    text = "WEBVTT\n\n" + "".join(
        f"00:0{n}.000 --> 00:0{n}.500\n{words}\n\n" for n, words in enumerate(["I say this: a bench", "and", "a bus"])
    )
    assert {turn.speaker for turn in read_captions(text.encode()).turns} == {None}


def test_the_language_is_known_from_whisper_unless_somebody_says_otherwise():
    assert read_captions(files.whisper()).conversations[0].language == "en"
    assert read_captions(files.whisper(), About(language="cy")).conversations[0].language == "cy"


@pytest.mark.parametrize(
    "data",
    [
        b"", b"WEBVTT\n", b"hello", b"{", b"[]", b"{}", b'{"segments": 5}', b'{"segments": [{"start": 0, "end": 1}]}',
        b'{"segments": [{"start": NaN, "end": 1, "text": "x"}]}', b'{"segments": [{"start": 0, "end": 1, "text": 5}]}',
        b'{"segments": [{"start": 0, "end": 1e400, "text": "x"}]}', b'{"segments": []}', b"[" * 100_000,
        b'{"segments": [{"start": 0, "end": 1, "text": "\\ud800"}]}', b'{"transcription": [{"text": "x"}]}',
        json.dumps({"segments": [{"start": 0, "end": 1, "text": " "}]}).encode(),
    ],
)  # fmt: skip
def test_what_is_no_transcript_is_refused(data):
    with pytest.raises(Refused):
        read_captions(data)
