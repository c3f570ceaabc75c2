"""A run that is killed goes on where it was, and what was acknowledged is still there."""

import io
import os
import signal
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from listening import pipeline

SLOW = """
import sys, time
from pathlib import Path
from listening import pipeline
from listening.settings import Settings
from listening.store import Store
from tests.fake_encoder import FakeEncoder
from tests.fakes import FakeDetector, FakeEngine, FakeSeparator

class SlowEngine(FakeEngine):
    def hear(self, sound, language):
        print("hearing", flush=True)
        time.sleep(0.2)
        return super().hear(sound, language)

folder, engine = Path(sys.argv[1]), SlowEngine()
line = pipeline.Line(
    Store(folder, 20), Settings(data=folder), engine=lambda: engine, encoder=FakeEncoder, detector=FakeDetector,
    separator=FakeSeparator,
)
if sys.argv[2] == "receive":
    for file in sorted(Path(sys.argv[3]).iterdir()):
        print(pipeline.receive(line, file).source_id, flush=True)
else:
    pipeline.ingest(line, Path(sys.argv[3]))
"""


def start(line, what, path):
    return subprocess.Popen(
        [sys.executable, "-c", SLOW, str(line.store.folder), what, str(path)],
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent.parent,
    )  # fmt: skip


def kill(process):
    os.kill(process.pid, signal.SIGKILL)
    rest = process.stdout.read()
    process.wait()
    process.stdout.close()
    return rest


def talk(seconds):
    """A wave file of hissing, with a pause every few seconds."""
    random = np.random.default_rng(7)
    samples = random.normal(0, 3000, seconds * 16_000).astype("<i2")
    for second in range(5, seconds, 7):
        samples[second * 16_000 : second * 16_000 + 8_000] = 40
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 16_000, 0, "NONE", ""))
        sound.writeframes(samples.tobytes())
    return file.getvalue()


@pytest.mark.parametrize("pieces", [1, 3])
def test_a_transcription_that_was_killed_goes_on_with_the_next_piece(line, hand_in, tmp_path, pieces):
    recording = hand_in("talk.wav", talk(500))
    slow = start(line, "ingest", recording)
    for _ in range(pieces + 1):
        assert slow.stdout.readline() == "hearing\n"
    kill(slow)

    assert pipeline.ledger(line).sources_waiting == 1
    result = pipeline.ingest(line, recording)
    engine = line.engine()
    heard_after = len(engine.heard)
    words = [said.text for said in pipeline.find(line, "")]

    undisturbed = pipeline.Line(
        type(line.store)(tmp_path / "other", 10),
        line.settings,
        engine=line.engine,
        encoder=line.encoder,
        detector=line.detector,
        separator=line.separator,
    )
    pipeline.ingest(undisturbed, recording)
    assert len(engine.heard) - heard_after - heard_after == pieces
    assert words == [said.text for said in pipeline.find(undisturbed, "")]
    assert result.utterances == len(words) > 0
    assert pipeline.ledger(line).adds_up
    with line.store.reading() as read:
        assert read.values("pieces", source_id="", recipe_sha256="") == []


@pytest.mark.parametrize("acknowledged", [1, 4, 9])
def test_every_source_that_was_acknowledged_survives_kill_9(line, hand_in, acknowledged):
    for number in range(30):
        folder = hand_in(f"{number:02}.txt", f"Statement number {number} of a long evening in the hall.").parent
    process = start(line, "receive", folder)
    known = [process.stdout.readline().strip() for _ in range(acknowledged)]
    known += [row for row in kill(process).splitlines(keepends=False) if len(row) == len(known[0])]
    assert set(known) <= set(pipeline.waiting(line))

    result = pipeline.ingest(line, folder)
    assert result.failed == ()
    assert pipeline.counts(line).utterances == 30
    assert pipeline.ledger(line).adds_up
