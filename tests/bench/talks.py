"""Made-up conversations with voices from a folder, one voice a file, and who speaks in each 10 ms of them.

People speak in turns of many lengths, now and then over one another; in every third conversation of three or more one
person says only a little. Rooms echo in every second one. What is made depends on the number alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from listening.capture import sound
from listening.tape import RATE

Samples = NDArray[np.float32]
STEP = RATE // 100  # samples: 10 ms
LEVEL = 0.06  # root mean square of speech
QUIET = 0.02  # of the loudest: nobody speaks
PAUSE = 25  # steps of quiet that part two phrases
OVERLAPS = 0.12  # how many turns begin before the last has ended


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation: its sound, and for each person whether they speak in each 10 ms: shape (people, steps)."""

    samples: Samples
    speaks: NDArray[np.bool_]
    least: float
    """The share of the talk of whoever says least."""


def phrases(path: Path) -> list[Samples]:
    """What a voice says, cut at its pauses, equally loud."""
    samples = np.concatenate([np.empty(0, np.float32), *sound.blocks(path)])
    samples = samples[: len(samples) // STEP * STEP]
    loud = np.sqrt(np.square(samples.reshape(-1, STEP)).mean(axis=1))
    speaking = np.flatnonzero(loud > QUIET * loud.max())
    cuts = np.flatnonzero(np.diff(speaking) > PAUSE)
    starts, ends = speaking[[0, *(cuts + 1)]], speaking[[*cuts, -1]] + 1
    found = [samples[start * STEP : end * STEP] for start, end in zip(starts, ends, strict=True) if end - start > PAUSE]
    return [np.asarray(one / np.sqrt(np.square(one).mean()) * LEVEL, np.float32) for one in found]


def talk(voices: Mapping[str, Sequence[Samples]], number: int, noise_db: float | None, seconds: int = 150) -> Talk:
    """A conversation of two, three or four of these voices; with noise so many decibels below the speech."""
    random = np.random.default_rng([number, len(voices)])
    people = random.choice(sorted(voices), min(2 + number % 3, len(voices)), replace=False)
    weights = random.uniform(0.6, 1.4, len(people))
    if len(people) > 2 and number // 3 % 3 == 0:
        weights[0] = 0.05 * weights[1:].sum()
    echo = [_room(random) for _ in people] if number // 3 % 2 else []
    speech = {who: _supply(voices[name], random) for who, name in enumerate(people)}
    volume = 10 ** (random.uniform(-4, 4, len(people)) / 20)
    length = seconds * RATE
    tracks, speaks = np.zeros((len(people), length + RATE)), np.zeros((len(people), seconds * 100), bool)
    last, at = -1, 0.0
    while at < seconds - 2:
        chances = np.where(np.arange(len(people)) == last, 0, weights)
        who = int(random.choice(len(people), p=chances / chances.sum()))
        if at > 0.6 * seconds and not speaks.any(axis=1).all():
            who = int(np.argmin(speaks.any(axis=1)))  # everybody says something
        wanted = float(np.clip(random.lognormal(np.log(4), 0.8), 1, 20))
        at += 0 if last < 0 else _gap(random)
        start = max(0.0, at)
        while at - start < wanted and at < seconds - 2:
            phrase = next(speech[who]) * volume[who]
            first = int(at * 100) * STEP
            phrase = phrase[: min(len(phrase), (seconds * RATE - first) // STEP * STEP)]
            tracks[who, first : first + len(phrase)] += phrase
            speaks[who, first // STEP : (first + len(phrase)) // STEP] = True
            at += len(phrase) / RATE + random.uniform(0.1, 0.4)
        last = who
    if echo:
        tracks = np.stack([fftconvolve(track, room)[: track.size] for track, room in zip(tracks, echo, strict=True)])
    mixed = tracks.sum(axis=0)[:length]
    if noise_db is not None:
        mixed = mixed + _noise(length, random) * LEVEL / 10 ** (noise_db / 20)
    shares = speaks.sum(axis=1) / speaks.sum()
    return Talk(np.asarray(mixed, np.float32), speaks, float(shares.min()))


def _supply(said: Sequence[Samples], random: np.random.Generator) -> Iterator[Samples]:
    while True:
        yield from (said[at] for at in random.permutation(len(said)))


def _gap(random: np.random.Generator) -> float:
    """Seconds between two turns; below nothing, the second begins before the first has ended."""
    return float(-random.uniform(0.2, 1.2) if random.random() < OVERLAPS else random.uniform(0.05, 1))


def _room(random: np.random.Generator) -> Samples:
    """How a room answers a click: itself, then an echo that dies away in 0.2 to 0.6 s."""
    lasts = random.uniform(0.2, 0.6)
    t = np.arange(int(lasts * RATE)) / RATE
    echo = random.standard_normal(len(t)) * 10 ** (-3 * t / lasts)
    echo *= random.uniform(0.3, 0.8) / np.sqrt(np.square(echo).sum())
    echo[0] = 1
    return np.asarray(echo, np.float32)


def _noise(length: int, random: np.random.Generator) -> Samples:
    """Noise as of a street, half of the time, else as of a hiss."""
    white = np.fft.rfft(random.standard_normal(length))
    if random.random() < 0.5:
        white /= np.sqrt(np.maximum(np.arange(len(white)), 40))
    made = np.fft.irfft(white, length)
    return np.asarray(made / made.std(), np.float32)
