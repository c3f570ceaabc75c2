"""Recordings made here with PyAV, whole, broken and in disguise."""

from __future__ import annotations

import io
import wave
from pathlib import Path
from typing import cast

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from listening.capture import folder, sound
from listening.domain import Media
from listening.errors import Refused

TONE_HZ = 440
FORMATS = {"wav": "pcm_s16le", "flac": "flac", "mp3": "libmp3lame", "m4a": "aac", "ogg": "libopus", "webm": "libopus"}
PHONES = {
    "amr": ("amr", "libopencore_amrnb", 8_000),
    "3gp": ("3gp", "libopencore_amrnb", 8_000),
    "wma": ("asf", "wmav2", 44_100),
    "mov": ("mov", "aac", 44_100),
    "mp4": ("mp4", "aac", 44_100),
    "aac": ("adts", "aac", 44_100),
    "opus": ("ogg", "libopus", 48_000),
    "aiff": ("aiff", "pcm_s16be", 16_000),
    "caf": ("caf", "alac", 16_000),
    "mka": ("matroska", "libopus", 48_000),
}


@pytest.fixture(autouse=True)
def no_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is decoded by a program that would have to be installed."""
    monkeypatch.setenv("PATH", "")


def tone(seconds: float, rate: int) -> NDArray[np.float32]:
    """A sine wave at half of full scale."""
    return (0.5 * np.sin(2 * np.pi * TONE_HZ * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def encoded(suffix: str, seconds: float = 3.0, *, rate: int = 48_000, channels: int = 1, **options: str) -> bytes:
    """A recording of a tone, the same on every channel."""
    kind = ({"m4a": "mp4"}.get(suffix, suffix), FORMATS[suffix], rate)
    return in_format(*kind, seconds, channels=channels, **options)


def in_format(
    container_format: str, codec: str, rate: int, seconds: float = 3.0, *, channels: int = 1, **options: str
) -> bytes:
    file = io.BytesIO()
    layout = "mono" if channels == 1 else "stereo"
    with av.open(file, "w", format=container_format, options=options) as container:
        stream = cast("av.AudioStream", container.add_stream(codec, rate=rate, layout=layout))
        if codec == "wmav2":
            stream.bit_rate = 64_000
        frame = av.AudioFrame.from_ndarray(np.tile(tone(seconds, rate), (channels, 1)), format="fltp", layout=layout)
        frame.sample_rate = rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def whole(path: Path) -> NDArray[np.float32]:
    return np.concatenate([np.empty(0, np.float32), *sound.blocks(path)])


def loudest_hz(samples: NDArray[np.float32]) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(samples))) * sound.RATE / len(samples))


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_becomes_the_same_mono_sound(tmp_path: Path, suffix: str, channels: int) -> None:
    path = written(tmp_path, f"talk.{suffix}", encoded(suffix, channels=channels))
    samples = whole(path)
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert len(samples) == pytest.approx(3 * sound.RATE, abs=0.06 * sound.RATE)
    assert loudest_hz(samples) == pytest.approx(TONE_HZ, abs=2)
    assert np.sqrt(np.square(samples[sound.RATE : 2 * sound.RATE]).mean()) == pytest.approx(0.354, abs=0.05)


@pytest.mark.parametrize("suffix", PHONES)
def test_what_phones_and_cameras_record_is_taken_and_read(tmp_path: Path, suffix: str) -> None:
    path = written(tmp_path, f"talk.{suffix}", in_format(*PHONES[suffix]))
    assert folder.look(path) is Media.RECORDING
    sound.probe(path)
    samples = whole(path)
    assert len(samples) == pytest.approx(3 * sound.RATE, abs=0.15 * sound.RATE)
    assert loudest_hz(samples) == pytest.approx(TONE_HZ, abs=3)


def test_the_sound_of_a_film_is_read(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as container:
        pictures = container.add_stream("mpeg4", rate=10)
        pictures.width = pictures.height = 32
        pictures.pix_fmt = "yuv420p"
        track = cast("av.AudioStream", container.add_stream("aac", rate=44_100, layout="mono"))
        for _ in range(30):
            picture = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
            container.mux(pictures.encode(picture))
        frame = av.AudioFrame.from_ndarray(tone(3, 44_100)[None], format="fltp", layout="mono")
        frame.sample_rate = 44_100
        container.mux(track.encode(frame))
        container.mux(track.encode(None))
        container.mux(pictures.encode(None))
    assert loudest_hz(whole(path)) == pytest.approx(TONE_HZ, abs=2)


@pytest.mark.parametrize("suffix", ["flac", "m4a", "wav"])
def test_a_recording_that_says_it_is_too_long_is_refused_before_it_is_read(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, f"talk.{suffix}", encoded(suffix))
    monkeypatch.setattr(sound, "LONGEST_MS", 2_000)
    with pytest.raises(Refused, match="longer than"):
        sound.probe(path)


@pytest.mark.parametrize(("suffix", "options"), [("webm", {"live": "1"}), ("mp3", {"write_xing": "0"})])
def test_a_recording_that_does_not_say_how_long_it_is_is_read_no_longer_than_is_taken(
    tmp_path: Path, suffix: str, options: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, f"talk.{suffix}", encoded(suffix, 9.0, **options))
    monkeypatch.setattr(sound, "LONGEST_MS", 4_000)
    sound.probe(path)
    read: list[int] = []
    with pytest.raises(Refused, match="longer than"):
        read.extend(map(len, sound.blocks(path)))
    assert sum(read) <= 6 * sound.RATE


def test_four_hours_is_what_is_taken() -> None:
    assert sound.LONGEST_MS == 4 * 3_600_000


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
def test_a_wav_file_whose_recorder_never_wrote_its_length_is_not_called_truncated(tmp_path: Path, size: int) -> None:
    content = bytearray(encoded("wav"))
    at = content.index(b"data") + 4
    content[at : at + 4] = size.to_bytes(4, "little")
    path = written(tmp_path, "live.wav", bytes(content))
    assert sound.missing_ms(sound.probe(path), len(whole(path)) * 1000 // sound.RATE) == 0


@pytest.mark.parametrize("suffix", FORMATS)
def test_probe_tells_what_a_recording_says_of_itself(tmp_path: Path, suffix: str) -> None:
    told = sound.probe(written(tmp_path, f"talk.{suffix}", encoded(suffix)))
    assert told.duration_ms == pytest.approx(3000, abs=60)
    assert told.declared
    assert (told.rate, told.channels) == (48_000, 1)
    assert told.codec == {"ogg": "opus", "webm": "opus", "m4a": "aac"}.get(suffix, told.codec)
    assert sound.missing_ms(told, 2990) == 0


def test_sound_comes_in_blocks_of_about_a_second(tmp_path: Path) -> None:
    sizes = [len(block) for block in sound.blocks(written(tmp_path, "talk.flac", encoded("flac", 10.0)))]
    assert sum(sizes) == pytest.approx(10 * sound.RATE, abs=100)
    assert max(sizes) < 2 * sound.RATE


def test_a_recording_made_live_in_a_browser_has_no_duration_and_is_read_whole(tmp_path: Path) -> None:
    path = written(tmp_path, "live.webm", encoded("webm", live="1"))
    assert sound.probe(path).duration_ms is None
    assert not sound.probe(path).declared
    assert len(whole(path)) == pytest.approx(3 * sound.RATE, abs=0.06 * sound.RATE)


def test_a_format_that_changes_midway_is_followed(tmp_path: Path) -> None:
    joined = encoded("mp3", rate=44_100, channels=2) + encoded("mp3", rate=16_000)
    samples = whole(written(tmp_path, "joined.mp3", joined))
    assert len(samples) == pytest.approx(6 * sound.RATE, abs=0.2 * sound.RATE)
    assert loudest_hz(samples[: 2 * sound.RATE]) == pytest.approx(TONE_HZ, abs=2)
    assert loudest_hz(samples[-2 * sound.RATE :]) == pytest.approx(TONE_HZ, abs=2)


@pytest.mark.parametrize("suffix", ["flac", "mp3", "webm", "wav", "ogg"])
def test_a_truncated_file_gives_what_can_be_read_and_says_so_if_it_can_be_told(tmp_path: Path, suffix: str) -> None:
    content = encoded(suffix, 12.0)
    path = written(tmp_path, f"half.{suffix}", content[: len(content) // 2])
    read_ms = len(whole(path)) * 1000 // sound.RATE
    assert 4000 < read_ms < 8000
    missing = sound.missing_ms(sound.probe(path), read_ms)
    assert missing == 0 if suffix == "ogg" else 4000 < missing < 8000


def test_a_broken_stretch_is_left_out_and_the_rest_is_heard(tmp_path: Path) -> None:
    content = bytearray(encoded("flac", 12.0))
    middle = len(content) // 2
    content[middle : middle + 2000] = b"\xa5" * 2000
    samples = whole(written(tmp_path, "scratched.flac", bytes(content)))
    assert 10 * sound.RATE < len(samples) <= 12.1 * sound.RATE


def test_an_mp3_without_a_length_in_it_is_never_called_truncated(tmp_path: Path) -> None:
    path = written(tmp_path, "plain.mp3", encoded("mp3", write_xing="0"))
    told = sound.probe(path)
    assert not told.declared
    assert sound.missing_ms(told, 0) == 0


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("nothing.wav", b"", "empty"),
        ("header.wav", encoded("wav")[:30], "cannot be read"),
        ("header.m4a", encoded("m4a")[:300], "cannot be read"),
        ("text.mp3", b"We talked about the bench. " * 5, "cannot be read"),
        ("long.mp3", b"People said that they want their bench back.\n" * 5000, "cannot be read"),
        ("bytes.mp3", np.random.default_rng(0).bytes(100_000), "cannot be read"),
        ("playlist.mp3", b"ffconcat version 1.0\nfile talk.wav\n", "cannot be read"),
        ("playlist.m4a", b"#EXTM3U\n#EXTINF:3,\ntalk.wav\n", "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_refused_with_words_for_people(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    written(tmp_path, "talk.wav", encoded("wav"))
    path = written(tmp_path, name, content)
    with pytest.raises(Refused, match=words):
        sound.probe(path)


def test_a_film_without_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "silent.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        for _ in range(5):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode(None))
    with pytest.raises(Refused, match="no sound in it"):
        sound.probe(path)
    with pytest.raises(Refused, match="no sound in it"):
        whole(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.wav", tmp_path):
        with pytest.raises(Refused, match="cannot be opened"):
            sound.probe(path)


def test_samples_are_those_of_the_file_bit_by_bit(tmp_path: Path) -> None:
    path = tmp_path / "exact.wav"
    expected = np.random.default_rng(1).integers(-32768, 32768, 40_000, dtype=np.int16)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.RATE)
        file.writeframes(expected.tobytes())
    np.testing.assert_array_equal(whole(path) * 32768, expected)
