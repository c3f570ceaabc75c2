"""Workbooks and exports of forms: by openpyxl and XlsxWriter, and as the programs write their CSV."""

import csv
import io
import zipfile
from datetime import datetime

import openpyxl
import xlsxwriter

from tests.capture.files.case import Case

GOOD = "What does a good life look like to you?"
FIRST = "What would you do first?"
BENCH = "A bench by the bus stop, for my knees."
BUS = "A bus after nine.\nSo that I can sing in the choir."
ASKED = [BENCH, "Mend the kettle", BUS, "Ask the driver"]


def by_openpyxl(rows, *, title="Sheet1", more=(), hidden=()):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for name in (*more, *hidden):
        sheet = book.create_sheet(name)
        sheet.append(["Words of others"])
        sheet.append(["Somebody wrote here, too."])
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_xlsxwriter(rows, formula=None):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Answers")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    if formula:
        sheet.write_formula(*formula)
    book.close()
    return out.getvalue()


def as_csv(rows, delimiter=","):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return out.getvalue()


GOOGLE = [
    ["Timestamp", GOOD, FIRST, "May we use your words? (consent)", "Age group"],
    ["2026/03/05 10:15:22 AM GMT", BENCH, "Mend the kettle", "Yes, I agree", "25-34"],
    ["2026/03/05 1:15:22 PM GMT", BUS, "Ask the driver", "Yes, I agree", "65+"],
    ["2026/03/06 9:00:00 AM GMT", "Do not take this answer of mine.", "Nothing at all", "No", "65+"],
]
GOOGLE_NOTES = ["form of Google Forms", "1 row was not taken"]
MICROSOFT = [
    ["ID", "Start time", "Completion time", "Email", "Name", GOOD, FIRST],
    [
        1,
        datetime(2026, 3, 5, 10, 15, 22),
        datetime(2026, 3, 5, 10, 20),
        "amina@example.org",
        "Amina Begum",
        BENCH,
        "Mend the kettle",
    ],
    [
        2,
        datetime(2026, 3, 5, 11, 15, 22),
        datetime(2026, 3, 5, 11, 20),
        "joe@example.org",
        "Joe Bloggs",
        BUS,
        "Ask the driver",
    ],
    [
        3,
        datetime(2026, 3, 6, 11, 15, 22),
        datetime(2026, 3, 6, 11, 20),
        "AMINA@example.org",
        "Amina Begum",
        "And one more chair.",
        "",
    ],
]
KOBO = [
    [
        "start",
        "end",
        "consent",
        "about_you/village",
        "questions/good_life",
        "questions/first",
        "questions/voice",
        "_id",
        "_uuid",
        "_submission_time",
        "_submitted_by",
    ],
    [
        "2026-03-05T10:15:22.000+01:00",
        "2026-03-05T10:20:22.000+01:00",
        "yes",
        "Fen",
        BENCH,
        "Mend the kettle",
        "",
        "1",
        "6f0b6a7e-1111-4222-8333-444455556666",
        "2026-03-05T09:21:00",
        "worker1",
    ],
    [
        "2026-03-05T11:15:22.000+01:00",
        "2026-03-05T11:20:22.000+01:00",
        "yes",
        "Beck",
        BUS,
        "Ask the driver",
        "",
        "2",
        "6f0b6a7e-1111-4222-8333-444455557777",
        "2026-03-05T10:21:00",
        "worker1",
    ],
    [
        "2026-03-05T11:15:22.000+01:00",
        "2026-03-05T11:20:22.000+01:00",
        "no",
        "Beck",
        "Do not take this.",
        "No",
        "",
        "3",
        "6f0b6a7e-1111-4222-8333-444455558888",
        "2026-03-05T10:21:00",
        "worker1",
    ],
]
KOBO_NOTES = ["form of KoboToolbox or ODK", "1 row was not taken"]
ODK = [
    [
        "SubmissionDate",
        "questions-good_life",
        "questions-first",
        "meta-instanceID",
        "KEY",
        "SubmitterName",
        "ReviewState",
    ],
    [
        "2026-03-05T09:21:00.000Z",
        BENCH,
        "Mend the kettle",
        "uuid:6f0b6a7e-1111-4222-8333-444455556666",
        "uuid:6f0b6a7e-1111-4222-8333-444455556666",
        "worker1",
        "",
    ],
    [
        "2026-03-06T09:21:00.000Z",
        BUS,
        "Ask the driver",
        "uuid:6f0b6a7e-1111-4222-8333-444455557777",
        "uuid:6f0b6a7e-1111-4222-8333-444455557777",
        "worker1",
        "",
    ],
]
CARDS = [
    ["Date", "Where", "Participant", "Comment"],
    ["2026-03-05", "Fen Street", "p-1", BENCH],
    ["2026-03-06", "Beck Lane", "p-2", BUS],
    ["2026-03-06", "Beck Lane", "p-1", "Five  teaspoons, _please_"],
]
CARDS_SAID = [("p-1", BENCH), ("p-2", BUS), ("p-1", "Five  teaspoons, _please_")]
NOBODY = [(None, words) for words in ASKED]
PERSONS = [
    ("person 1", BENCH), ("person 1", "Mend the kettle"), ("person 2", BUS), ("person 2", "Ask the driver"),
    ("person 1", "And one more chair."),
]  # fmt: skip

CASES = [
    Case("cards.xlsx", by_openpyxl(CARDS), CARDS_SAID),
    Case("cards-xlsxwriter.xlsx", by_xlsxwriter(CARDS), CARDS_SAID),
    Case("cards.csv", as_csv(CARDS), CARDS_SAID),
    Case("cards.tsv", as_csv(CARDS, "\t"), CARDS_SAID),
    Case("two-sheets.xlsx", by_openpyxl(CARDS, more=["Others"], hidden=["Secret"]), CARDS_SAID, ["Not read: Others, Secret"]),
    Case("google.csv", as_csv(GOOGLE), NOBODY, GOOGLE_NOTES),
    Case("google.xlsx", by_openpyxl(GOOGLE), NOBODY, GOOGLE_NOTES),
    Case("microsoft.xlsx", by_openpyxl(MICROSOFT), PERSONS, ["form of Microsoft Forms"]),
    Case("kobo.csv", as_csv(KOBO, ";"), NOBODY, KOBO_NOTES),
    Case("kobo.xlsx", by_xlsxwriter(KOBO), NOBODY, KOBO_NOTES),
    Case("odk.csv", as_csv(ODK), NOBODY, ["form of KoboToolbox or ODK"]),
    Case("odk.zip", zipped(**{"fen.csv": as_csv(ODK), "media/": b""}), NOBODY, ["form of KoboToolbox or ODK"]),
]  # fmt: skip
