import threading
import time

from dashboards.kept import Memory
from listening import pipeline
from listening.domain import Choice


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
    time.sleep(0.6)
    assert ask() == before + 1
    pipeline.ingest(told, hand_in("again.txt", "A: A teapot."))
    pipeline.hold(told, pipeline.find(told, "teaspoons")[0].id, "safety")
    assert ask() == before + 2


def test_what_another_program_wrote_is_seen_too(told):
    from listening.store import Store

    memory = Memory(told)
    before = memory.get("voices", lambda: len(pipeline.answers(told)))
    elsewhere = pipeline.Line(Store(told.settings.data, 10), told.settings, told.engine, told.encoder)
    pipeline.withdraw(elsewhere, pipeline.find(told, "teaspoons")[0].voice)
    assert memory.get("voices", lambda: len(pipeline.answers(told))) == before - 1


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
