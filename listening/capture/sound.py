"""Recordings in whatever format people hand in, decoded to the sound that the transcriber hears."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from listening.errors import Refused

if TYPE_CHECKING:
    from av import AudioFrame, AudioResampler, AudioStream
    from av.container import InputContainer, OutputContainer

RATE: Final = 16_000  # samples a second
BLOCK: Final = RATE  # samples: about a second at a time
# Only these, and only from the file itself: a playlist or a script named .mp3 would make the decoder open other files.
FORMATS: Final = "aac,aiff,amr,asf,caf,flac,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,ogg,wav"
PROBED_PACKETS: Final = 20  # looked at to tell sound from bytes that only look like it
TOLERANCE_MS: Final = 1_000  # encoders pad, and round what they declare
LONGEST_MS = 4 * 60 * 60 * 1000  # a few megabytes can hold days of silence, which would take gigabytes and hours
UNKNOWN_SIZE: Final = 0xFFFF0000  # bytes, and more: what recorders write that do not know yet
WAV_HEAD: Final = 4_096  # bytes in which a WAV file says how much sound it holds

NOT_SOUND: Final = (
    "This recording cannot be read: it is damaged, cut off at its start, or not a recording. "
    "Open it in a player; if it plays there, save it as WAV, FLAC or MP3 and hand that in."
)
TOO_LONG: Final = (
    "This recording is longer than {hours:g} hours. Cut it into parts with the program that recorded it, and bring "
    "those in one by one."
)
NO_TRACK: Final = "This file has no sound in it. Check that it is the recording, and that the microphone was on."
EMPTY: Final = "This recording is empty: the file has no bytes. Copy it again from the device that made it."


@dataclass(frozen=True, slots=True)
class Sound:
    """What a recording says of itself."""

    container: str  # the family of formats, in the decoder's words, such as "matroska,webm"
    codec: str  # such as "opus"
    rate: int  # samples a second, as recorded
    channels: int
    duration_ms: int | None  # None where the file does not say, as with sound recorded live in a browser
    declared: bool  # whether the duration is written in the file; else it is a guess from the file's size


def missing_ms(sound: Sound, read_ms: int) -> int:
    """How much of a recording could not be read, as far as it can be told; 0 where it is whole or nobody can tell.

    Truncated FLAC, MP3, WebM and WAV files still declare their full length; truncated Ogg files do not.
    """
    if sound.duration_ms is None or not sound.declared:
        return 0
    missing = sound.duration_ms - read_ms
    return missing if missing > TOLERANCE_MS else 0


def _open(path: Path) -> InputContainer:
    import av

    options = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    try:
        return av.open(f"file:{path.absolute()}", container_options=options)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise Refused("This recording cannot be opened. Check that the file is there and may be read.") from error
    except (av.FFmpegError, UnicodeError) as error:
        raise Refused(NOT_SOUND if path.stat().st_size else EMPTY) from error


def _track(container: InputContainer) -> AudioStream:
    if not container.streams.audio:
        raise Refused(NO_TRACK)
    track = container.streams.best("audio")
    if track is None:  # text named .mp3 has a track, and nothing in it
        raise Refused(NOT_SOUND)
    return cast("AudioStream", track)


def _decode(container: InputContainer, track: AudioStream) -> Iterator[list[AudioFrame] | None]:
    """The frames of each packet, or None for a broken packet; ends where nothing more can be read."""
    import av

    for packet in _packets(container, track):
        try:
            yield packet.decode()
        except av.FFmpegError:
            yield None


def probe(path: Path) -> Sound:
    """What a recording says of itself.

    Raises Refused, with a sentence or two for people, if it cannot be read as sound, or says that it is too long.
    """
    with _open(path) as container:
        track = _track(container)
        packets = list(islice(_decode(container, track), PROBED_PACKETS))
        good = sum(bool(frames) for frames in packets)
        if not good or packets.count(None) > good:
            raise Refused(NOT_SOUND)
        seconds: Fraction | None = None
        if track.duration is not None and track.time_base is not None:
            seconds = track.duration * track.time_base
        elif container.duration is not None:
            seconds = Fraction(container.duration, 1_000_000)
        if seconds is not None and container.format.name == "wav":
            seconds *= _wav_holds(path)
        # An MP3 has its length in a first frame that also says where its sound starts; without that it is a guess.
        declared = seconds is not None and (container.format.name != "mp3" or bool(track.start_time))
        if seconds is not None and declared and seconds * 1000 > LONGEST_MS:
            raise _too_long()
        context = track.codec_context
        return Sound(
            container=container.format.name,
            codec=context.codec.canonical_name,
            rate=context.sample_rate,
            channels=context.channels,
            duration_ms=None if seconds is None else round(seconds * 1000),
            declared=declared,
        )


def _too_long() -> Refused:
    return Refused(TOO_LONG.format(hours=LONGEST_MS / 3_600_000))


def _wav_holds(path: Path) -> Fraction:
    """How much more sound a WAV file says it holds than there is in it: 1 where it is whole or does not say."""
    with path.open("rb") as file:
        head = file.read(WAV_HEAD)
    at = head.find(b"data", 12) + 8
    said, there = int.from_bytes(head[at - 4 : at], "little"), path.stat().st_size - at
    live = said >= UNKNOWN_SIZE  # written while recording, and never filled in
    return Fraction(1) if at < 8 or live or there <= 0 else max(Fraction(1), Fraction(said, there))  # noqa: PLR2004


def _resampler() -> AudioResampler:
    import av

    return av.AudioResampler(format="s16", layout="mono", rate=RATE)


def _resample(frames: Iterator[AudioFrame]) -> Iterator[NDArray[np.int16]]:
    """Shape (samples,) at a time. A recording may change its format midway; each stretch gets its own resampler."""
    resampler, current = _resampler(), None
    for frame in frames:
        described = (frame.format.name, frame.layout.name, frame.sample_rate)
        if current not in {None, described}:
            yield from _arrays(resampler, None)
            resampler = _resampler()
        current = described
        yield from _arrays(resampler, frame)
    if current is not None:
        yield from _arrays(resampler, None)


def _arrays(resampler: AudioResampler, frame: AudioFrame | None) -> Iterator[NDArray[np.int16]]:
    for resampled in resampler.resample(frame):
        yield resampled.to_ndarray().reshape(-1).astype(np.int16, copy=False)


def blocks(path: Path) -> Iterator[NDArray[np.float32]]:
    """The recording as mono sound at 16 kHz between -1 and 1: blocks of shape (samples,), about a second each.

    It goes through 16-bit numbers, which is what Whisper was trained on. A broken stretch is left out, and a file that
    was cut short ends where it was cut. Raises Refused if the file cannot be read, has no sound, or is too long.
    """
    most = (LONGEST_MS + TOLERANCE_MS) * RATE // 1000
    with _open(path) as container:
        frames = (frame for packet in _decode(container, _track(container)) for frame in packet or ())
        waiting: list[NDArray[np.int16]] = []
        for array in _resample(frames):
            most -= len(array)
            if most < 0:
                raise _too_long()
            waiting.append(array)
            if sum(map(len, waiting)) >= BLOCK:
                yield _to_float(waiting)
                waiting = []
        if waiting:
            yield _to_float(waiting)


def _to_float(arrays: list[NDArray[np.int16]]) -> NDArray[np.float32]:
    return np.concatenate(arrays).astype(np.float32) / np.float32(32768)


# --- one recording that was made in several goes ----------------------------------------------------------------------

_WHOLE: Final = {"opus": ".webm", "vorbis": ".webm", "aac": ".m4a", "mp4a": ".m4a"}


def join(takes: Sequence[Path], into: Path) -> Path:
    """Recordings made one after another as one file: packet by packet, so that no sound is changed.

    A file that was recorded live does not say how long it is; the whole one does, and can be played from any second.
    All must be of one codec. Gives `into` with the ending that fits it; raises Refused where a take cannot be read.
    """
    import av

    codec = probe(takes[0]).codec
    if codec not in _WHOLE:
        raise Refused(NOT_SOUND)
    whole = into.with_suffix(_WHOLE[codec])
    with av.open(str(whole), "w", options={"fflags": "+bitexact"}) as out:
        offset, stream = Fraction(0), None
        for take in takes:
            with _open(take) as container:
                track = _track(container)
                stream = stream or out.add_stream_from_template(track)
                offset = _copy(container, track, out, stream, offset)
    return whole


def _copy(
    container: InputContainer, track: AudioStream, out: OutputContainer, stream: AudioStream, offset: Fraction
) -> Fraction:
    """Copy the packets of a track so that they begin at `offset` seconds; gives where they end."""
    begin: int | None = None
    end = offset
    for packet in _packets(container, track):
        if not packet.size or packet.pts is None:
            continue
        begin = packet.pts if begin is None else begin
        packet.pts = packet.dts = packet.pts - begin + round(offset / packet.time_base)
        end = (packet.pts + (packet.duration or 0)) * packet.time_base
        packet.stream = stream
        out.mux(packet)
    return end


def _packets(container: InputContainer, track: AudioStream) -> Iterator[Any]:
    """The packets of a track, up to where nothing more can be read; the last hold no sound."""
    import av

    packets = container.demux(track)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.FFmpegError):
            return
        yield packet
