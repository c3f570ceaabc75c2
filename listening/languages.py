"""Which language each utterance is in, which languages a model brings together, and what is kept apart if it does not.

The guess rests on the words alone where they say enough. Where they do not (a name, one word, half a sentence) the
conversation decides, and where that says nothing either, the language is unknown: None.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Ints = NDArray[np.intp]
Guess = Mapping[str, float]
"""Languages, by BCP 47 code, and how likely each is; they add up to 1 at most. Empty where the words say nothing."""

SURE: Final = 0.5
"""How likely a language must be to be believed. On short statements of our own, all that were wrong were below 0.42."""

FEW_WORDS: Final = 5
SURER: Final = 0.9
"""Fewer words than this may be names: a language must be this likely to be believed of them."""

PRIOR: Final = 10.0
"""How many times likelier the language of the conversation is than any other, before a word is read."""

STATED: Final = 2
"""What somebody said about a conversation's language counts as much as this many of its utterances."""

SAME: Final = {"ary": "ar", "arz": "ar", "nn": "no", "pcm": "en", "uzs": "uz", "wuu": "zh", "zxx": ""}
"""Forms that are heard as one language here (plain English is mistaken for pcm, Nigerian Pidgin); an empty name is no
language at all."""

OWN_MEAN: Final = 5
"""A language's own mean counts fully only as its statements outgrow this many; with fewer, the mean of all does."""

NAMES: Final = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "ga": "Irish", "gd": "Scottish Gaelic", "gu": "Gujarati", "ha": "Hausa", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "hu": "Hungarian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "ku": "Kurdish",
    "lt": "Lithuanian", "lv": "Latvian", "ml": "Malayalam", "ne": "Nepali", "nl": "Dutch", "no": "Norwegian",
    "pa": "Punjabi", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "si": "Sinhala", "sk": "Slovak", "so": "Somali", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish",
    "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
    "vi": "Vietnamese", "yo": "Yoruba", "zh": "Chinese",
}  # fmt: skip


# --- the language of each utterance -----------------------------------------------------------------------------------


def guess(text: str) -> Guess:
    """What the words alone say. One word in Latin letters says nothing: names and 'Yes' are in no language for sure."""
    if len(text.split()) < 2 and text.isascii():  # noqa: PLR2004  two words
        return {}
    likely: dict[str, float] = {}
    for language, probability in _identifier().rank(text):
        heard = SAME.get(language, language)
        likely[heard] = likely.get(heard, 0.0) + probability
    likely.pop("", None)
    return likely


@functools.cache
def _identifier() -> _Identifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier: _Identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return identifier


