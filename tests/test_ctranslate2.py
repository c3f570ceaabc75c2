"""The packed layout, written here from known tensors and read back."""

from __future__ import annotations

import hashlib
import io
import struct
from typing import Any

import numpy as np
import pytest
import torch

from listening import ctranslate2
from listening.errors import ModelMissing

N, MELS, AUDIO, TEXT, VOCABULARY, LAYERS = 8, 5, 6, 4, 11, 2
CODES = {np.dtype("<f4"): 0, np.dtype("i1"): 1, np.dtype("<i2"): 2, np.dtype("<i4"): 3, np.dtype("<f2"): 4}


def whisper_state() -> dict[str, np.ndarray]:
    """A tiny Whisper's weights, by the names openai-whisper gives them."""
    rng = np.random.default_rng(7)
    shapes: dict[str, tuple[int, ...]] = {
        "encoder.positional_embedding": (AUDIO, N),
        "encoder.conv1.weight": (N, MELS, 3),
        "encoder.conv1.bias": (N,),
        "encoder.conv2.weight": (N, N, 3),
        "encoder.conv2.bias": (N,),
        "encoder.ln_post.weight": (N,),
        "encoder.ln_post.bias": (N,),
        "decoder.positional_embedding": (TEXT, N),
        "decoder.token_embedding.weight": (VOCABULARY, N),
        "decoder.ln.weight": (N,),
        "decoder.ln.bias": (N,),
    }
    for block in [f"{side}.blocks.{number}" for side in ("encoder", "decoder") for number in range(LAYERS)]:
        for attention in ("attn", "cross_attn") if block.startswith("decoder") else ("attn",):
            for part in ("query", "key", "value", "out"):
                shapes[f"{block}.{attention}.{part}.weight"] = (N, N)
                if part != "key":
                    shapes[f"{block}.{attention}.{part}.bias"] = (N,)
            shapes |= {f"{block}.{attention}_ln.weight": (N,), f"{block}.{attention}_ln.bias": (N,)}
        shapes |= {f"{block}.mlp.0.weight": (4 * N, N), f"{block}.mlp.0.bias": (4 * N,)}
        shapes |= {f"{block}.mlp.2.weight": (N, 4 * N), f"{block}.mlp.2.bias": (N,)}
        shapes |= {f"{block}.mlp_ln.weight": (N,), f"{block}.mlp_ln.bias": (N,)}
    return {name: rng.standard_normal(shape).astype("<f2") for name, shape in shapes.items()}


