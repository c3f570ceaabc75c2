"""The use cases. The command line, the flows and the web call these and nothing deeper."""

from listening.pipeline.deciding import decide
from listening.pipeline.example import record_example_decisions
from listening.pipeline.ingestion import (
    Arrival,
    Entered,
    Failed,
    Ingested,
    Received,
    ingest,
    read,
    receive,
    receive_all,
    still_waiting,
    waiting,
)
from listening.pipeline.line import Line, open_line
from listening.pipeline.mapping import Guess
from listening.pipeline.synthesis import Synthesis, synthesise
from listening.pipeline.views import (
    counts,
    decisions,
    find,
    guide,
    guides,
    ledger,
    on_their_own,
    original,
    photo_of,
    show,
    text_of,
    themes,
    trace,
    voices,
    words_of,
)

__all__ = [
    "Arrival",
    "Entered",
    "Failed",
    "Guess",
    "Ingested",
    "Line",
    "Received",
    "Synthesis",
    "counts",
    "decide",
    "decisions",
    "find",
    "guide",
    "guides",
    "ingest",
    "ledger",
    "on_their_own",
    "open_line",
    "original",
    "photo_of",
    "read",
    "receive",
    "receive_all",
    "record_example_decisions",
    "show",
    "still_waiting",
    "synthesise",
    "text_of",
    "themes",
    "trace",
    "voices",
    "waiting",
    "words_of",
]
