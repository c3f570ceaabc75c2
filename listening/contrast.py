"""Where people differ inside a theme: pairs of whole utterances of different voices to read side by side.

A theme is a topic, not an agreement. A model of meaning puts "needs a fairness ordinance" beside "does not need a
fairness ordinance", so the two are told apart here by what it overlooks: words that turn a sentence round (not, never,
against, bez, nunca, نہیں). Nobody is given a score and nobody is put on a side: people read both and judge.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PAIRS = 3
"""How many pairs of a theme are shown at most; each utterance is in one of them at most."""

NEAR = 0.55
"""The least cosine between the two of a pair: they must speak of the same thing."""

SHARED = 0.12
"""The least share of their words, the rare ones counting more, that the two of a pair have in common."""

MOST_MEMBERS = 400
"""In a theme of more utterances, only so many, nearest the middle, are compared with each other."""

FEWEST_FOR_ENDS = 4
"""From so many utterances on, the two that stand furthest apart are shown where nothing turns a sentence round."""

_TURNING = """
not no never none nobody nothing nor neither without against cannot cant dont doesnt didnt isnt arent wasnt werent wont
wouldnt shouldnt couldnt hasnt havent aint oppose opposed
nie nigdy bez nikt nic żaden żadna żadne ani przeciw
no nunca sin nadie nada ningún ninguna ni contra tampoco
ne pas jamais sans rien aucun aucune contre personne
nicht kein keine keinen keiner nie niemals ohne gegen nichts niemand
nid ddim byth heb neb dim peidio erbyn
nu niciodată fără nimeni nimic niciun nicio contra
não nunca sem ninguém nenhum nenhuma
non mai senza nessuno niente contro
niet geen nooit zonder niemand niets tegen
не нет никогда без никто ничего против
ні немає ніколи без ніхто нічого проти
değil yok hiç asla karşı olmasın
maya aan la'aan weligood cidna
نہیں نہ مت کبھی بغیر خلاف
না নয় নেই কখনো ছাড়া বিরুদ্ধে
لا ليس لم لن بدون ضد ليست
ਨਹੀਂ ਨਾ ਕਦੇ ਬਿਨਾਂ
नहीं न मत कभी बिना
"""  # noqa: RUF001  letters of many alphabets
"""Words of everyday grammar that turn a sentence round, a line a language. They sort nothing: they only help to find
pairs worth reading. A language that is missing here still has its ends shown."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two utterances, by row, that pull apart; or, where `ends`, the two that stand furthest from each other."""

    left: int
    right: int
    ends: bool


_APOSTROPHES = str.maketrans("", "", "'\u2019")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold()).translate(_APOSTROPHES)


def _words(text: str) -> list[str]:
    return re.findall(r"[\w\u0300-\u036f\u0900-\u0dff]+", _plain(text))


_TURNING_WORDS = frozenset(_words(_TURNING))


def _turned(words: Iterable[str]) -> bool:
    """Whether a sentence is turned round: twice is not at all ("nobody said never")."""
    return sum(word in _TURNING_WORDS for word in words) % 2 == 1


class Contrasts:
    """Finds the pairs of any theme of one run. How rare a word is follows from all that was said."""

    def __init__(self, texts: Sequence[str], voices: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """`texts`, `voices` (ids) and `vectors` (n, d), unit length, are those of all n utterances, by row."""
        self._voices = voices
        self._vectors = vectors
        said = [_words(text) for text in texts]
        self._turned = [_turned(words) for words in said]
        self._words = [frozenset(words) - _TURNING_WORDS for words in said]
        spread = Counter(word for words in self._words for word in words)
        self._rarity = {word: math.log((1 + len(texts)) / count) for word, count in spread.items()}
        self._weights = [self._weight(words) for words in self._words]

    def of(self, rows: Sequence[int], centre: NDArray[np.float32]) -> tuple[Pair, ...]:
        """The pairs of the theme with these rows, those that pull apart most clearly first.

        Rows come in a settled order, which settles ties. Empty where one voice speaks, or all say the same.
        """
        near = sorted(rows, key=lambda row: -round(float(self._vectors[row] @ centre), 6))[:MOST_MEMBERS]
        chosen: list[Pair] = []
        used: set[int] = set()
        for _, left, right in sorted(self._turned_pairs(near), key=lambda found: -found[0]):
            if len(chosen) < PAIRS and not {left, right} & used:
                chosen.append(Pair(left, right, ends=False))
                used |= {left, right}
        return tuple(chosen) or self._ends(near)

    def _turned_pairs(self, rows: Sequence[int]) -> Iterator[tuple[float, int, int]]:
        """Pairs of which one is turned round and the other not, with how clearly they speak of the same thing."""
        straight = [row for row in rows if not self._turned[row]]
        turned = [row for row in rows if self._turned[row]]
        cosines = np.round(self._vectors[straight] @ self._vectors[turned].T, 6)
        for i, j in np.argwhere(cosines >= NEAR):
            left, right = straight[i], turned[j]
            shared = self._shared(left, right) if self._voices[left] != self._voices[right] else 0.0
            if shared >= SHARED:
                yield round(shared + float(cosines[i, j]) / 2, 6), left, right

    def _shared(self, left: int, right: int) -> float:
        """The weighted share of words that both say, 0 to 1."""
        both = self._weight(self._words[left] & self._words[right])
        either = self._weights[left] + self._weights[right] - both
        return both / either if either else 0.0

    def _weight(self, words: Iterable[str]) -> float:
        return sum(self._rarity[word] for word in sorted(words))  # in order, since sums are rounded

    def _ends(self, rows: Sequence[int]) -> tuple[Pair, ...]:
        """The two of different voices that are least alike."""
        if len(rows) < FEWEST_FOR_ENDS:
            return ()
        first, second = np.triu_indices(len(rows), 1)
        cosines = np.round(self._vectors[rows] @ self._vectors[rows].T, 6)[first, second]
        for pair in np.argsort(cosines, kind="stable"):
            left, right = rows[first[pair]], rows[second[pair]]
            if self._voices[left] != self._voices[right] and self._words[left] != self._words[right]:
                return (Pair(left, right, ends=True),)
        return ()
