"""Whisper weights that were packed for CTranslate2, turned back into the checkpoint that openai-whisper loads.

Published packages ship Whisper this way, so it can be had where no model hub is in reach. Nothing is lost: both
layouts hold the same 16-bit numbers, CTranslate2 only stacks some of them. Anything not understood is refused.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from math import prod
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from listening.errors import ModelMissing

Array = NDArray[np.generic]
Entries = Iterator[tuple[str, Array]]

VERSION = 6  # of the layout
SPEC = "WhisperSpec"
DTYPES = ("<f4", "i1", "<i2", "<i4", "<f2")  # by the number that stands for them
ALIASES = {"decoder/projection/weight": "decoder/embeddings/weight"}
SETTINGS = {  # what Whisper is, said in CTranslate2's words; 3 stands for GELU
    "decoder/activation": 3,
    "decoder/alibi": 0,
    "decoder/pre_norm": 1,
    "decoder/scale_embeddings": 0,
    "decoder/start_from_zero_embedding": 0,
}
UNUSED = ("decoder/alignment_heads", "decoder/alignment_layer")  # they time single words, which we never ask for
SELF_ATTENTION = (("query", "key", "value"), ("out",))  # what linear_0, linear_1 and so on hold, from top to bottom
CROSS_ATTENTION = (("query",), ("key", "value"), ("out",))


def _refuse(what: str) -> ModelMissing:
    return ModelMissing(f"The packed Whisper weights cannot be used: {what}. Install their package again.")


class _Reader:
    """Takes numbers, names and arrays off the front of the bytes; arrays stay views of them."""

    def __init__(self, data: bytearray) -> None:
        self.data = data
        self.at = 0

    def skip(self, size: int) -> int:
        start, self.at = self.at, self.at + size
        if self.at > len(self.data):
            raise _refuse(f"they end after {len(self.data)} bytes, in the middle of a value")
        return start

    def number(self, code: str) -> int:
        value: int = struct.unpack_from(f"<{code}", self.data, self.skip(struct.calcsize(code)))[0]
        return value

    def name(self) -> str:
        size = self.number("H")
        start = self.skip(size)
        raw = bytes(self.data[start : start + size])
        if not raw.endswith(b"\0") or not raw.isascii():
            raise _refuse(f"the name at byte {start} is broken")
        return raw[:-1].decode("ascii")

    def array(self, name: str) -> Array:
        shape = tuple(self.number("I") for _ in range(self.number("B")))
        kind, size = self.number("B"), self.number("I")
        if kind >= len(DTYPES):
            raise _refuse(f"{name} holds numbers of an unknown kind ({kind})")
        dtype = np.dtype(DTYPES[kind])
        if size != prod(shape) * dtype.itemsize:
            raise _refuse(f"{name} has {size} bytes where its shape {shape} needs {prod(shape) * dtype.itemsize}")
        return np.frombuffer(self.data, dtype, prod(shape), self.skip(size)).reshape(shape)


def read(data: bytearray) -> dict[str, Array]:
    """The variables in the bytes of a `model.bin`, by name, as views of those bytes.

    Raises ModelMissing where the bytes are not a whole Whisper model in the layout we know.
    """
    reader = _Reader(data)
    if (version := reader.number("I")) != VERSION:
        raise _refuse(f"their layout is version {version}, not {VERSION}")
    if (spec := reader.name()) != SPEC:
        raise _refuse(f"they are for {spec!r}, not {SPEC}")
    reader.number("I")  # the revision of the specification: what matters of it is checked variable by variable
    variables: dict[str, Array] = {}
    for _ in range(reader.number("I")):
        name = reader.name()
        if name in variables:
            raise _refuse(f"{name} comes twice")
        variables[name] = reader.array(name)
    aliases = {reader.name(): reader.name() for _ in range(reader.number("I"))}
    if aliases != ALIASES:
        raise _refuse(f"their shared variables are {aliases}, not {ALIASES}")
    if reader.at != len(data):
        raise _refuse(f"{len(data) - reader.at} bytes are left over")
    return variables


class _Taker:
    """Hands out variables once each, with the shape that they must have."""

    def __init__(self, variables: Mapping[str, Array]) -> None:
        self.left = dict(variables)

    def take(self, name: str, *shape: int | None) -> Array:
        """One variable; None in the shape stands for any length."""
        if name not in self.left:
            raise _refuse(f"{name} is not there")
        array = self.left.pop(name)
        fits = array.ndim == len(shape) and all(
            want in {None, got} for want, got in zip(shape, array.shape, strict=True)
        )
        if not fits:
            raise _refuse(f"{name} has the shape {array.shape}")
        return array

    def count_layers(self, side: str) -> int:
        """How many layers the encoder or the decoder has."""
        return len({found[1] for name in self.left if (found := re.match(rf"{side}/layer_(\d+)/", name))})


def _linear(source: _Taker, stem: str, shape: tuple[int, int], names: Sequence[str]) -> Entries:
    """The parts of a linear layer, each of this shape (out, in), that CTranslate2 stacked by rows."""
    height, width = shape
    weight = source.take(f"{stem}/weight", height * len(names), width)
    bias = source.take(f"{stem}/bias", height * len(names))
    for row, name in enumerate(names):
        rows = slice(row * height, (row + 1) * height)
        yield f"{name}.weight", weight[rows]
        if not name.endswith("key"):
            yield f"{name}.bias", bias[rows]
        elif bias[rows].any():
            raise _refuse(f"the key in {stem} has a bias, and Whisper's has none")


def _norm(source: _Taker, stem: str, name: str, width: int) -> Entries:
    yield f"{name}.weight", source.take(f"{stem}/gamma", width)
    yield f"{name}.bias", source.take(f"{stem}/beta", width)


def _attention(source: _Taker, stem: str, name: str, width: int, stacks: Sequence[Sequence[str]]) -> Entries:
    yield from _norm(source, f"{stem}/layer_norm", f"{name}_ln", width)
    for number, stack in enumerate(stacks):
        parts = [f"{name}.{part}" for part in stack]
        yield from _linear(source, f"{stem}/linear_{number}", (width, width), parts)


def _layers(source: _Taker, side: str, width: int) -> Entries:
    """The layers of one side; those of the decoder also attend to the sound."""
    for number in range(source.count_layers(side)):
        stem, name = f"{side}/layer_{number}", f"{side}.blocks.{number}"
        yield from _attention(source, f"{stem}/self_attention", f"{name}.attn", width, SELF_ATTENTION)
        if side == "decoder":
            yield from _attention(source, f"{stem}/attention", f"{name}.cross_attn", width, CROSS_ATTENTION)
        yield from _norm(source, f"{stem}/ffn/layer_norm", f"{name}.mlp_ln", width)
        yield from _linear(source, f"{stem}/ffn/linear_0", (4 * width, width), [f"{name}.mlp.0"])
        yield from _linear(source, f"{stem}/ffn/linear_1", (width, 4 * width), [f"{name}.mlp.2"])


def _encoder(source: _Taker) -> Entries:
    positions = source.take("encoder/position_encodings/encodings", None, None)
    width = positions.shape[1]
    yield "encoder.positional_embedding", positions
    yield "encoder.conv1.weight", source.take("encoder/conv1/weight", width, None, 3)
    yield "encoder.conv1.bias", source.take("encoder/conv1/bias", width)
    yield "encoder.conv2.weight", source.take("encoder/conv2/weight", width, width, 3)
    yield "encoder.conv2.bias", source.take("encoder/conv2/bias", width)
    yield from _layers(source, "encoder", width)
    yield from _norm(source, "encoder/layer_norm", "encoder.ln_post", width)


def _decoder(source: _Taker) -> Entries:
    positions = source.take("decoder/position_encodings/encodings", None, None)
    width = positions.shape[1]
    yield "decoder.positional_embedding", positions
    yield "decoder.token_embedding.weight", source.take("decoder/embeddings/weight", None, width)
    yield from _layers(source, "decoder", width)
    yield from _norm(source, "decoder/layer_norm", "decoder.ln", width)


def unpack(variables: Mapping[str, Array]) -> tuple[dict[str, int], dict[str, Array]]:
    """The sizes of the model, and its weights under the names that openai-whisper gives them.

    Raises ModelMissing where a variable is missing, has another shape, or is not one of Whisper's.
    """
    source = _Taker(variables)
    for name, wanted in SETTINGS.items():
        if (value := int(source.take(name))) != wanted:
            raise _refuse(f"{name} is {value}, and Whisper's is {wanted}")
    heads = {side: int(source.take(f"{side}/num_heads")) for side in ("encoder", "decoder")}
    layers = {side: source.count_layers(side) for side in heads}
    state = dict([*_encoder(source), *_decoder(source)])
    if unknown := sorted(source.left.keys() - UNUSED):
        raise _refuse(f"{', '.join(unknown)} has no place in Whisper")
    audio, text = state["encoder.positional_embedding"], state["decoder.positional_embedding"]
    dims = {
        "n_mels": state["encoder.conv1.weight"].shape[1],
        "n_audio_ctx": audio.shape[0],
        "n_audio_state": audio.shape[1],
        "n_audio_head": heads["encoder"],
        "n_audio_layer": layers["encoder"],
        "n_vocab": state["decoder.token_embedding.weight"].shape[0],
        "n_text_ctx": text.shape[0],
        "n_text_state": text.shape[1],
        "n_text_head": heads["decoder"],
        "n_text_layer": layers["decoder"],
    }
    return dims, state


def write_checkpoint(dims: Mapping[str, int], state: Mapping[str, Array], file: BinaryIO) -> None:
    """Write what `whisper.load_model` loads from a path; the same weights always give the same bytes.

    The arrays must be writable, as those from `read` are: torch shares their memory.
    """
    import torch

    saved = io.BytesIO()
    torch.save({"dims": dict(dims), "model_state_dict": {k: torch.from_numpy(v) for k, v in state.items()}}, saved)
    # torch adds records that change with its version; only these are needed to load, so only these are kept.
    with zipfile.ZipFile(saved) as made, zipfile.ZipFile(file, "w") as kept:
        for name in sorted(made.namelist()):
            record = name.split("/", 1)[1]
            if record in {"data.pkl", "byteorder", "version"} or record.startswith("data/"):
                kept.writestr(zipfile.ZipInfo(f"archive/{record}"), made.read(name))
