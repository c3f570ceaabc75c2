"""Captions as Teams, Zoom, Otter, Whisper and others write them."""

import io
import json
from datetime import timedelta

import srt
import webvtt

from tests.capture.files.case import Case

TEAMS = """WEBVTT

3c1d2f4e-0000-4bd2-a7a3-6a1c3b5a0001/12-0
00:00:03.120 --> 00:00:06.480
<v Amina Begum>I would like a bench by the bus</v>

3c1d2f4e-0000-4bd2-a7a3-6a1c3b5a0001/12-1
00:00:06.480 --> 00:00:08.900
<v Amina Begum>stop, for my knees &amp; my shopping.</v>

3c1d2f4e-0000-4bd2-a7a3-6a1c3b5a0001/20-0
00:00:09.100 --> 00:00:11.000
<v Joe>And the last bus goes before seven in the evening.</v>
"""
ZOOM = """WEBVTT

1
00:00:01.000 --> 00:00:04.000
Amina Begum: I would like a bench by the bus

2
00:00:04.000 --> 00:00:06.000
Amina Begum: stop, for my knees and my shopping.

3
00:00:07.000 --> 00:00:09.000
Joe: And the last bus goes before seven in the evening.
"""
BENCH = "I would like a bench by the bus\nstop, for my knees and my shopping."
BUS = "And the last bus goes before seven in the evening."
SAID = [("Amina Begum", BENCH), ("Joe", BUS)]
SRT = """1
00:00:01,000 --> 00:00:04,000
<i>I would like a bench</i>
by the bus

2
00:00:04,000 --> 00:00:06,000
{\\an8}stop, for <b>my knees</b> & my shopping <3.

3
00:01:07,000 --> 00:01:09,000
And the last bus goes before seven in the evening.
"""
OTTER = """Amina Begum  0:03
I would like a bench by the bus stop, for my knees.

Speaker 2  0:15
And the last bus goes before seven in the evening.

My daughter fetches me when she can, and else I walk.

Amina Begum  1:02:15
Somebody should sit on the other chair as well then.

Transcribed by https://otter.ai
"""
NOTES = """WEBVTT - made by hand
Kind: captions

STYLE
::cue { color: lime }

NOTE
Nobody says this:
00:00

first
00:01.000 --> 00:04.000 align:start position:10%
<v.loud Amina><c.yellow>I would like</c> a <00:00:02.000>bench</v> <v Joe>And I would like a bus.</v>

00:01:04.000 --> 00:01:06.000
Two people at once, or none that anybody knew.
"""


def by_webvtt():
    captions = webvtt.WebVTT()
    captions.captions.append(webvtt.Caption("00:00:01.000", "00:00:03.000", "Amina: I would like a bench by the bus"))
    captions.captions.append(webvtt.Caption("00:00:03.000", "00:00:05.000", "stop, for my knees and my shopping."))
    captions.captions.append(webvtt.Caption("00:00:05.000", "00:00:07.000", "Joe: " + BUS))
    out = io.StringIO()
    captions.write(out)
    return out.getvalue().encode()


def by_srt():
    at = timedelta(seconds=1)
    lines = [
        "AMINA: I would like a bench by the bus",
        "stop, for my knees and my shopping.",
        "JOE: " + BUS,
        "AMINA: Yes.",
    ]
    return srt.compose([srt.Subtitle(n, at * n, at * (n + 1), line) for n, line in enumerate(lines, 1)]).encode()


def whisper(**more):
    segments = [
        {"id": 0, "seek": 0, "start": 0.0, "end": 2.5, "text": " I would like a bench by the bus", "avg_logprob": -0.2},
        {"id": 1, "seek": 0, "start": 2.5, "end": 5.0, "text": " stop, for my knees and my shopping."},
        {"id": 2, "seek": 0, "start": 5.2, "end": 8.0, "text": f" {BUS}"},
    ]
    for segment, speaker in zip(segments, more.pop("speakers", []), strict=False):
        segment["speaker"] = speaker
    return json.dumps({"text": "", "segments": segments, "language": "en", **more}).encode()


CPP = json.dumps({
    "result": {"language": "en"},
    "transcription": [
        {"timestamps": {"from": "00:00:00,000"}, "offsets": {"from": 0, "to": 2500}, "text": " I would like a bench by the bus"},
        {"timestamps": {"from": "00:00:02,500"}, "offsets": {"from": 2500, "to": 5000}, "text": " stop, for my knees and my shopping."},
    ],
}).encode()  # fmt: skip

