"""The recordings themselves: people listen to the voice, not to what a machine heard."""

from __future__ import annotations

import mimetypes

from dashboards.door import Asked
from dashboards.pages import Kept
from listening import pipeline


def sound(asked: Asked) -> Kept:
    """A recording, whole or the part that a player asks for."""
    found = pipeline.recording(asked.line, asked.path["id"])
    media_type = mimetypes.guess_type(f"sound{found.suffix}")[0] or "application/octet-stream"
    return Kept(str(found.path), media_type)
