import re

import pytest

from listening import pipeline
from listening.domain import Choice


def test_first_on_the_desk_are_those_without_an_answer_longest_waiting_first(as_role, told):
    page = as_role("leader").page("/desk").text
    waiting = [one for one in pipeline.answers(told) if not one.answered]
    assert f"{len(waiting)} voices still without an answer" in page
    shown = re.findall(r'href="/voices/(v-\w+)"', page)
    assert shown == [one.id for one in waiting]


def test_still_thinking_is_no_answer(as_role, told):
    [damp, *_] = pipeline.find(told, "damp")
    pipeline.decide(told, Choice.THINKING, "Whether we can dry it.", utterances=[damp.id])
    found = {one.id: one for one in pipeline.answers(told)}[damp.voice]
    assert (found.answered, found.thought_about) == (False, True)
    assert "being thought about" in as_role("leader").page("/desk").text


def test_themes_are_named_in_somebodys_words_with_their_voices(as_role, told):
    page = as_role("worker").page("/themes").text
    for theme in pipeline.themes(told):
        assert theme.name.replace("'", "&#39;") in page
        assert f"{theme.voices} voices" in page


def test_a_themes_page_shows_every_word_of_it(as_role, told):
    theme = pipeline.themes(told)[0]
    page = as_role("leader").page(f"/themes/{theme.id}").text
    for member in pipeline.theme_page(told, theme.id).members:
        assert member.text.replace("'", "&#39;") in page
    assert "No bus." in page


def test_a_title_stands_beside_the_name_and_small_words_get_a_thought(as_role, told):
    theme = pipeline.themes(told)[0]
    leader = as_role("leader")
    leader.submit(f"/themes/{theme.id}/title", title="Vulnerable residents and buses")
    page = leader.page(f"/themes/{theme.id}").text
    assert theme.name.replace("'", "&#39;") in page
    assert "title by leader" in page
    assert "People rarely call themselves that" in page
    leader.submit(f"/themes/{theme.id}/title", title="")
    assert pipeline.themes(told)[0].title is None


def decide(leader, told, **fields):
    [damp, *_] = pipeline.find(told, "damp")
    typed = {"choice": "do", "text": "We will dry it.", "because": "", "challenge": "", "look": ""}
    return leader.submit("/decide", **{"utterance": damp.id, **typed, **fields})


def test_a_decision_is_recorded_from_what_is_ticked_and_signed(as_role, told):
    leader = as_role("leader")
    [damp, *_] = pipeline.find(told, "damp")
    theme = pipeline.themes(told)[0]
    form = leader.page(f"/decide?utterance={damp.id}&theme={theme.id}").text
    assert damp.text in form
    answer = decide(leader, told, theme=theme.id)
    decision = pipeline.decisions(told)[0]
    assert answer.headers["location"].startswith(f"/decisions/{decision.id}")
    assert (decision.text, decision.decided_by) == ("We will dry it.", "leader")
    assert damp.id in pipeline.trace(told, decision.id).utterances
    assert theme.id in pipeline.trace(told, decision.id).themes


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"choice": "cannot"}, "A refusal needs its reason"),
        ({"text": " "}, "Say what was decided"),
        ({"choice": "perhaps"}, "Choose one"),
        ({"look": "2020-01-01"}, "has passed already"),
        ({"look": "soon"}, "not a day"),
        ({"utterance": []}, "tick at least one"),
        ({"text": "x" * 5000}, "Shorten it"),
    ],
)
def test_what_cannot_be_recorded_stays_on_the_page_with_its_reason(as_role, told, fields, sentence):
    before = len(pipeline.decisions(told))
    page = decide(as_role("leader"), told, **fields).text
    assert sentence in page
    assert "--" not in page.split("<main", 1)[1].split("</main", 1)[0].replace("<!--", "")
    assert fields.get("text", "We will dry it.").strip() in page
    assert len(pipeline.decisions(told)) == before


def test_a_word_that_makes_people_small_is_asked_about_once_and_never_blocked(as_role, told):
    leader = as_role("leader")
    page = decide(leader, told, text="Help for hard-to-reach service users.").text
    assert "hard-to-reach" in page
    assert "people we have not reached yet" in page
    answer = decide(leader, told, text="Help for hard-to-reach service users.", as_written="yes")
    assert answer.status_code == 303
    assert pipeline.decisions(told)[0].text == "Help for hard-to-reach service users."


def test_the_trace_is_the_same_as_a_picture_and_as_a_list(as_role, told):
    client = as_role("leader")
    for decision in pipeline.decisions(told):
        page = client.page(f"/decisions/{decision.id}").text
        picture, rest = page.split('class="picture"')[1].split('id="words"')
        chain = pipeline.trace(told, decision.id)
        for utterance in chain.utterances:
            assert f"/utterances/{utterance}" in picture
            assert f"/utterances/{utterance}" in rest
        for voice in chain.voices:
            assert f"/voices/{voice}" in picture
            assert f"/voices/{voice}" in rest


def test_a_long_trace_can_be_read_on_one_page(as_role, told, hand_in):
    said = "\n\n".join(f"Kettle number {number}, please." for number in range(40))
    pipeline.ingest(told, hand_in("kettles.txt", said))
    kettles = [one.id for one in pipeline.find(told, "kettle")]
    decision = pipeline.decide(told, Choice.DO, "Kettles.", utterances=kettles)
    client = as_role("leader")
    page = client.page(f"/decisions/{decision.id}").text
    assert "and 16 more" in page.split('class="picture"')[1]
    assert page.split('id="words"')[1].count("<blockquote") == 25
    assert client.page(f"/decisions/{decision.id}?all=yes").text.count("<blockquote") == 40


def test_the_map_shows_every_word_that_stands_and_finds_the_nearest(as_role, told):
    client = as_role("leader")
    page = client.page("/map").text
    assert page.split('id="near"')[0].count("h0") == sum(
        len(theme.utterances) for theme in pipeline.themes(told)
    ) + len(pipeline.on_their_own(told))
    for dot in pipeline.word_map(told):
        from dashboards.pictures import at

        x, y = at(dot)
        found = client.get(f"/map/near?x={x}&y={y}").json()
        assert found["x"] == x
        assert found["y"] == y
    assert client.page("/map/near?x=a").status_code == 400


def test_the_wall_holds_words_of_themes_and_of_voices_on_their_own(as_role, told):
    client = as_role("worker")
    page = client.page("/wall").text
    assert pipeline.themes(told)[0].name.replace("'", "&#39;") in page
    assert "teaspoons" in page
    assert "<blockquote" in client.page("/wall?one=1").text


def test_every_number_on_the_desk_leads_to_the_words_behind_it(as_role):
    client = as_role("leader")
    page = client.page("/desk").text
    for path in re.findall(r'<li><a href="([^"]+)"><strong>', page):
        assert client.page(path).status_code == 200


def test_what_is_not_here_is_said_so(as_role):
    client = as_role("leader")
    for path in ("/themes/t-000000000000", "/voices/v-000000000000", "/decisions/nonsense", "/conversations/c-0000000"):
        assert client.page(path).status_code == 404


def test_looking_again_starts_one_program_and_no_second(as_role, monkeypatch):
    started = []

    class Program:
        def __init__(self, command, **_):
            started.append(command)

        def poll(self):
            return None

    monkeypatch.setattr("dashboards.house.subprocess.Popen", Program)
    leader = as_role("leader")
    for _ in range(2):
        assert leader.submit("/look-again").headers["location"] == "/desk?done=looking"
    assert len(started) == 1
    assert "synthesise" in started[0]
    assert "being looked at again" in leader.page("/desk").text
