"""Notes as people type them, or as programs write speech down: who speaks is said in many ways."""

from tests.capture.files.case import Case

BENCH = "I would like a bench by the bus stop, for my knees."
BUS = "The last bus goes before seven and then my evening is over."
CHAIR = "And somebody on the other chair, if you please."
SAID = [("Amina", BENCH), ("Sam", BUS), ("Amina", CHAIR)]


def said_by(amina, sam, again=None, between="\n"):
    """A talk in which each label stands before the words."""
    return "".join(
        f"{label}{words}{between}"
        for label, words in zip((amina, sam, again or amina), (BENCH, BUS, CHAIR), strict=True)
    )


STYLES = {
    "times": said_by("10:30 Amina: ", "10:31 Sam: ", "10:32 Amina: "),
    "times-in-brackets": said_by("[10:30] Amina: ", "[10:31] Sam: ", "[10:32] Amina: "),
    "times-and-dashes": said_by("(0:30) - Amina: ", "(0:31) - Sam: ", "(0:32) - Amina: "),
    "times-after": said_by("Amina (10:30 am): ", "Sam (10:31 am): ", "Amina (10:32 am): "),
    "bullets": said_by("- Amina: ", "- Sam: "),
    "bold-bullets": said_by("* **Amina:** ", "* **Sam:** "),
    "manner": said_by("Amina: ", "Sam (laughing): ", "Amina (after a while): ") + f"Sam: {BUS}\n",
    "bold": said_by("**Amina:** ", "**Sam:** "),
    "bold-alone": said_by("**Amina:**\n", "**Sam:**\n", between="\n\n"),
    "capitals": said_by("AMINA - ", "SAM - "),
    "long-dashes": said_by("AMINA — ", "SAM — ", between="\n\n"),
    "above": said_by("Amina [00:12:03]:\n", "Sam [00:12:33]:\n", "Amina [00:13:00]:\n", between="\n\n"),
    "time-above": said_by("[00:12:03] Amina\n", "[00:12:33] Sam\n", "[00:13:00] Amina\n", between="\n\n"),
    "hours-above": said_by("00:12:03 Amina\n", "00:12:33 Sam\n", "00:13:00 Amina\n", between="\n\n"),
}
CAPITALS = [(who.upper(), words) for who, words in SAID]
MANNER = [*SAID, ("Sam", BUS)]

CASES = [
    *(
        Case(f"labels-{name}.txt", text.encode(), {"manner": MANNER, "capitals": CAPITALS, "long-dashes": CAPITALS}.get(name, SAID))
        for name, text in STYLES.items()
    ),
    Case("one-stamp.txt", f"Amina [00:12:03]:\n{BENCH}\n".encode(), [("Amina", BENCH)]),
    Case("one-announced.txt", f"---\nvoices: Petra\n---\n[10:30] Petra (quietly): {BENCH}\n".encode(), [("Petra", BENCH)]),
    Case("topics.txt", f"- Food: {BENCH}\n- Buses: {BUS}\n".encode(), [(None, f"Food: {BENCH}"), (None, f"Buses: {BUS}")]),
    Case("a-dash.txt", f"NHS - {BENCH}\n\n{BUS}\n\n{CHAIR}\n".encode(), [(None, f"NHS - {BENCH}"), (None, BUS), (None, CHAIR)]),
]  # fmt: skip
