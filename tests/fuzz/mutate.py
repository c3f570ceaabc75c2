"""Real files made wrong: bytes changed, cut, doubled and swapped, also inside the parts of packed files."""

import io
import random
import zipfile

NASTY = [
    *(b"\x00", b"\xff\xfe", b"\r", b"\n\n", b'"', b"<", b">", b"&", b"{", b"}", b"\\", b"-->", b"]]>", b"[", b": ", b"\\u-10179"),
    *("\u200e".encode(), "\ud83d".encode("utf-8", "surrogatepass"), "٣".encode(), b"99999999999999999999", b"1e999", b"-1", b"NaN"),
    *(b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<w:p>" * 300, b"{\\rtf" * 50, b"[" * 2000, b"\\bin99999999 ", b"00:99:99.999 --> 00:00:00"),
]  # fmt: skip


def mutated(content: bytes, seed: object) -> bytes:
    """The content with a few changes that follow from the seed."""
    chance = random.Random(repr(seed))  # noqa: S311
    if zipfile.is_zipfile(io.BytesIO(content)) and chance.random() < 0.7:
        return _repacked(content, chance)
    return _changed(content, chance)


def _repacked(content: bytes, chance: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        names = source.namelist()
        chosen = chance.choice(names)
        for name in names:
            part = source.read(name)
            if name == chosen:
                kept, part = chance.random() > 0.1, _changed(part, chance)
                if not kept:
                    continue
            target.writestr(name, part)
    return out.getvalue()


def _changed(content: bytes, chance: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice([0, 1, 2, 8, 100]))
        kind = chance.randrange(6)
        if kind == 0:
            data[start:end] = chance.randbytes(end - start)
        elif kind == 1:
            del data[start:end]
        elif kind == 2:
            data[start:start] = data[start:end] * chance.choice([1, 3, 50])
        elif kind == 3:
            data[start:start] = chance.choice(NASTY)
        elif kind == 4:
            del data[start : start + chance.choice([0, len(data)])]
        elif end > start:
            data[start] ^= 1 << chance.randrange(8)
    return bytes(data)
