"""Pictures of paper: kept beside the note that was typed up from them. What they show is not read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from listening.capture.folder import HEAD_BYTES, MEGABYTE, PICTURES, Limits
from listening.capture.text import shown
from listening.domain import Media
from listening.errors import Refused

_PICTURE = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|....ftyp(?:hei[cfmsx]|hev[cmsx]|mif1|msf1|avif)", re.DOTALL)
_KINDS: Final = ", ".join(PICTURES)


def picture_beside(file: Path, name: str) -> Path:
    """The picture of that name in the folder of a file; raises Refused where there is none or it is no picture."""
    path = file.parent / name
    if path.suffix.lower() not in PICTURES:
        raise Refused(f"The photo {shown(name)} is not one of {_KINDS}. Save it as one of these.")
    try:
        with path.open("rb") as picture:
            head = picture.read(HEAD_BYTES)
        size = path.stat().st_size
    except OSError as error:
        raise Refused(
            f"The photo {shown(name)} is not beside this file. Put it there, or take the line “photo:” out."
        ) from error
    if not _PICTURE.match(head):
        raise Refused(f"The photo {shown(name)} does not hold a picture. Take it again, or choose another.")
    if size > Limits().of(Media.NOTE):
        raise Refused(f"The photo {shown(name)} has {size / MEGABYTE:.1f} MB. Save it smaller: 20 MB are enough.")
    return path
