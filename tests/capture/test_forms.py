import pytest

from listening import capture
from listening.capture.forms import form_of
from listening.capture.tables import agrees
from tests.capture.files import sheets


def guess(tmp_path, rows):
    path = tmp_path / "table.csv"
    path.write_bytes(sheets.as_csv(rows))
    return capture.guess(capture.open_table(path, ".csv"))


def test_a_form_is_known_by_its_heading():
    known = [form_of(rows[0]) for rows in (sheets.GOOGLE, sheets.MICROSOFT, sheets.KOBO, sheets.ODK, sheets.CARDS)]
    assert known == ["Google Forms", "Microsoft Forms", "KoboToolbox or ODK", "KoboToolbox or ODK", None]


def test_what_columns_hold_is_guessed_from_their_titles_and_cells(tmp_path):
    columns = guess(tmp_path, sheets.CARDS).columns
    assert (columns.text, columns.also, columns.voice, columns.time, columns.place) == (
        "Comment", (), "Participant", "Date", "Where",
    )  # fmt: skip
    assert not columns.private
    columns = guess(tmp_path, sheets.KOBO).columns
    assert (columns.text, columns.also) == ("questions/good_life", ("questions/first",))
    assert (columns.time, columns.place, columns.consent) == ("_submission_time", "about_you/village", "consent")
    assert columns.voice is None


def test_names_and_addresses_only_tell_people_apart(tmp_path):
    columns = guess(tmp_path, sheets.MICROSOFT).columns
    assert (columns.voice, columns.private) == ("Email", True)


def test_a_question_about_a_place_is_a_question(tmp_path):
    rows = [
        ["What place do you love?", "When do you feel at home?"],
        ["The beck", "On Sundays"],
        ["The hall", "At night"],
    ]
    columns = guess(tmp_path, rows).columns
    assert (columns.text, columns.also, columns.place, columns.time) == (rows[0][0], (rows[0][1],), None, None)


def test_a_table_without_words_gives_no_guess(tmp_path):
    assert guess(tmp_path, [["Age", "Postcode"], ["41", "NE1 4XX"], ["29", "NE1 4XY"]]) is None
    assert guess(tmp_path, [["Comment"]]) is None


@pytest.mark.parametrize("cell", ["yes", "Yes, I agree", "1", "TRUE", "ja", "I consent", "✓", " y "])
def test_a_clear_yes_is_one(cell):
    assert agrees(cell)


@pytest.mark.parametrize(
    "cell", ["", "no", "No, I do not agree", "0", "maybe", "I do not consent", "yes, but not publicly", "nein"]
)
def test_anything_else_is_not(cell):
    assert not agrees(cell)


def test_columns_of_numbers_and_times_hold_no_words(tmp_path):
    rows = [
        ["timestamp", "datetime", "author-id", "agrees", "comment-body"],
        ["1518501496471", "Tue Feb 13 12:58:16 WIB 2018", "17", "3", "The road needs to be wider."],
        ["1518501496472", "Tue Feb 13 12:59:16 WIB 2018", "18", "4", "A garden."],
    ]
    found = guess(tmp_path, rows)
    assert (found.form, found.columns.text, found.columns.also) == (None, "comment-body", ())
    assert (found.columns.voice, found.columns.time) == ("author-id", "timestamp")


@pytest.mark.parametrize(
    "asked", ["May we use this?", "Can we share your answers?", "Are you happy for us to quote you?"]
)
def test_a_question_about_use_is_consent_and_never_words(tmp_path, asked):
    said = [["A later bus.", "Yes"], ["A bench here.", "No"], ["More soup.", "Yes"], ["Teaspoons.", "no thank you"]]
    columns = guess(tmp_path, [["What would help?", asked], *said]).columns
    assert (columns.text, columns.also, columns.consent) == ("What would help?", (), asked)


def test_a_column_of_ticks_is_never_words(tmp_path):
    rows = [["What would help?", "Have you been here before?"], ["A later bus.", "yes"], ["A bench here.", "no"]]
    columns = guess(tmp_path, rows).columns
    assert (columns.text, columns.also) == ("What would help?", ())