YOUTUBE = """WEBVTT
Kind: captions
Language: en

00:00:00.080 --> 00:00:02.389 align:start position:0%
{space}
I<00:00:00.400><c> would</c><00:00:00.640><c> like</c><00:00:00.900><c> a</c><00:00:01.200><c> bench</c>

00:00:02.389 --> 00:00:02.399 align:start position:0%
I would like a bench
{space}

00:00:02.399 --> 00:00:04.309 align:start position:0%
I would like a bench
by<00:00:02.700><c> the</c><00:00:03.000><c> bus</c>

00:00:04.309 --> 00:00:04.319 align:start position:0%
by the bus
{space}

00:00:04.319 --> 00:00:06.000 align:start position:0%
by the bus
stop,<00:00:04.700><c> for</c><00:00:05.000><c> my</c><00:00:05.300><c> knees.</c>
""".replace("{space}", " ")
ROLLING = """1
00:00:00,080 --> 00:00:04,309
I would like a bench

2
00:00:02,399 --> 00:00:06,000
I would like a bench
by the bus

3
00:00:04,319 --> 00:00:08,000
by the bus
stop, for my knees.
"""
DAMAGED = """1
00:00:01,000 -> 00:00:04,000
I would like a bench.

2
00:00:04,0:0 --> 00:00:06,000
By the bus stop.

3
00:01:07,000 --> 00:01:09,000
And the last bus goes
before --> seven.

4
00:01:1"""
REFRAIN = "WEBVTT\n\n" + "".join(
    f"00:0{n}.000 --> 00:0{n + 1}.000\n{words}\n\n" for n, words in enumerate(["Yes.", "Yes.", "Yes.\nI would.", "I would."])
)  # fmt: skip

OTTER_SAID = [
    ("Amina Begum", "I would like a bench by the bus stop, for my knees."),
    ("Speaker 2", BUS),
    ("Speaker 2", "My daughter fetches me when she can, and else I walk."),
    ("Amina Begum", "Somebody should sit on the other chair as well then."),
]

CASES = [
    Case("teams.vtt", TEAMS.encode(), [
        ("Amina Begum", "I would like a bench by the bus\nstop, for my knees & my shopping."), ("Joe", BUS),
    ]),
    Case("teams-windows.vtt", TEAMS.replace("\n", "\r\n").encode("utf-8-sig"), [
        ("Amina Begum", "I would like a bench by the bus\nstop, for my knees & my shopping."), ("Joe", BUS),
    ]),
    Case("zoom.vtt", ZOOM.encode(), SAID),
    Case("zoom.transcript.txt", ZOOM.encode(), SAID),
    Case("by-webvtt-py.vtt", by_webvtt(), [("Amina", BENCH), ("Joe", BUS)]),
    Case("notes-and-styles.vtt", NOTES.encode(), [
        ("Amina", "I would like a bench"), ("Joe", "And I would like a bus."),
        (None, "Two people at once, or none that anybody knew."),
    ]),
    Case("film.srt", SRT.encode("cp1252"), [
        (None, "I would like a bench\nby the bus\nstop, for my knees & my shopping <3."), (None, BUS),
    ]),
    Case("by-srt.srt", by_srt(), [("AMINA", BENCH), ("JOE", BUS), ("AMINA", "Yes.")]),
    Case("otter.txt", OTTER.encode(), OTTER_SAID),
    Case("whisper.json", whisper(), [(None, BENCH), (None, BUS)]),
    Case("whisperx.json", whisper(speakers=["SPEAKER_00", "SPEAKER_00", "SPEAKER_01"]), [
        ("SPEAKER_00", BENCH), ("SPEAKER_01", BUS),
    ]),
    Case("youtube.en.vtt", YOUTUBE.encode(), [(None, "I would like a bench\nby the bus\nstop, for my knees.")], ["captions roll"]),
    Case("youtube.srt", ROLLING.encode(), [(None, "I would like a bench\nby the bus\nstop, for my knees.")], ["captions roll"]),
    Case("refrain.vtt", REFRAIN.encode(), [(None, "Yes.\nYes.\nYes.\nI would.\nI would.")]),
    Case("damaged.srt", DAMAGED.encode(), [
        (None, "I would like a bench."), (None, "By the bus stop."), (None, "And the last bus goes\nbefore --> seven."),
    ], ["2 captions have a time that is damaged"]),
    Case("whisper-cpp.json", CPP, [(None, BENCH)]),
]  # fmt: skip
