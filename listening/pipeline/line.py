"""What every use case works with: the store, the settings, and the models when they are needed."""

from __future__ import annotations

import functools
import getpass
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from listening import __version__
from listening.activity import Detector, SileroDetector
from listening.domain import Kind, Model, Run, Stage, new_id, sha256_of
from listening.embed import Encoder, load_encoder
from listening.pipeline.writing import LONGEST_NAME, readable
from listening.settings import Settings
from listening.speakers import CamPlusPlus, Separator
from listening.store import Store, open_store
from listening.transcribe import Engine, load_engine, load_faster_engine
from listening.weights import find_detector, find_encoder, find_faster_whisper, find_speaker_model, find_whisper


@dataclass(frozen=True)
class Line:
    """One inquiry's line from conversations to decisions. The models are loaded when first asked for."""

    store: Store
    settings: Settings
    engine: Callable[[], Engine]
    encoder: Callable[[], Encoder]
    detector: Callable[[], Detector] = field(default=functools.cache(lambda: SileroDetector(find_detector())))
    separator: Callable[[], Separator] = field(default=functools.cache(lambda: CamPlusPlus(find_speaker_model())))


def open_line(settings: Settings) -> Line:
    """The line that works in `settings.data`."""
    return Line(
        store=open_store(settings.data, settings.patience_seconds),
        settings=settings,
        engine=functools.cache(lambda: _find_engine(settings)),
        encoder=functools.cache(lambda: _find_encoder(settings)),
    )


def _find_engine(settings: Settings) -> Engine:
    if settings.engine == "faster-whisper":
        return load_faster_engine(
            find_faster_whisper(settings.whisper_model, path=settings.whisper_weights, cache=settings.cache)
        )
    return load_engine(
        find_whisper(
            settings.whisper_model,
            path=settings.whisper_weights,
            cache=settings.cache,
            allow_downloads=settings.allow_downloads,
        )
    )


def signature(line: Line, by: str | None) -> str:
    """Who signs what a person does: whoever is named, else who the settings name, else the login."""
    return readable(by or "", LONGEST_NAME) or line.settings.decided_by or getpass.getuser()


def _find_encoder(settings: Settings) -> Encoder:
    return load_encoder(find_encoder(settings.encoder, cache=settings.cache), settings.encoder_engine)


def recipe_of(model: Model, parameters: Mapping[str, object]) -> str:
    """The sha256 of all that decides what a stage makes of its input."""
    return sha256_of(
        json.dumps([model.name, model.version, model.weights_sha256, dict(parameters)], sort_keys=True, default=str)
    )


def new_run(
    stage: Stage,
    model: Model,
    parameters: Mapping[str, object],
    *,
    inputs_sha256: str | None = None,
    seed: int | None = None,
) -> Run:
    """The row that says how something was derived."""
    return Run(
        id=new_id(Kind.RUN),
        stage=stage,
        model=model.name,
        model_version=model.version,
        weights_sha256=model.weights_sha256,
        parameters=json.dumps(dict(parameters), sort_keys=True, default=str),
        seed=seed,
        code_version=__version__,
        inputs_sha256=inputs_sha256,
        started_at=datetime.now(UTC),
    )


def once(line: Line, key_sha256: str) -> AbstractContextManager[None]:
    """What is written inside is written once, though it be asked for twice under this key.

    :raises AlreadyDone: if it was asked for before.
    """
    return line.store.once(key_sha256)


def stamp(line: Line) -> object:
    """Something that differs after every write, by this program or another: what was kept for showing is then old."""
    return line.store.stamp()


def written(line: Line) -> int:
    """How often this program has written."""
    return line.store.written


def seen_at_once(line: Line) -> object:
    """Something that differs after everything that pages must show at once: what people do to words.

    New words do not count, nor does a new run: they may be shown a few seconds later.
    """
    with line.store.reading() as read:
        return read.rows("seen_at_once", lambda *counts: counts)[0]


def who_comes_in(line: Line) -> object:
    """Something that differs after every change of who may sign in, or is signed in."""
    with line.store.reading() as read:
        return read.rows("who_comes_in", lambda *counts: counts)[0]


def what_came_in(line: Line) -> object:
    """Something that differs after everything that is handed in, read, or could not be."""
    with line.store.reading() as read:
        return read.rows("what_came_in", lambda *counts: counts)[0]
