import threading
import time

from dashboards.kept import Memory
from listening import pipeline
from listening.domain import Choice, Duty


def soon(is_so):
    """Whether it becomes so within seconds."""
    deadline = time.monotonic() + 20
    while not (found := is_so()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def test_what_was_worked_out_is_kept_until_anything_is_written(told):
    memory, asked = Memory(told), []

    def ask():
        return memory.get("decisions", lambda: asked.append(1) or len(pipeline.decisions(told)))

    pipeline.decisions(told)
    time.sleep(0.3)  # the turn ends, and what was written goes from the log into the database
    assert [ask(), ask(), ask()] == [2, 2, 2]
    assert len(asked) == 1
    pipeline.decide(told, Choice.DO, "A bench.", utterances=[pipeline.themes(told)[0].utterances[0]])
    assert ask() == 3


def test_new_words_are_seen_a_moment_later_and_what_people_do_at_once(told, hand_in):
    memory = Memory(told, later=0.5)

    def ask():
        return memory.get("entered", lambda: pipeline.ledger(told).entered)

    before = ask()
    pipeline.ingest(told, hand_in("more.txt", "A: A kettle."))
    assert ask() == before
    assert soon(lambda: ask() == before + 1)
    pipeline.ingest(told, hand_in("again.txt", "A: A teapot."))
    pipeline.hold(told, pipeline.find(told, "teaspoons")[0].id, "safety")
    assert ask() == before + 2


def test_what_another_program_wrote_is_seen_too(told):
    from listening.store import Store

    memory = Memory(told)
    before = memory.get("voices", lambda: len(pipeline.answers(told)))
    elsewhere = pipeline.Line(Store(told.settings.data, 10), told.settings, told.engine, told.encoder)
    pipeline.withdraw(elsewhere, pipeline.find(told, "teaspoons")[0].voice)
    assert soon(lambda: memory.get("voices", lambda: len(pipeline.answers(told))) == before - 1)


def test_whoever_comes_after_a_quiet_hour_is_not_shown_what_another_program_took_out(told, monkeypatch):
    from listening.store import Store

    memory = Memory(told)
    before = memory.get("voices", lambda: len(pipeline.answers(told)))
    elsewhere = pipeline.Line(Store(told.settings.data, 10), told.settings, told.engine, told.encoder)
    pipeline.withdraw(elsewhere, pipeline.find(told, "teaspoons")[0].voice)
    monkeypatch.setattr("dashboards.kept.SURE_SECONDS", 0)  # as if nobody had asked for longer
    assert memory.get("voices", lambda: len(pipeline.answers(told))) == before - 1


def test_no_reader_waits_for_what_is_worked_out_anew(told, hand_in):
    memory, let_go, made = Memory(told, later=0), threading.Event(), []

    def make():
        made.append(1)
        assert len(made) == 1 or let_go.wait(20)
        return len(made)

    assert memory.get("slow", make) == 1
    pipeline.ingest(told, hand_in("more.txt", "A: A kettle."))
    assert soon(lambda: memory.get("slow", make) == 1 and len(made) == 2)
    assert [memory.get("slow", make) for _ in range(3)] == [1, 1, 1]
    let_go.set()
    assert soon(lambda: memory.get("slow", make) == 2)


def test_nobody_waits_for_a_database_that_another_program_uses(told):
    from listening.store import Store

    memory, elsewhere = Memory(told), Store(told.settings.data, 10)
    memory.get("themes", lambda: "kept")
    time.sleep(0.5)  # this program's turn is over
    with elsewhere.writing() as write:
        write.change("revoke_receipts", voice_id="v-nobody", now=None)
        began = time.monotonic()
        assert memory.get("themes", lambda: "new") == "kept"
        assert time.monotonic() - began < 1


def test_nothing_older_than_a_minute_is_shown_once_words_came_in(told, hand_in, monkeypatch):
    memory = Memory(told, later=0)
    assert memory.get("entered", lambda: "old") == "old"
    monkeypatch.setattr("dashboards.kept.OLDEST_SECONDS", 0)
    pipeline.ingest(told, hand_in("more.txt", "A: A kettle."))
    assert memory.get("entered", lambda: "new") == "new"


def test_who_signs_in_moves_nothing_of_what_pages_show(told):
    memory, people, made = Memory(told), Memory(told, pipeline.who_comes_in), []

    def ask(kept):
        return kept.get("key", lambda: made.append(kept) or len(made))

    ask(memory), ask(people)
    pipeline.add_account(told, "nadia", Duty.WORKER, "correct horse battery")
    ask(memory), ask(people)
    assert made == [memory, people, people]


def test_readers_who_ask_for_the_same_at_once_wait_for_one_to_work_it_out(told):
    memory, made = Memory(told), []
    pipeline.decisions(told)
    time.sleep(0.3)

    def make():
        time.sleep(0.1)
        made.append(1)
        return 1

    threads = [threading.Thread(target=memory.get, args=("slow", make)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_only_so_much_is_kept(told):
    memory = Memory(told, most=3)
    for key in range(10):
        memory.get(key, str)
    assert len(memory._found) <= 3