class _Identifier:
    """What is used of py3langid, which has no types."""

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Every language with its probability."""
        raise NotImplementedError


def languages_of(
    texts: Sequence[str],
    conversations: Sequence[str],
    stated: Sequence[str | None],
    *,
    guess: Callable[[str], Guess] = guess,
) -> list[str | None]:
    """The language of each of n utterances, as a BCP 47 code without a region, or None where nothing tells.

    `conversations` are the ids of the conversations they come from, `stated` what is known of the language of each of
    those. The order of the utterances changes nothing.
    """
    guesses = [guess(text) for text in texts]
    votes: dict[str, Counter[str]] = {}
    for text, found, conversation, said in zip(texts, guesses, conversations, stated, strict=True):
        ballot = votes.setdefault(conversation, Counter({primary(said): STATED} if said else {}))
        if language := _believed(text, found, None):
            ballot[language] += 1
    usual = {conversation: _most(ballot) for conversation, ballot in votes.items()}
    return [
        _believed(text, found, usual[conversation]) or usual[conversation]
        for text, found, conversation in zip(texts, guesses, conversations, strict=True)
    ]


def primary(language: str) -> str:
    """The language itself, without its region or script: `en` of `en-GB`."""
    return language.replace("_", "-").split("-")[0].casefold()


def _believed(text: str, found: Guess, usual: str | None) -> str | None:
    """The likeliest language if it is likely enough, given the one that is usual in this conversation."""
    sure = SURER if len(text.split()) < FEW_WORDS else SURE
    weights = {language: share * (PRIOR if language == usual else 1) for language, share in found.items()}
    best = _most(weights)
    return best if best is not None and weights[best] >= sure * sum(weights.values()) else None


def _most(counts: Mapping[str, float]) -> str | None:
    """The key that counts most; the first in the alphabet if several do."""
    return min(counts, key=lambda key: (-counts[key], key), default=None)


# --- which languages a model brings together --------------------------------------------------------------------------

HUB: Final = "en"
"""The language that the others are compared with."""

_SAYINGS: Final = {
    "en": ("Good morning, how are you?", "The dog sleeps under the table.", "Our teacher was ill on Monday.",
           "This knife is too blunt to cut bread.", "It rained all night and the river rose.",
           "She sings in a choir every week."),
    "ar": ("صباح الخير، كيف حالك؟", "ينام الكلب تحت الطاولة.", "كان معلمنا مريضا يوم الاثنين.",
           "هذه السكين غير حادة ولا تقطع الخبز.", "هطل المطر طوال الليل وارتفع النهر.", "هي تغني في جوقة كل أسبوع."),
    "bn": ("সুপ্রভাত, আপনি কেমন আছেন?", "কুকুরটা টেবিলের নিচে ঘুমায়।", "সোমবার আমাদের শিক্ষক অসুস্থ ছিলেন।",
           "এই ছুরিটা এত ভোঁতা যে রুটি কাটা যায় না।", "সারা রাত বৃষ্টি হয়েছে আর নদীর পানি বেড়েছে।",
           "সে প্রতি সপ্তাহে গানের দলে গান গায়।"),
    "cy": ("Bore da, sut wyt ti?", "Mae'r ci yn cysgu o dan y bwrdd.", "Roedd ein hathro yn sâl ddydd Llun.",
           "Mae'r gyllell hon yn rhy ddi-fin i dorri bara.", "Bu'n bwrw glaw drwy'r nos a chododd yr afon.",
           "Mae hi'n canu mewn côr bob wythnos."),
    "de": ("Guten Morgen, wie geht es dir?", "Der Hund schläft unter dem Tisch.", "Unser Lehrer war am Montag krank.",
           "Dieses Messer ist zu stumpf, um Brot zu schneiden.", "Es regnete die ganze Nacht und der Fluss stieg.",
           "Sie singt jede Woche in einem Chor."),
    "es": ("Buenos días, ¿cómo estás?", "El perro duerme debajo de la mesa.",
           "Nuestro maestro estaba enfermo el lunes.",
           "Este cuchillo no corta el pan.", "Llovió toda la noche y el río creció.",
           "Ella canta en un coro todas las semanas."),
    "fr": ("Bonjour, comment vas-tu ?", "Le chien dort sous la table.", "Notre professeur était malade lundi.",
           "Ce couteau est trop émoussé pour couper le pain.", "Il a plu toute la nuit et la rivière a monté.",
           "Elle chante dans une chorale chaque semaine."),
    "pa": ("ਸ਼ੁਭ ਸਵੇਰ, ਤੁਸੀਂ ਕਿਵੇਂ ਹੋ?", "ਕੁੱਤਾ ਮੇਜ਼ ਦੇ ਹੇਠਾਂ ਸੌਂਦਾ ਹੈ।", "ਸੋਮਵਾਰ ਨੂੰ ਸਾਡਾ ਅਧਿਆਪਕ ਬਿਮਾਰ ਸੀ।",
           "ਇਹ ਚਾਕੂ ਰੋਟੀ ਕੱਟਣ ਲਈ ਬਹੁਤ ਖੁੰਢਾ ਹੈ।", "ਸਾਰੀ ਰਾਤ ਮੀਂਹ ਪਿਆ ਅਤੇ ਦਰਿਆ ਚੜ੍ਹ ਗਿਆ।",
           "ਉਹ ਹਰ ਹਫ਼ਤੇ ਇੱਕ ਮੰਡਲੀ ਵਿੱਚ ਗਾਉਂਦੀ ਹੈ।"),
    "pl": ("Dzień dobry, jak się masz?", "Pies śpi pod stołem.", "Nasz nauczyciel był chory w poniedziałek.",
           "Ten nóż jest zbyt tępy, żeby kroić chleb.", "Całą noc padało i rzeka wezbrała.",
           "Ona co tydzień śpiewa w chórze."),
    "ro": ("Bună dimineața, ce mai faci?", "Câinele doarme sub masă.", "Profesorul nostru a fost bolnav luni.",
           "Acest cuțit este prea tocit ca să taie pâinea.", "A plouat toată noaptea și râul a crescut.",
           "Ea cântă într-un cor în fiecare săptămână."),
    "so": ("Subax wanaagsan, iska warran?", "Eygu wuxuu ku hurdaa miiska hoostiisa.",
           "Macallinkeennu wuu xanuunsanaa Isniintii.", "Mindidani ma jarto rootiga.",
           "Habeenkii oo dhan roob ayaa da'ay webigiina wuu kor u kacay.",
           "Iyadu toddobaad kasta koox bay la heestaa."),
    "ur": ("صبح بخیر، آپ کیسے ہیں؟", "کتا میز کے نیچے سوتا ہے۔", "ہمارے استاد پیر کے دن بیمار تھے۔",
           "یہ چھری اتنی کند ہے کہ روٹی نہیں کٹتی۔", "ساری رات بارش ہوئی اور دریا چڑھ گیا۔",
           "وہ ہر ہفتے گانے والوں کے ساتھ گاتی ہے۔"),
}  # fmt: skip
"""The same six things said in twelve languages; nobody's words."""

FOUND: Final = 5 / 6
"""The share of sayings that must find themselves in the other language, both ways, for a model to join the two."""

