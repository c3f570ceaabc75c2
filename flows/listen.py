"""The whole line: read what is waiting, then find the themes. `python -m flows.listen`"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass

from flows import server
from flows.base import flow
from flows.ingest import Reading, ingest
from flows.synthesise import synthesise
from listening.pipeline import Synthesis
from listening.settings import Settings


@dataclass(frozen=True, slots=True)
class Listening:
    """What came of both steps."""

    reading: Reading
    synthesis: Synthesis


@flow(persist_result=False, log_prints=False)
def listen() -> Listening:
    """Read all that is waiting, then find the themes in all that was read."""
    return Listening(ingest(), synthesise())


def main() -> None:
    """Do both, and print what came of it."""
    server.start(Settings())
    print(json.dumps(dataclasses.asdict(listen())))


if __name__ == "__main__":
    main()
