from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from listening import on_openvino
from listening.domain import Model
from listening.embed import EngineName, embed, load_encoder
from listening.errors import ListeningError, ModelMissing
from listening.weights import Weights, find_encoder
from tests.fake_encoder import FakeEncoder


class Kept:
    """What was handed over, and in which chunks."""

    def __init__(self) -> None:
        self.vectors: dict[int, NDArray[np.float32]] = {}
        self.chunks: list[int] = []

    def __call__(self, rows: Sequence[int], vectors: NDArray[np.float32]) -> None:
        assert len(rows) == len(vectors)
        assert not set(rows) & set(self.vectors)
        self.vectors.update(zip(rows, vectors, strict=True))
        self.chunks.append(len(rows))


@given(st.lists(st.text(max_size=20), max_size=30), st.integers(1, 7), st.integers(1, 9))
def test_every_text_gets_its_own_vector_exactly_once(texts: list[str], step: int, chunk: int) -> None:
    kept = Kept()
    embed(texts, FakeEncoder(), keep=kept, step=step, chunk=chunk)
    assert sorted(kept.vectors) == list(range(len(texts)))
    for row, text in enumerate(texts):
        np.testing.assert_array_equal(kept.vectors[row], FakeEncoder().encode([text])[0])


def test_nothing_to_embed_is_no_work() -> None:
    kept, encoder = Kept(), FakeEncoder()
    embed([], encoder, keep=kept)
    assert (kept.vectors, encoder.calls) == ({}, [])


def test_texts_of_like_length_share_a_batch_and_chunks_are_whole() -> None:
    kept, encoder = Kept(), FakeEncoder()
    embed(["a", "bbb", "cc", "dddd", "eeeee"], encoder, keep=kept, step=2, chunk=4)
    assert encoder.calls == [["eeeee", "dddd"], ["bbb", "cc"], ["a"]]
    assert kept.chunks == [4, 1]


def test_progress_counts_up_to_all_texts() -> None:
    seen: list[tuple[str, int, int]] = []
    embed(["a", "b", "c"], FakeEncoder(), keep=Kept(), progress=lambda *step: seen.append(step), step=2)
    assert seen == [("embedding", 2, 3), ("embedding", 3, 3)]


