"""Take everything along: the formats there are, each for inside or for everybody, as a download."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime

from dashboards.door import Asked
from dashboards.pages import Body, Page
from listening import pipeline
from listening.errors import NotFound

KINDS = {
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "qdpx": "application/zip",
}


@dataclass(frozen=True)
class Exports(Page, template="leadership/exports.html"):
    """What can be taken along."""

    formats: tuple[tuple[str, str], ...]


def exports(_: Asked) -> Exports:
    """The list of formats."""
    return Exports(tuple((one.name, one.what) for one in pipeline.FORMATS.values()))


def export(asked: Asked) -> Body:
    """One format, made at this moment. Several files come as one zip."""
    name, whom = asked.path["format"], asked.path["whom"]
    if name not in pipeline.FORMATS or whom not in ("inside", "public"):
        raise NotFound("There is no such format. Go back, and choose one of those on the page.")
    files = pipeline.export_files(asked.line, name, public=whom == "public")
    if len(files) == 1:
        [(file, content)] = files.items()
        return Body(content, KINDS.get(file.rpartition(".")[2], "application/octet-stream"), name=file)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for file, content in files.items():
            packed.writestr(file, content)
    return Body(out.getvalue(), "application/zip", name=f"{whom}-{name}-{datetime.now(UTC):%Y-%m-%d}.zip")
