from datetime import timedelta

import pytest

from listening import pipeline
from listening.domain import Account, Duty
from listening.errors import NotFound, Refused

PASSWORD = "correct horse battery"


def everything_kept(line):
    return b"".join(file.read_bytes() for file in line.store.folder.iterdir() if file.is_file())


def test_a_password_and_a_token_are_kept_as_hashes_only(line):
    pipeline.add_account(line, "nadia", Duty.WORKER, PASSWORD)
    token = pipeline.sign_in(line, "nadia", PASSWORD)
    assert pipeline.signed_in(line, token).name == "nadia"
    with line.store.reading() as read:
        [account] = read.rows("accounts", Account, name="nadia")
    assert account.password_hash.startswith("$argon2id$")
    everything = everything_kept(line)
    assert PASSWORD.encode() not in everything
    assert token.encode() not in everything


def test_signing_out_ends_the_session_and_so_does_removing_the_account(line):
    pipeline.add_account(line, "nadia", Duty.WORKER, PASSWORD)
    first, second = (pipeline.sign_in(line, "nadia", PASSWORD) for _ in range(2))
    pipeline.sign_out(line, first)
    assert pipeline.signed_in(line, first) is None
    assert pipeline.signed_in(line, second)
    pipeline.remove_account(line, "nadia")
    assert pipeline.signed_in(line, second) is None
    with pytest.raises(NotFound):
        pipeline.remove_account(line, "nadia")


def test_a_session_ends_by_itself(line, monkeypatch):
    pipeline.add_account(line, "nadia", Duty.WORKER, PASSWORD)
    monkeypatch.setattr("listening.pipeline.signing_in.SIGNED_IN_FOR", timedelta(seconds=-1))
    assert pipeline.signed_in(line, pipeline.sign_in(line, "nadia", PASSWORD)) is None


@pytest.mark.parametrize(
    ("name", "password"), [("a b", PASSWORD), ("", PASSWORD), ("nadia", "short"), ("n", "x" * 300)]
)
def test_odd_names_and_short_passwords_are_refused(line, name, password):
    with pytest.raises(Refused):
        pipeline.add_account(line, name, Duty.WORKER, password)


def test_a_name_is_taken_once(line):
    pipeline.add_account(line, "nadia", Duty.WORKER, PASSWORD)
    with pytest.raises(Refused, match="already"):
        pipeline.add_account(line, "nadia", Duty.ADMIN, PASSWORD)
    assert [one.role for one in pipeline.accounts(line)] == [Duty.WORKER]


def test_made_passwords_are_long_and_never_the_same():
    made = {pipeline.new_password() for _ in range(100)}
    assert len(made) == 100
    assert all(len(one) == 19 for one in made)
