"""Words that make people small, and a gentle suggestion instead. Never a block: whoever writes decides."""

from __future__ import annotations

import re
from dataclasses import dataclass

_INSTEAD = {
    r"vulnerable": "say what makes life hard, for example “people who live with damp”",
    r"beneficiar(?:y|ies)": "people",
    r"service[- ]users?": "people, or people who come here",
    r"clients?": "people",
    r"hard[- ]to[- ]reach": "people we have not reached yet",
    r"seldom[- ]heard": "people we have not listened to yet",
    r"deprived": "say what is missing, for example “no shop in walking distance”",
    r"disadvantaged": "say what stands in the way",
    r"marginali[sz]ed": "say who is left out, and by whom",
    r"the (?:homeless|elderly|disabled|poor)": "put people first: “people without a home”, “older people”",
    r"troubled famil(?:y|ies)": "families, and what they told you",
    r"non[- ]engag(?:ing|ement)": "people we have not reached yet",
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word somebody wrote, and what they might write instead."""

    wrote: str
    instead: str


def suggestions(*texts: str) -> tuple[Suggestion, ...]:
    """What might be said another way, each word once, in the order it was written."""
    found = [
        (number, match.start(), Suggestion(match[0], instead))
        for number, text in enumerate(texts)
        for pattern, instead in _INSTEAD.items()
        if (match := re.search(rf"\b{pattern}\b", text, re.IGNORECASE))
    ]
    return tuple(one for _, _, one in sorted(found, key=lambda one: one[:2]))
