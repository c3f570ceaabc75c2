import pytest

from listening import pipeline
from listening.domain import Choice, Purpose
from tests.pipeline.test_synthesis import BUSES, DAMP, note

STRANGE = '=HYPERLINK("x") <script>alert(\'سلام\')</script> _x0041_ & "tea"'
CANARY = "Canary wharf marmalade"


@pytest.fixture
def told(line, hand_in):
    """A line with themes, voices on their own, decisions, a book kept about them, and words that must not go out."""
    front = "---\nplace: Fen Street\ndate: 2026-03-05\n---\n\n"
    held, gone = f"{CANARY} one held.", f"{CANARY} two gone."
    said = note([*BUSES, *DAMP, "Forty teaspoons, please.", STRANGE, held, gone])
    pipeline.ingest(line, hand_in("all.txt", front + said))
    pipeline.synthesise(line)
    theme = pipeline.themes(line)[0]
    one = {words: pipeline.find(line, words)[0] for words in ("teaspoons", "HYPERLINK", "held.", "gone.")}
    pipeline.decide(
        line, Choice.DO, "Spoons.", utterances=[one[words].id for words in ("teaspoons", "held.", "gone.")], owner="Jo"
    )
    no_bus = pipeline.decide(line, Choice.CANNOT, "No bus.", because="The county's.", themes=[theme.id])
    pipeline.note_progress(line, no_bus.id, "=We asked\u202e again.", by="Meera")
    pipeline.hold(line, one["held."].id, "to keep somebody safe")
    pipeline.withdraw(line, one["gone."].id)
    for words in ("teaspoons", "HYPERLINK"):
        pipeline.choose(line, one[words].voice, Purpose.QUOTE, given=True)
    pipeline.choose(line, pipeline.show(line, theme.exemplars[0]).voice, Purpose.QUOTE, given=True)
    return line


@pytest.fixture
def links(told):
    """Every way through the chain, as the pages show it, less those through words that are held back."""
    held = {one.id for one in pipeline.held(told)}
    every = {
        (link.decision, link.theme, link.utterance, link.conversation, link.voice)
        for voice in pipeline.voices(told)
        for link in pipeline.links(told, voice.id)
    }
    return {link for link in every if link[2] not in held}