CLOSER: Final = 0.3
"""And how much closer (cosine) a saying must be to itself in the other language than to the others, on average."""


def joined_languages(encode: Callable[[Sequence[str]], Vectors]) -> frozenset[str]:
    """The languages in which this model knows what English says, tried on a few sayings. Empty if there are none.

    A language that was not tried is taken to be joined if all that were tried are; see `joins`.
    """
    found = {language: encode(sayings) for language, sayings in _SAYINGS.items()}
    return frozenset(language for language in found if language != HUB and _joins(found[HUB], found[language]))


def _joins(ours: Vectors, theirs: Vectors) -> bool:
    left, right = (_unit(vectors.astype(np.float64) - vectors.mean(axis=0)) for vectors in (ours, theirs))
    cosines = left @ right.T
    count = len(cosines)
    same = np.arange(count)
    hits = np.minimum((cosines.argmax(axis=0) == same).sum(), (cosines.argmax(axis=1) == same).sum())
    own = np.diagonal(cosines).mean()
    others = (cosines.sum() - np.diagonal(cosines).sum()) / (count * (count - 1))
    return bool(hits >= FOUND * count and own - others >= CLOSER)


def _unit(points: NDArray[np.float64]) -> NDArray[np.float64]:
    unit: NDArray[np.float64] = points / np.maximum(np.linalg.norm(points, axis=-1, keepdims=True), 1e-12)
    return unit


def joins(language: str, joined: frozenset[str]) -> bool:
    """Whether a model that joins these languages may be trusted to join this one too."""
    tried = _SAYINGS.keys() - {HUB}
    return bool(joined) and (language == HUB or language in joined or (language not in tried and joined == tried))


# --- what is grouped with what ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Apart:
    """Which rows of n are to be grouped together, and a sentence for the person if languages were kept apart.

    The parts hold every row exactly once, the largest first.
    """

    parts: tuple[Ints, ...]
    note: str | None


def kept_apart(languages: Sequence[str | None], joined: frozenset[str]) -> Apart:
    """One part for all languages that the model joins, and one for every other language.

    Utterances in an unknown language go with the language that most are in. `joined` is what `joined_languages` found.
    """
    known = Counter(language for language in languages if language is not None)
    usual = _most(known) or HUB
    part_of = {language: "" if joins(language, joined) else language for language in known}
    rows: dict[str, list[int]] = {}
    for row, language in enumerate(languages):
        rows.setdefault(part_of.get(language or usual, ""), []).append(row)
    ordered = sorted(rows.items(), key=lambda part: (-len(part[1]), part[0]))
    main = ordered[0][0] if ordered else ""
    alone = {part: known[part] for part, _ in ordered if part != main and part}
    if main and "" in rows:  # the language that stands alone is the larger one: name it rather than all the others
        alone = {main: known[main], **alone}
    parts = tuple(np.array(numbers, dtype=np.intp) for _, numbers in ordered)
    return Apart(parts, _note(alone, any_joined=bool(joined)) if len(parts) > 1 else None)


def _note(alone: Mapping[str, int], *, any_joined: bool) -> str:
    counts = [f"{name_of(language)} ({count})" for language, count in alone.items()]
    listed = counts[0] if len(counts) == 1 else f"{', '.join(counts[:-1])} and {counts[-1]}"
    themselves = "themselves" if len(counts) == 1 else "themselves, each language on its own"
    if any_joined:
        reason = "the model cannot tell what they mean in other languages"
        remedy = "To bring them together, set LISTENING_ENCODER to the folder of a model that knows these languages."
    else:
        reason = "the model knows only one language at a time"
        remedy = (
            "To bring languages together: `pip install 'radical-listening[languages]'`, "
            "then set LISTENING_ENCODER=multilingual."
        )
    return f"Words in {listed} were grouped by {themselves}, because {reason}. {remedy}"


def name_of(language: str) -> str:
    """What a language is called in English, or its code."""
    return NAMES.get(language, f"the language '{language}'")


def centred(vectors: Vectors, languages: Sequence[str | None]) -> Vectors:
    """Unit vectors, shape (n, d), without what all statements of a language share: for models that join languages.

    In such a model the language itself pulls statements together. Each language's own mean is taken out as far as
    there are statements to tell it by (OWN_MEAN); the rest of the way, and for unknown languages, the mean of all is.
    Rows that end up at nothing stay nothing. The order of the rows changes nothing but rounding.
    """
    if not len(vectors):
        return vectors
    points = vectors.astype(np.float64)
    everyone = points.mean(axis=0)
    moved = points - everyone
    named = np.array([language or "" for language in languages])
    for language in np.unique(named[named != ""]):
        rows = named == language
        count = int(rows.sum())
        own = points[rows].mean(axis=0)
        moved[rows] = points[rows] - (count * own + OWN_MEAN * everyone) / (count + OWN_MEAN)
    return _unit(moved).astype(np.float32)
