"""Every setting in one frozen place. Built only at the edges: the command line, the flows, the web."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from platformdirs import user_cache_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Each field is read from the environment variable LISTENING_ and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="LISTENING_", frozen=True)

    data: Path = Field(Path("data"), description="the folder that holds one inquiry: database, originals, flow state")
    cache: Path = Field(
        default_factory=lambda: user_cache_path("radical-listening"),
        description="where converted model weights are kept; nobody's words are in it",
    )
    engine: Literal["openai-whisper", "faster-whisper"] = Field(
        "openai-whisper", description="what runs Whisper; faster-whisper has to be installed first"
    )
    whisper_model: str = Field("base", description="which Whisper hears recordings: base (many languages) or tiny.en")
    whisper_weights: Path | None = Field(None, description="a Whisper checkpoint of your own")
    encoder: Path | Literal["multilingual"] | None = Field(
        None, description="multilingual for words in many languages, or a sentence-transformers folder of your own"
    )
    encoder_engine: Literal["auto", "torch", "openvino"] = Field(
        "auto", description="what runs the encoder; the vectors are the same. auto is openvino if it is installed"
    )
    allow_downloads: bool = Field(False, description="whether Whisper weights may be fetched from the internet by name")
    min_voices: int = Field(2, ge=2, description="how many different people it takes to make a theme")
    decided_by: str | None = Field(None, description="who signs decisions when nobody is named")
    look_again_after_days: int = Field(
        180, ge=1, le=3650, description="when a decision is looked at again if nobody says when"
    )
    challenge: str = Field(
        "Tell the person who listened to you that you disagree. They must pass it on and bring you an answer.",
        description="how anyone can challenge a decision",
    )
    fewest: int = Field(10, ge=5, le=100, description="counts of people in a group that are smaller are not shown")
    round_to: int = Field(5, ge=5, le=50, description="counts of people in a group are rounded to this")
    exit_to: str = Field(
        "https://www.bbc.co.uk/weather",
        pattern="^https?://",
        description="where “Exit this page” goes, for somebody who is being watched",
    )
    patience_seconds: float = Field(60, gt=0, description="how long to wait while another program uses the database")
