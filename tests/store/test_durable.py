import io
import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.domain import sha256_of
from listening.store.durable import Originals


@given(content=st.binary(max_size=3000))
def test_what_is_kept_is_what_was_handed_in(tmp_path_factory, content):
    originals = Originals(tmp_path_factory.mktemp("originals"))
    sha256, size = originals.add(io.BytesIO(content))
    assert sha256 == sha256_of(content)
    assert size == len(content)
    assert originals.path(sha256).read_bytes() == content


def test_the_same_content_twice_is_one_original_and_leaves_nothing_behind(tmp_path):
    originals = Originals(tmp_path)
    originals.add(io.BytesIO(b"teaspoons"))
    originals.add(io.BytesIO(b"teaspoons"))
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_an_original_is_read_only(tmp_path):
    originals = Originals(tmp_path)
    sha256, _ = originals.add(io.BytesIO(b"a bench by the bus stop"))
    assert not originals.path(sha256).stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)


class BrokenStream(io.BytesIO):
    def read(self, size=-1):
        if self.tell():
            raise OSError("the stick was pulled out")
        return super().read(min(size, 5))


def test_a_stream_that_breaks_leaves_nothing_half_kept(tmp_path):
    with pytest.raises(OSError, match="pulled out"):
        Originals(tmp_path).add(BrokenStream(b"half of a sentence"))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_a_killed_program_left_half_arrived_is_swept_away_after_a_day(tmp_path):
    abandoned, arriving = tmp_path / ".arriving-old", tmp_path / ".arriving-new"
    for file in (abandoned, arriving):
        file.write_bytes(b"half of a sen")
    os.utime(abandoned, (0, 0))
    Originals(tmp_path).sweep()
    assert [path.name for path in tmp_path.iterdir()] == [".arriving-new"]