def packed(state: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The same weights under CTranslate2's names, stacked as it stacks them."""
    out: dict[str, np.ndarray] = {
        "encoder/num_heads": np.array(2, "<i2"),
        "decoder/num_heads": np.array(4, "<i2"),
        "decoder/activation": np.array(3, "i1"),
        "decoder/alibi": np.array(0, "i1"),
        "decoder/pre_norm": np.array(1, "i1"),
        "decoder/scale_embeddings": np.array(0, "i1"),
        "decoder/start_from_zero_embedding": np.array(0, "i1"),
        "decoder/alignment_heads": np.array(1, "<i2"),
        "decoder/alignment_layer": np.array(-1, "<i2"),
        "decoder/embeddings/weight": state["decoder.token_embedding.weight"],
    }

    def norm(theirs: str, ours: str) -> None:
        out[f"{theirs}/gamma"], out[f"{theirs}/beta"] = state[f"{ours}.weight"], state[f"{ours}.bias"]

    def linear(theirs: str, *ours: str) -> None:
        out[f"{theirs}/weight"] = np.concatenate([state[f"{one}.weight"] for one in ours])
        zeros = np.zeros(N, "<f2")  # for keys, which have no bias
        out[f"{theirs}/bias"] = np.concatenate([state.get(f"{one}.bias", zeros) for one in ours])

    for conv in ("conv1", "conv2"):
        linear(f"encoder/{conv}", f"encoder.{conv}")
    for side, ln in (("encoder", "ln_post"), ("decoder", "ln")):
        out[f"{side}/position_encodings/encodings"] = state[f"{side}.positional_embedding"]
        norm(f"{side}/layer_norm", f"{side}.{ln}")
        for number in range(LAYERS):
            theirs, ours = f"{side}/layer_{number}", f"{side}.blocks.{number}"
            norm(f"{theirs}/self_attention/layer_norm", f"{ours}.attn_ln")
            linear(f"{theirs}/self_attention/linear_0", *(f"{ours}.attn.{part}" for part in ("query", "key", "value")))
            linear(f"{theirs}/self_attention/linear_1", f"{ours}.attn.out")
            norm(f"{theirs}/ffn/layer_norm", f"{ours}.mlp_ln")
            linear(f"{theirs}/ffn/linear_0", f"{ours}.mlp.0")
            linear(f"{theirs}/ffn/linear_1", f"{ours}.mlp.2")
            if side == "decoder":
                norm(f"{theirs}/attention/layer_norm", f"{ours}.cross_attn_ln")
                linear(f"{theirs}/attention/linear_0", f"{ours}.cross_attn.query")
                linear(f"{theirs}/attention/linear_1", f"{ours}.cross_attn.key", f"{ours}.cross_attn.value")
                linear(f"{theirs}/attention/linear_2", f"{ours}.cross_attn.out")
    return out


def name_bytes(name: str) -> bytes:
    return struct.pack("<H", len(name) + 1) + name.encode() + b"\0"


def file_bytes(
    variables: dict[str, np.ndarray],
    *,
    version: int = 6,
    spec: str = "WhisperSpec",
    aliases: dict[str, str] | None = None,
) -> bytearray:
    """The bytes of a model.bin."""
    aliases = {"decoder/projection/weight": "decoder/embeddings/weight"} if aliases is None else aliases
    out = struct.pack("<I", version) + name_bytes(spec) + struct.pack("<II", 3, len(variables))
    for name, array in variables.items():
        shape = struct.pack(f"<B{array.ndim}I", array.ndim, *array.shape)
        out += name_bytes(name) + shape + struct.pack("<BI", CODES[array.dtype], array.nbytes) + array.tobytes()
    out += struct.pack("<I", len(aliases))
    return bytearray(out + b"".join(name_bytes(one) + name_bytes(other) for one, other in aliases.items()))


def checkpoint(data: bytearray) -> bytes:
    file = io.BytesIO()
    ctranslate2.write_checkpoint(*ctranslate2.unpack(ctranslate2.read(data)), file)
    return file.getvalue()


def test_known_tensors_come_back_bit_by_bit() -> None:
    state = whisper_state()
    loaded: dict[str, Any] = torch.load(io.BytesIO(checkpoint(file_bytes(packed(state)))), weights_only=True)
    assert loaded["dims"] == {
        "n_mels": MELS,
        "n_audio_ctx": AUDIO,
        "n_audio_state": N,
        "n_audio_head": 2,
        "n_audio_layer": LAYERS,
        "n_vocab": VOCABULARY,
        "n_text_ctx": TEXT,
        "n_text_state": N,
        "n_text_head": 4,
        "n_text_layer": LAYERS,
    }
    back = loaded["model_state_dict"]
    assert back.keys() == state.keys()
    for name, array in state.items():
        np.testing.assert_array_equal(back[name].numpy(), array)
        assert back[name].dtype == torch.float16


def test_whisper_itself_takes_the_checkpoint_with_no_weight_missing_or_left_over() -> None:
    model = pytest.importorskip("whisper.model")
    loaded = torch.load(io.BytesIO(checkpoint(file_bytes(packed(whisper_state())))), weights_only=True)
    model.Whisper(model.ModelDimensions(**loaded["dims"])).load_state_dict(loaded["model_state_dict"], strict=True)


def test_the_same_weights_always_give_the_same_bytes() -> None:
    data = file_bytes(packed(whisper_state()))
    first, second = checkpoint(data), checkpoint(bytearray(data))
    assert hashlib.sha256(first).hexdigest() == hashlib.sha256(second).hexdigest()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (file_bytes({}, version=5), "version 5"),
        (file_bytes({}, spec="TransformerSpec"), "TransformerSpec"),
        (file_bytes({}, aliases={"a": "b"}), "shared variables"),
        (file_bytes({}) + b"\0", "1 bytes are left over"),
        (file_bytes({"x": np.zeros(3, "<f4")})[:-20], "in the middle of a value"),
        (bytearray(), "in the middle of a value"),
        (bytearray(struct.pack("<IH", 6, 3) + b"abc"), "name at byte"),
    ],
)
def test_bytes_that_are_not_a_whole_whisper_model_are_refused(data: bytearray, words: str) -> None:
    with pytest.raises(ModelMissing, match=words):
        ctranslate2.read(data)


def test_a_variable_whose_size_does_not_fit_its_shape_is_refused() -> None:
    good = bytes(file_bytes({"x": np.zeros(3, "<f4")}))
    with pytest.raises(ModelMissing, match="has 12 bytes where its shape"):
        ctranslate2.read(bytearray(good.replace(struct.pack("<BI", 1, 3), struct.pack("<BI", 1, 4))))
    with pytest.raises(ModelMissing, match="unknown kind"):
        ctranslate2.read(bytearray(good.replace(struct.pack("<BI", 0, 12), struct.pack("<BI", 9, 12))))


def test_a_variable_that_comes_twice_is_refused() -> None:
    good = bytes(file_bytes({"x": np.zeros(3, "<f4"), "y": np.zeros(3, "<f4")}))
    with pytest.raises(ModelMissing, match="comes twice"):
        ctranslate2.read(bytearray(good.replace(b"y\0", b"x\0")))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"decoder/surprise": np.zeros(1, "<f2")}, "decoder/surprise has no place"),
        ({"encoder/layer_norm/beta": None}, "encoder/layer_norm/beta is not there"),
        ({"encoder/layer_norm/beta": np.zeros(N + 1, "<f2")}, "has the shape"),
        ({"decoder/activation": np.array(0, "i1")}, "decoder/activation is 0"),
        ({"decoder/layer_0/self_attention/linear_0/bias": np.ones(3 * N, "<f2")}, "the key in"),
    ],
)
def test_variables_that_are_not_whispers_are_refused(change: dict[str, np.ndarray | None], words: str) -> None:
    variables = {k: v for k, v in (packed(whisper_state()) | change).items() if v is not None}
    with pytest.raises(ModelMissing, match=words):
        ctranslate2.unpack(variables)