def test_a_run_that_is_killed_has_kept_its_whole_chunks() -> None:
    kept = Kept()

    def stop(_what: str, done: int, _total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        embed([str(row) for row in range(10)], FakeEncoder(), keep=kept, progress=stop, step=1, chunk=2)
    assert kept.chunks == [2, 2]


class BrokenEncoder:
    """A model that answers with something that is no vector."""

    model = Model("broken", "1")
    engine = "broken 1"
    note = None

    def __init__(self, answer: NDArray[np.float32]) -> None:
        self.answer = answer

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:  # noqa: ARG002  whatever the texts
        return self.answer


@pytest.mark.parametrize("answer", [np.full((1, 4), np.nan), np.ones((2, 4)), np.ones(4)])
def test_a_model_that_loses_a_text_is_not_believed(answer: NDArray[np.float64]) -> None:
    kept = Kept()
    with pytest.raises(ListeningError, match="one finite vector for each of 1 texts"):
        embed(["parks"], BrokenEncoder(answer.astype(np.float32)), keep=kept)
    assert not kept.vectors


def test_an_encoder_costs_nothing_until_it_is_used(tmp_path: Path) -> None:
    weights = Weights(Model("nowhere", "1"), tmp_path / "nowhere")
    assert load_encoder(weights).model == weights.model


@pytest.mark.heavy
def test_a_folder_that_holds_no_model_is_a_missing_model(tmp_path: Path) -> None:
    weights = Weights(Model("nowhere", "1"), tmp_path / "nowhere")
    with pytest.raises(ModelMissing, match="cannot be loaded"):
        load_encoder(weights).encode(["parks"])


@pytest.mark.heavy
def test_the_real_model_puts_like_words_together_whatever_their_neighbours(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*_: object) -> None:
        message = "nothing may be looked up"
        raise AssertionError(message)

    monkeypatch.setattr("socket.socket.connect", no_network)
    monkeypatch.setattr("socket.getaddrinfo", no_network)
    encoder = load_encoder(find_encoder(None, cache=Path()))
    texts = ["More buses in the evening, please.", "Buses should run later.", "Teaspoons in the kitchen", "", "公园"]
    together, alone = Kept(), Kept()
    embed(texts, encoder, keep=together)
    embed(texts, encoder, keep=alone, step=1)
    vectors = np.array([together.vectors[row] for row in range(len(texts))])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose([alone.vectors[row] for row in range(len(texts))], vectors, atol=1e-5)
    assert vectors[0] @ vectors[1] > 0.5 > vectors[0] @ vectors[2]
    assert capfd.readouterr() == ("", "")


def test_asking_an_encoder_for_its_note_does_not_load_it(tmp_path: Path) -> None:
    assert load_encoder(Weights(Model("nowhere", "1"), tmp_path / "nowhere"), "openvino").note is None


def sentences() -> list[str]:
    """Sentences of many lengths, longer than one batch."""
    said = ["More buses in the evening, please.", "Parks", "", "We cook together on Fridays and eat what there is."]
    return [*said, *(" ".join(["and then we talk"] * count) for count in range(1, 60, 7)), "Wir kochen", "公园"]


@pytest.mark.heavy
@pytest.mark.parametrize("engine", ["torch", "openvino"])
def test_each_engine_gives_the_vectors_of_sentence_transformers(
    engine: EngineName, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    import torch
    from sentence_transformers import SentenceTransformer

    def no_network(*_: object) -> None:
        message = "nothing may be looked up"
        raise AssertionError(message)

    monkeypatch.setattr("socket.socket.connect", no_network)
    monkeypatch.setattr("socket.getaddrinfo", no_network)
    weights, usual = find_encoder(None, cache=Path()), torch.get_num_threads()
    encoder = load_encoder(weights, engine)
    ours = encoder.encode(sentences())
    assert encoder.engine.startswith(f"{engine} ")
    assert encoder.note is None
    assert capfd.readouterr() == ("", "")
    assert torch.get_num_threads() == usual
    assert encoder.encode([]).shape == (0, 384)
    bare = SentenceTransformer(str(weights.path), device="cpu", local_files_only=True)
    theirs = bare.encode(sentences(), normalize_embeddings=True, show_progress_bar=False)
    assert np.sum(ours * theirs, axis=1).min() >= 0.99999
    np.testing.assert_array_equal(encoder.encode(sentences()), ours)


@pytest.mark.heavy
def test_without_openvino_torch_is_used_and_the_person_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    weights = find_encoder(None, cache=Path())
    asked, not_asked = load_encoder(weights, "openvino"), load_encoder(weights, "auto")
    np.testing.assert_array_equal(asked.encode(["parks"]), not_asked.encode(["parks"]))
    assert asked.engine.startswith("torch ")
    assert asked.note == (
        "You asked for openvino, but OpenVINO is not installed. torch was used instead: the themes are the same. "
        "To get it: pip install 'radical-listening[fast]'."
    )
    assert not_asked.note is None


@pytest.mark.heavy
def test_an_engine_that_gives_other_vectors_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_openvino, "AGREE", 1.1)
    encoder = load_encoder(find_encoder(None, cache=Path()), "openvino")
    assert encoder.encode(["parks"]).shape == (1, 384)
    assert encoder.engine.startswith("torch ")
    assert "OpenVINO gives other vectors" in str(encoder.note)


@pytest.mark.heavy
def test_openvino_can_report_nothing_to_its_makers(tmp_path: Path) -> None:
    telemetry = tmp_path / "openvino_telemetry"
    telemetry.mkdir()
    (telemetry / "__init__.py").write_text("raise AssertionError('its makers would be told')")
    code = "from listening import on_openvino; print(on_openvino.version())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    bare = subprocess.run(
        [sys.executable, "-c", "import openvino"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "its makers would be told" in bare.stderr  # what would have happened
