import time

import pytest

from listening import pipeline
from listening.domain import Fate


@pytest.fixture
def worker(browser, as_role):
    """Somebody who brings conversations in, while the reader is at work."""
    client = as_role("worker")
    client.reader = browser.app.state.house.reader
    return client


def wait_until_read(worker, told):
    deadline = time.monotonic() + 20
    while (worker.reader.busy or pipeline.waiting(told)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not pipeline.waiting(told)


def hand_in(worker, *files):
    return worker.submit("/bring", files=[("files", (name, content)) for name, content in files])


def test_a_file_is_received_read_and_placed(worker, told):
    page = hand_in(worker, ("more.txt", b"Jo: A piano for the hall.")).text
    assert "safely kept" in page
    wait_until_read(worker, told)
    [found] = pipeline.find(told, "piano")
    deadline = time.monotonic() + 20
    while pipeline.show(told, found.id).fate == Fate.WAITING and time.monotonic() < deadline:
        time.sleep(0.02)
    assert pipeline.show(told, found.id).fate != Fate.WAITING
    assert "more.txt" in worker.page("/coming-in").text


def test_files_that_cannot_be_taken_are_named_with_their_reason_and_never_stop_the_others(worker, told):
    page = hand_in(worker, ("empty.txt", b""), ("a.exe", b"MZ"), ("good.txt", b"Jo: A bench in the sun.")).text
    assert "is empty" in page
    assert "not known here" in page
    assert page.count("safely kept") == 1
    wait_until_read(worker, told)
    assert pipeline.find(told, "bench in the sun")
    coming = worker.page("/coming-in").text
    assert "empty.txt" in coming
    assert {one.source for one in pipeline.ledger(told).failed_sources} == {"empty.txt", "a.exe"}


def test_the_same_file_twice_changes_nothing(worker, told):
    hand_in(worker, ("more.txt", b"Jo: A piano."))
    wait_until_read(worker, told)
    assert "here already" in hand_in(worker, ("more.txt", b"Jo: A piano.")).text
    assert len(pipeline.find(told, "piano")) == 1


def test_hostile_names_never_touch_names_on_disk(worker, told):
    page = hand_in(worker, ("../../etc/passwd.txt", b"Jo: A kettle.")).text
    assert "passwd.txt" in page
    assert ".." not in page
    wait_until_read(worker, told)
    assert pipeline.find(told, "kettle")


def test_handing_in_nothing_is_told_so(worker):
    assert "Choose at least one file" in worker.submit("/bring", files=[("files", ("", b""))]).text


def test_more_than_the_limit_is_refused_while_it_arrives(worker):
    house = worker.app.state.house
    object.__setattr__(house, "largest_upload", 50_000)
    answer = hand_in(worker, ("long.txt", b"x" * 60_000))
    assert answer.status_code == 400
    assert "not taken" in answer.text


def test_a_table_is_kept_once_its_columns_are_known(worker, told):
    table = b"who,what\nann,More <b>benches</b> please.\nbo,A longer table.\n"
    page = hand_in(worker, ("cards.csv", table)).text
    assert "not kept yet" in page
    path = page.split('href="/bring/table/')[1].split('"')[0]
    form = worker.page(f"/bring/table/{path}").text
    assert "More &lt;b&gt;benches" in form
    assert "Say which column" in worker.submit(f"/bring/table/{path}", text="").text
    assert "safely kept" in worker.submit(f"/bring/table/{path}", text="what", voice="who").text
    wait_until_read(worker, told)
    assert {said.shown for said in pipeline.find(told, "a longer table")} == {"bo"}
    assert worker.page(f"/bring/table/{path}").status_code == 404


def typed(worker, **fields):
    whole = {"kind": "good-life", "date": "2026-03-05", "place": "Mill Lane", "listener": "Nadia", "words": ""}
    return worker.submit("/bring/note", **{**whole, **fields})


def test_notes_are_typed_into_a_form(worker, told):
    answer = typed(worker, words="Nadia: What would help?\r\nAmina: Lamps: warm ones.", label="Amina", handle="amina-7")
    assert answer.headers["location"] == "/coming-in?done=received"
    wait_until_read(worker, told)
    [found] = pipeline.find(told, "warm ones")
    assert (found.text, found.shown, found.place) == ("Lamps: warm ones.", "amina-7", "Mill Lane")
    assert not pipeline.find(told, "What would help")


ONE_NAME = "Petra: I would like a place to sit by the bus stop for my knees."


def test_it_is_asked_in_the_form_whether_one_name_is_who_speaks(worker, told):
    asked = typed(worker, words=ONE_NAME).text
    assert "begins with “Petra:”" in asked
    assert 'name="named"' in asked
    assert typed(worker, words=ONE_NAME, named="yes").status_code == 303
    wait_until_read(worker, told)
    [found] = pipeline.find(told, "for my knees")
    assert (found.text, found.shown) == (ONE_NAME.removeprefix("Petra: "), "Petra")


def test_one_answer_does_for_all_files_that_begin_with_one_name(worker, told):
    files = [("files", (f"{one}.txt", ONE_NAME.replace("Petra", one).encode())) for one in ("Jo", "Note")]
    assert worker.submit("/bring", files=files).text.count("Is that who speaks?") == 2
    assert worker.submit("/bring", files=files, named="no").text.count("safely kept") >= 1
    wait_until_read(worker, told)
    assert {one.shown for one in pipeline.find(told, "for my knees")} == {"someone"}


def test_notes_that_cannot_be_taken_stay_on_the_page(worker):
    page = typed(worker, words="Amina: Everything I typed.", date="yesterday").text
    assert "Write year, month and day" in page
    assert "Amina: Everything I typed." in page
    assert "There are no words yet" in typed(worker, words=" ").text


def test_the_progress_page_looks_again_by_itself_only_while_something_goes_on(worker, told):
    wait_until_read(worker, told)
    assert 'http-equiv="refresh"' not in worker.page("/coming-in").text
    from dashboards.house import Doing

    worker.reader.doing = Doing("s-1", "Hearing", 2, 5)
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in worker.page("/coming-in").text
    assert 'data-busy="yes"' in worker.page("/coming-in").text
    still = worker.page("/coming-in?still=yes").text
    assert 'http-equiv="refresh"' not in still
    assert 'data-busy="yes"' not in still
    worker.reader.doing = None


def test_a_fault_while_reading_does_not_stop_the_next(worker, told, monkeypatch):
    real = pipeline.read
    first = []

    def read(line, source, progress):
        if not first:
            first.append(source)
            raise RuntimeError("words that must not be lost")
        return real(line, source, progress)

    monkeypatch.setattr("dashboards.house.pipeline.read", read)
    hand_in(worker, ("one.txt", b"Jo: A drum."), ("two.txt", b"Jo: A flute."))
    deadline = time.monotonic() + 20
    while not pipeline.find(told, "flute") and time.monotonic() < deadline:
        time.sleep(0.02)
    assert pipeline.find(told, "flute")
    assert first == pipeline.waiting(told)


def test_a_conversation_shows_every_word_and_where_it_is(worker, told):
    conversation = pipeline.conversations(told)[0]
    page = worker.page(f"/conversations/{conversation.id}").text
    assert "Fen Street, 5 March 2026" in page
    assert "in a theme" in page
    assert "on its own" in page
    assert "teaspoons" in page


def test_held_words_are_shown_to_the_safeguarding_lead_only(worker, told, as_role):
    [said] = pipeline.find(told, "teaspoons")
    answer = worker.submit("/hold", utterance=said.id, because="she may be found", conversation=said.conversation)
    assert answer.status_code == 303
    lead = as_role("safeguarding")
    for path in ("/alone", "/themes", "/wall", f"/conversations/{said.conversation}", f"/utterances/{said.id}"):
        for client in (worker, lead, as_role("leader")):
            assert "teaspoons, please" not in client.page(path).text
    held = lead.page("/held").text
    assert "teaspoons, please" in held
    assert "she may be found" in held
    lead.submit("/release", utterance=said.id, because="she is safe")
    assert "teaspoons, please" in worker.page("/alone").text


def test_the_guide_is_a_page_that_anybody_can_open(browser):
    page = browser.page("/guides/good_life").text
    assert "What does a good life look like to you" in page
    assert browser.page("/guides/bad_life").status_code == 404


def test_typed_words_have_no_recording(worker, told):
    assert worker.page(f"/sound/{pipeline.conversations(told)[0].source}").status_code == 404
