"""What hearing costs and gets wrong, beside the bare engines, in one run: `make bench-speech`.

Material is the three sample recordings, whose exact words are in data/README.md, and sounds made here. With
`--folder`, also every recording in a folder that has its words beside it in NAME.txt. Ours and the bare call take
turns. With `--minutes`, each length is heard in a process of its own, and its peak memory printed.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from listening import activity, speakers
from listening.capture import sound
from listening.domain import Segment, no_progress
from listening.settings import Settings
from listening.tape import RATE
from listening.transcribe import Engine, load_engine, load_faster_engine, transcribe
from listening.weights import find_detector, find_faster_whisper, find_speaker_model, find_whisper
from tests.bench import talks

Samples = NDArray[np.float32]
DATA = Path(__file__).parent.parent.parent / "data"
TURNS = 2
COLUMNS = {
    "words": ("engine", "recording", "words wrong, ours", "bare", "processor s for 1 s, ours", "bare", "ratio"),
    "invented": ("engine", "nobody speaks in", "sentences, ours, unmarked", "ours, marked doubtful", "bare"),
    "gaps": ("engine", "two-minute gaps of", "sentences in them, unmarked", "words wrong in the speech around"),
    "speakers": (
        "whose",
        "talks",
        "voices",
        "sound",
        "speech to the right speaker",
        "number of people right",
        "too few, too many",
        "processor s for 1 s",
    ),
}
PARTS = list(COLUMNS)
GAP_S = 120
TALK_S = 90
SENKO_NEEDS = "soundfile umap-learn pynndescent termcolor colour-science"
NOISES = (None, 20, 10, 5)  # decibels below the speech


# --- material ---------------------------------------------------------------------------------------------------------


def read(path: Path) -> Samples:
    return np.concatenate([np.empty(0, np.float32), *sound.blocks(path)])


def sample_words() -> Mapping[str, str]:
    """The exact words of each sample recording, from the README beside them."""
    text = (DATA / "README.md").read_text(encoding="utf-8")
    said = {}
    for part in re.split(r"\n### ", text)[1:]:
        name, rest = part.split("\n", 1)
        lines = [line.lstrip("> ") for line in rest.splitlines() if line.startswith(">")]
        said[name.strip()] = " ".join(re.sub(r"^[A-Z][a-z]+: ", "", line) for line in lines)
    return said


def spoken(folder: Path | None) -> Iterator[tuple[str, Samples, str]]:
    """Recordings and the words in them."""
    for name, words in sample_words().items():
        yield name, read(DATA / "sample" / name), words
    for words_file in sorted(folder.glob("*.txt")) if folder else ():
        for file in words_file.parent.glob(f"{words_file.stem}.*"):
            if file != words_file:
                yield file.name, read(file), words_file.read_text(encoding="utf-8")


def chords(seconds: int) -> Samples:
    t = np.arange(seconds * RATE) / RATE
    root = np.array([220, 196, 175, 165])[(t // 2).astype(int) % 4]
    waves = sum(np.sin(2 * np.pi * root * k * h * t) / h for k in (1, 1.26, 1.5) for h in range(1, 6))
    return np.asarray(0.1 * waves * np.exp(-(t % 2)), np.float32)


def melody(seconds: int) -> Samples:
    t = np.arange(seconds * RATE) / RATE
    notes = np.random.default_rng(4).choice([262, 294, 330, 349, 392, 440, 494, 523], seconds * 2)
    phase = 2 * np.pi * np.cumsum(notes[(t * 2).astype(int)] * (1 + 0.01 * np.sin(2 * np.pi * 5 * t))) / RATE
    return np.asarray(sum(np.sin(h * phase) / h**1.5 for h in range(1, 8)) * 0.1 * np.exp(-(t % 0.5)), np.float32)


def nobody_speaks(seconds: int = 60) -> Mapping[str, Samples]:
    """Silence, noise and music."""
    random = np.random.default_rng(1)
    white = random.standard_normal(seconds * RATE)
    spectrum = np.fft.rfft(white)
    pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 1)), len(white))
    t = np.arange(seconds * RATE) / RATE
    drums = 0.3 * white * np.exp(-(t % 0.5) * 25)
    made = {
        "silence": white * 0,
        "hiss": white * 0.002,
        "white noise": white * 0.05,
        "pink noise": pink / pink.std() * 0.05,
        "mains hum": np.sin(2 * np.pi * 50 * t) * 0.05,
        "chords": chords(seconds),
        "melody": melody(seconds),
        "drums": drums,
        "band": chords(seconds) * 0.6 + drums * 0.6,
    }
    return {name: np.asarray(samples, np.float32) for name, samples in made.items()}


# --- ours and theirs --------------------------------------------------------------------------------------------------

Hear = Callable[[Samples], list[Segment]]


def ours(engine: Engine, detector: activity.Detector) -> Hear:
    def hear(samples: Samples) -> list[Segment]:
        blocks = np.array_split(samples, max(1, len(samples) // RATE))
        found = activity.find_speech(blocks, detector)
        return list(
            transcribe(
                blocks,
                engine,
                spans=found.spans,
                duration_ms=found.duration_ms,
                likeliness=found.likeliness,
                language=None,
                heard=[],
                keep=lambda _: None,
                progress=no_progress,
            ).segments
        )

    return hear


def engines(model: str, cache: Path) -> Iterator[tuple[str, Engine, Hear]]:
    """Each engine that is installed, and its bare call with the same settings."""
    import whisper

    weights = find_whisper(model, path=None, cache=cache, allow_downloads=False)
    bare = whisper.load_model(str(weights.path), device="cpu")

    def theirs(samples: Samples) -> list[Segment]:
        heard = bare.transcribe(samples, fp16=False, verbose=None, condition_on_previous_text=False)
        return [Segment(0, 0, one["text"], 0, 0, 0) for one in heard["segments"]]

    yield "openai-whisper", load_engine(weights), theirs
    if importlib.util.find_spec("faster_whisper"):
        from faster_whisper import WhisperModel

        packed = find_faster_whisper(model, path=None, cache=cache)
        faster = WhisperModel(str(packed.path), device="cpu", compute_type="int8")

        def theirs_faster(samples: Samples) -> list[Segment]:
            heard, _ = faster.transcribe(samples, beam_size=1, best_of=1, condition_on_previous_text=False)
            return [Segment(0, 0, one.text, 0, 0, 0) for one in heard]

        yield "faster-whisper", load_faster_engine(packed), theirs_faster


def text_of(segments: list[Segment]) -> str:
    return "".join(one.text for one in segments)


def errors(heard: str, said: str) -> tuple[int, int]:
    """How many words were put in, left out or changed, and how many were said."""
    from whisper.normalizers import EnglishTextNormalizer

    normal = EnglishTextNormalizer()
    got, wanted = normal(heard).split(), normal(said).split()
    row = np.arange(len(wanted) + 1)
    for count, word in enumerate(got, start=1):
        before, row = row, row.copy()
        row[0] = count
        for at, other in enumerate(wanted, start=1):
            row[at] = min(before[at] + 1, row[at - 1] + 1, before[at - 1] + (word != other))
    return int(row[-1]), len(wanted)


def timed(hear: Hear, samples: Samples) -> tuple[float, list[Segment]]:
    started = time.process_time()
    found = hear(samples)
    return time.process_time() - started, found


# --- tables -----------------------------------------------------------------------------------------------------------


def table(*columns: str) -> None:
    print("\n| " + " | ".join(columns) + " |\n|" + "---|" * len(columns), flush=True)


def row(*cells: object) -> None:
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def compare(name: str, mine: Hear, theirs: Hear, folder: Path | None) -> None:
    """Word error rate and processor seconds for each second of sound, ours and the bare call's."""
    for recording, samples, said in spoken(folder):
        seconds = len(samples) / RATE
        mine(samples[: 5 * RATE])  # loading is not counted
        theirs(samples[: 5 * RATE])
        pairs = []
        for turn in range(TURNS):
            order = (mine, theirs) if turn % 2 == 0 else (theirs, mine)
            results = {hear: timed(hear, samples) for hear in order}
            pairs.append((results[mine], results[theirs]))
        wrong = [errors(text_of(found), said) for _, found in pairs[-1]]
        cost = [statistics.median(pair[who][0] for pair in pairs) / seconds for who in (0, 1)]
        rates = [f"{100 * count / words:.1f}%" for count, words in wrong]
        row(name, recording, *rates, *(f"{one:.3f}" for one in cost), f"{cost[0] / cost[1]:.2f}")


