"""Options that several commands take."""

from __future__ import annotations

from typing import Annotated

import typer

By = Annotated[str | None, typer.Option(help="Who does this. With none: LISTENING_DECIDED_BY, or your login.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
