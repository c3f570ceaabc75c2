"""Sound on its way through the line: mono float32 at 16 kHz, shape (samples,), between -1 and 1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]
Span = tuple[int, int]
"""Where something starts and ends in a recording, in whole milliseconds; the end is exclusive."""

RATE: Final = 16_000  # samples a second


class Tape:
    """A recording that comes in blocks and is wound on, never back: of any length, it takes the memory of one span."""

    def __init__(self, blocks: Iterable[Sound]) -> None:
        self._blocks = iter(blocks)
        self._at = 0  # the sample that the block at hand begins with
        self._block: Sound = np.empty(0, np.float32)

    def take(self, *spans: Span) -> Sound:
        """The sound of these spans, one after another, as far as there is any; what lies between them is left out.

        They are in order, and begin no earlier than the last span that was taken ended.
        """
        parts = [part for start, end in spans for part in self._parts(start * RATE // 1000, end * RATE // 1000)]
        return np.concatenate([np.empty(0, np.float32), *parts])

    def _parts(self, start: int, end: int) -> Iterator[Sound]:
        while True:
            yield self._block[max(0, start - self._at) : max(0, end - self._at)]
            if end <= self._at + len(self._block):
                return
            following = next(self._blocks, None)
            if following is None:
                return
            self._at += len(self._block)
            self._block = following
