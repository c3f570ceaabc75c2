from dashboards.pictures import Places, at, map_picture
from listening.drawing import MOST_NODES, shortened, trace_picture
from listening.pipeline import Dot, LinkView


def test_every_dot_is_drawn_once_and_those_on_their_own_apart():
    dots = [Dot("u-1", "t-1", 0, 0), Dot("u-2", "t-1", 1, 1), Dot("u-3", None, 0.5, 0.5)]
    picture = map_picture(dots, ["t-1", "t-gone"])
    [island] = picture.islands
    assert island.path.count("h0") == 2
    assert picture.alone.count("h0") == 1
    assert (picture.dots, picture.alone_dots) == (3, 1)
    assert f"M{island.x} {island.y}h0" in island.path


def test_the_nearest_dot_is_the_one_at_that_place():
    dots = [Dot("u-1", None, 0.1, 0.1), Dot("u-2", None, 0.9, 0.2)]
    assert Places(dots).nearest(*at(dots[1])).utterance == "u-2"
    assert Places([]).nearest(0, 0) is None


def test_the_trace_has_a_column_for_each_kind_and_a_line_for_each_tie():
    links = [LinkView("d-1", "t-1", "u-1", "c-1", "v-1"), LinkView(None, None, "u-2", "c-1", "v-1")]
    picture = trace_picture(links, str)
    assert [column.kind for column in picture.columns] == ["decision", "theme", "utterance", "conversation", "voice"]
    assert [len(column.nodes) for column in picture.columns] == [1, 1, 2, 1, 1]
    assert len(picture.edges) == 5


def test_what_is_too_many_to_draw_is_counted():
    picture = trace_picture([LinkView(None, None, f"u-{n}", "c-1", "v-1") for n in range(100)], str)
    words = picture.columns[0]
    assert len(words.nodes) == MOST_NODES
    assert words.more == 100 - MOST_NODES


def test_nothing_hangs_together_with_withdrawn_words():
    assert trace_picture([], str).columns == ()


def test_labels_are_short_and_say_so():
    assert shortened("A bench.") == "A bench."
    assert shortened("A bench by the bus stop, please, with a back.").endswith("…")
