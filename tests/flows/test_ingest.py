import time

import pytest

from flows.ingest import ingest, main, read_source
from flows.progress import watched
from listening import pipeline
from listening.errors import Busy, Refused

CANARY = "Marmalade on the lighthouse stairs"
HANDLE = "wilhelmina-heron"
NAME = "what-wilhelmina-told-me.md"
NOTE = f"---\nvoices: {{Mina: {HANDLE}}}\n---\n\nMina: {CANARY}, that is a good life.\n"
SECRETS = [CANARY, HANDLE, NAME, "wilhelmina"]


@pytest.fixture
def reading(monkeypatch):
    """Put something before the reading of one source; counts the tries."""
    tries = []
    real = pipeline.read

    def before(source_id, act):
        def read(line, asked, progress):
            if asked == source_id:
                tries.append(asked)
                act(len(tries))
            return real(line, asked, progress)

        monkeypatch.setattr(pipeline, "read", read)
        return tries

    return before


def refuse(reason):
    def act(_):
        raise Refused(reason)

    return act


def everything_under(folder):
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def recorded(home, text):
    """Wait until Prefect has written this down."""
    deadline = time.monotonic() + 20
    while not any(text.encode() in content for content in everything_under(home).values()):
        assert time.monotonic() < deadline, f"Prefect never wrote {text} down"
        time.sleep(0.2)


def test_what_is_waiting_is_read_and_counted(chosen, received):
    received("A bench by the beck.\n")
    received(NOTE, NAME)
    result = ingest()
    assert (result.sources, result.conversations, result.voices, result.utterances) == (2, 2, 2, 2)
    assert (result.already_known, result.failed) == (0, ())
    assert pipeline.waiting(chosen) == []


def test_only_the_sources_that_are_named_are_read(chosen, received):
    one, other = received("A bench.\n"), received("A bus after nine.\n")
    assert ingest([other]).sources == 1
    assert pipeline.waiting(chosen) == [one]


def test_one_person_in_two_sources_is_counted_as_one_voice(received):
    received(NOTE)
    received(NOTE + "\nMina: And somebody to talk to.\n")
    assert ingest().voices == 1


def test_running_twice_changes_nothing(chosen, received):
    source = received(NOTE)
    ingest()
    before = pipeline.counts(chosen)
    again = ingest([source])
    assert (again.already_known, again.utterances, again.failed) == (1, 0, ())
    assert ingest().sources == 0
    assert pipeline.counts(chosen) == before


def test_a_source_that_fails_does_not_stop_the_others(chosen, received, reading):
    first, broken, last = received("First.\n"), received("Second.\n"), received("Third.\n")
    reading(broken, refuse("It cannot be read."))
    state = ingest(return_state=True)
    assert state.is_completed()
    assert state.result().failed == (broken,)
    assert state.result().utterances == 2
    assert pipeline.waiting(chosen) == [broken]
    assert first != last


def test_what_cannot_be_mended_by_waiting_is_not_tried_again(received, reading):
    tries = reading(received("A bench.\n"), refuse("It cannot be read."))
    ingest()
    assert len(tries) == 1


@pytest.mark.parametrize("trouble", [Busy("Somebody else has it."), OSError(5, "Input/output error")])
def test_a_passing_trouble_is_tried_again(received, reading, trouble):
    def fail_once(attempt):
        if attempt == 1:
            raise trouble

    tries = reading(received("A bench.\n"), fail_once)
    result = ingest()
    assert (len(tries), result.utterances, result.failed) == (2, 1, ())


def test_a_trouble_that_does_not_pass_is_given_up_after_three_tries(chosen, received, reading):
    source = received("A bench.\n")

    def fail(_):
        raise Busy("Somebody else has it.")

    tries = reading(source, fail)
    assert ingest().failed == (source,)
    assert len(tries) == 3
    assert pipeline.waiting(chosen) == [source]


def test_progress_reaches_the_watcher_from_inside_a_task(received, reading):
    from flows.progress import report

    seen = []
    reading(received("A bench.\n"), lambda _: report("hear", 1, 2))
    with watched(lambda *told: seen.append(told)):
        ingest()
    assert seen == [("hear", 1, 2)]


def test_nothing_that_was_said_and_nobodys_name_is_known_to_prefect(prefect_home, received):
    source = received(NOTE, NAME)
    assert ingest().utterances == 1
    recorded(prefect_home, source)  # so what Prefect writes down would be found here
    for content in everything_under(prefect_home).values():
        assert not [secret for secret in SECRETS if secret.encode() in content]


def test_nor_is_it_after_a_failure(prefect_home, received, reading):
    refused, broken = received(NOTE, NAME), received(NOTE + "Mina: More.\n", NAME)
    reading(refused, refuse(f"{NAME} says {CANARY!r}"))
    assert ingest([refused]).failed == (refused,)
    reading(broken, lambda _: {}[CANARY])
    assert ingest([broken]).failed == (broken,)
    for source in (refused, broken):
        recorded(prefect_home, source)
    recorded(prefect_home, "KeyError in flows")
    for content in everything_under(prefect_home).values():
        assert not [secret for secret in SECRETS if secret.encode() in content]


def test_nor_is_it_where_somebody_has_prefect_keep_all_it_can(prefect_home, received, reading):
    from prefect.settings import temporary_settings

    read, refused = received(NOTE, NAME), received(NOTE + "Mina: More.\n", NAME)
    reading(refused, refuse(f"{NAME} says {CANARY!r}"))
    keep_all = {"results.persist_by_default": True, "tasks.default_persist_result": True}
    with temporary_settings({**keep_all, "logging.to_api.enabled": True, "logging.log_prints": True}):
        assert ingest().failed == (refused,)
    for source in (read, refused):
        recorded(prefect_home, source)
    for content in everything_under(prefect_home).values():
        assert not [secret for secret in SECRETS if secret.encode() in content]


def test_no_result_is_kept(prefect_home, received):
    received(NOTE)
    state = ingest(return_state=True)
    assert state.is_completed()
    assert not [file for file in (prefect_home / "storage").rglob("*") if file.is_file()]


def test_what_is_kept_of_a_trouble_leads_nowhere(received, reading):
    reading(source := received(NOTE), refuse(CANARY))
    trouble = read_source(source, return_state=True).result(raise_on_failure=False)
    assert CANARY not in str(trouble)
    assert (trouble.__context__, trouble.__cause__) == (None, None)


def test_the_command_takes_ids_and_nothing_else():
    with pytest.raises(SystemExit, match="Give ids"):
        main([NAME])


def test_what_is_read_after_a_synthesis_is_placed_among_the_themes(chosen, received):
    received("Ann: A bench by the beck.\n\nBen: a bench by the beck!\n\nCy: Ducks.\n")
    ingest()
    pipeline.synthesise(chosen)
    received("Dee: A bench by the beck.\n\nEve: Late buses.\n")
    ingest()
    assert pipeline.ledger(chosen).waiting == 0