def invented(name: str, mine: Hear, theirs: Hear) -> None:
    """Sentences for sounds in which nobody speaks."""
    for what, samples in nobody_speaks().items():
        found, bare = mine(samples), theirs(samples)
        row(name, what, sum(not one.doubtful for one in found), sum(one.doubtful for one in found), len(bare))


def gaps(name: str, mine: Hear) -> None:
    """Sentences in two-minute gaps between speech, and words missing from the speech."""
    words = sample_words()["dee-after-nights.mp3"]
    samples = read(DATA / "sample" / "dee-after-nights.mp3")
    for what, between in nobody_speaks(GAP_S).items():
        whole = np.concatenate([samples, between, samples, between])
        found = mine(whole)
        edges = [len(samples), len(samples) + len(between), 2 * len(samples) + len(between), len(whole)]
        first, second, third, end = (edge * 1000 / RATE for edge in edges)
        inside = [
            one
            for one in found
            if any(a < (one.start_ms + one.end_ms) / 2 < b for a, b in ((first, second), (third, end)))
        ]
        wrong, said = errors(text_of(found), f"{words} {words}")
        row(name, what, sum(not one.doubtful for one in inside), f"{100 * wrong / said:.1f}%")


def right(talk: talks.Talk, probabilities: NDArray[np.float32], turns: Sequence[speakers.Turn]) -> float:
    """The share of speech that is given to the right speaker; where two speak at once, to either."""
    people, steps = talk.speaks.shape
    heard = probabilities[np.minimum(np.arange(steps) * 10 // activity.FRAME_MS, len(probabilities) - 1)]
    speech = talk.speaks.any(axis=0) & (heard >= activity.SURE)
    who = np.full(steps, -1)
    for turn in turns:
        who[turn.start_ms // 10 : turn.end_ms // 10] = -1 if turn.speaker is None else turn.speaker
    shared = np.zeros((people, max(people, int(who.max()) + 1)))
    for speaker in range(int(who.max()) + 1):
        shared[:, speaker] = (talk.speaks & speech & (who == speaker)).sum(axis=1)
    persons, found = linear_sum_assignment(-shared)
    told = np.zeros_like(talk.speaks)
    for person, speaker in zip(persons, found, strict=True):
        told[person] = who == speaker
    return float((told & talk.speaks & speech).any(axis=0).sum() / speech.sum())


TellApart = Callable[[Samples, activity.Activity], list[speakers.Turn]]


def separators() -> Iterator[tuple[str, TellApart]]:
    """Ours, and senko's own pipeline where all that it needs is installed."""
    ear = speakers.CamPlusPlus(find_speaker_model())

    def mine(samples: Samples, found: activity.Activity) -> list[speakers.Turn]:
        blocks = np.array_split(samples, 100)
        return speakers.tell_apart(blocks, found.spans, ear, likeliness=found.likeliness)

    yield "ours", mine
    if not all(map(importlib.util.find_spec, ("soundfile", "umap", "termcolor", "colour"))):
        print(f"\nsenko is not compared. To compare it: pip install --no-deps {SENKO_NEEDS}")
        return
    import senko

    diarizer: Any = senko.Diarizer(device="cpu", warmup=False)

    def theirs(samples: Samples, _found: activity.Activity) -> list[speakers.Turn]:
        found = diarizer.diarize_samples(samples) or {"merged_segments": []}
        names = sorted({one["speaker"] for one in found["merged_segments"]})
        return [
            speakers.Turn(names.index(one["speaker"]), round(one["start"] * 1000), round(one["end"] * 1000))
            for one in found["merged_segments"]
        ]

    yield "senko", theirs


def tell_apart(folder: Path | None, detector: activity.Detector, count: int) -> None:
    """Speech given to the right speaker in made-up conversations of voices from files."""
    files = [DATA / "sample" / "dee-after-nights.mp3", DATA / "sample" / "tariq-walking-home.m4a"]
    if folder and (folder / "voices").is_dir():
        files = sorted((folder / "voices").glob("*"))
    voices = {file.stem: talks.phrases(file) for file in files}
    tell = list(separators())
    for level, noise in enumerate(NOISES):
        results: dict[str, list[tuple[float, int, int, float]]] = {name: [] for name, _ in tell}
        for number in range(count):
            talk = talks.talk(voices, number + level * count, noise, seconds=TALK_S)
            found = activity.find_speech(np.array_split(talk.samples, 100), detector)
            for name, method in tell:
                started = time.process_time()
                turns = method(talk.samples, found)
                cost = (time.process_time() - started) / TALK_S
                guessed = len({turn.speaker for turn in turns} - {None})
                results[name].append((right(talk, found.probabilities, turns), guessed, len(talk.speaks), cost))
        for name, all_of in results.items():
            row(
                name,
                count,
                len(voices),
                "clean" if noise is None else f"noise at {noise} dB",
                f"{statistics.mean(one[0] for one in all_of):.3f}",
                f"{sum(one[1] == one[2] for one in all_of)} of {count}",
                f"{sum(one[1] < one[2] for one in all_of)}, {sum(one[1] > one[2] for one in all_of)}",
                f"{statistics.mean(one[3] for one in all_of):.4f}",
            )


LONG = """
import resource, sys
import numpy as np
from pathlib import Path
from tests.bench import speech
from listening import activity
from listening.weights import find_detector
minutes, model, cache = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
name, engine, _ = next(iter(speech.engines(model, cache)))
path = speech.DATA / "sample" / "dee-after-nights.mp3"
def blocks():
    heard = 0
    while heard < minutes * 60 * speech.RATE:
        for block in speech.sound.blocks(path):
            heard += len(block)
            yield block
found = activity.find_speech(blocks(), activity.SileroDetector(find_detector()))
heard = speech.transcribe(blocks(), engine, spans=found.spans, duration_ms=found.duration_ms,
    likeliness=found.likeliness,
    language="en", heard=[], keep=lambda _: None, progress=speech.no_progress)
print(name, minutes, len(heard.segments), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def peak_memory(minutes: int, model: str, cache: Path) -> None:
    command = [sys.executable, "-c", LONG, str(minutes), model, str(cache)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=dict(os.environ))
    row(*done.stdout.split())


def main() -> None:
    """Print the tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--folder", type=Path, help="recordings with their words beside them; voices/ holds one a file")
    asked.add_argument("--model", default="base")
    asked.add_argument("--minutes", type=int, nargs="*", default=[], help="lengths whose peak memory to measure")
    asked.add_argument("--conversations", type=int, default=6)
    asked.add_argument("--parts", nargs="*", default=PARTS, choices=PARTS, help="which tables to print")
    given = asked.parse_args()
    cache = Settings().cache
    detector = activity.SileroDetector(find_detector())
    for part in given.parts:
        table(*COLUMNS[part])
        if part == "speakers":
            tell_apart(given.folder, detector, given.conversations)
            continue
        for name, engine, theirs in engines(given.model, cache):
            mine = ours(engine, detector)
            if part == "words":
                compare(name, mine, theirs, given.folder)
            elif part == "invented":
                invented(name, mine, theirs)
            else:
                gaps(name, mine)
    if given.minutes:
        table("engine", "minutes", "segments", "peak memory, MB")
        for minutes in given.minutes:
            peak_memory(minutes, given.model, cache)


if __name__ == "__main__":
    main()
