"""WhatsApp chats as phones export them."""

import io
import zipfile

from tests.capture.files.case import Case

IOS = (
    "[13/03/2026, 10:15:22] Fen Street: \u200eMessages and calls are end-to-end encrypted. Only people in this chat can read them.\n"
    "[13/03/2026, 10:15:22] \u200eAmina added you\n"
    "[13/03/2026, 10:16:01] Amina: I would like a bench.\n"
    "By the bus stop: for my knees.\n"
    "\u200e[13/03/2026, 10:17:40] ~\u202fJoe: \u200eimage omitted\n"
    "[13/03/2026, 10:18:02] ~\u202fJoe: The last bus is at 18:50 \u200e<This message was edited>\n"
    "\u200e[13/03/2026, 10:19:11] Amina: \u200e<attached: 00000012-AUDIO-2026-03-13-10-19-11.opus>\n"
    "[13/03/2026, 10:20:00] Amina: \u200eThis message was deleted.\n"
    "[14/03/2026, 09:00:00] +44 7700 900123: Good morning to you all\n"
)
IOS_SAID = [
    ("Amina", "I would like a bench.\nBy the bus stop: for my knees."), ("Joe", "The last bus is at 18:50"),
    ("person 1", "Good morning to you all"),
]  # fmt: skip
ANDROID = """05/03/2026, 10:15 - Messages and calls are end-to-end encrypted. No one outside of this chat can read them.
05/03/2026, 10:15 - Amina created group "Fen: Street"
05/03/2026, 10:16 - Amina: A bench, please
05/03/2026, 10:17 - Joe: <Media omitted>
13/03/2026, 10:18 - Joe: IMG-20260313-WA0001.jpg (file attached)
That is the stop
13/03/2026, 10:19 - Joe: PTT-20260313-WA0002.opus (file attached)
13/03/2026, 10:20 - Amina: This message was deleted
13/03/2026, 10:21 - Amina: Meet at 5: the hall - bring tea
"""
ANDROID_SAID = [
    ("Amina", "A bench, please"), ("Joe", "That is the stop"), ("Amina", "Meet at 5: the hall - bring tea"),
]  # fmt: skip


def chat(*stamps, words=("A bench, please", "And a bus")):
    """A chat of two messages after these stamps."""
    return "".join(f"{stamp}{who}: {text}\n" for stamp, who, text in zip(stamps, ("Amina", "Joe"), words, strict=True))


def packed(name, text, **files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr(name, text)
        for file, content in files.items():
            target.writestr(file.replace("__", "-").replace("_dot_", "."), content)
    return out.getvalue()


TWO = [("Amina", "A bench, please"), ("Joe", "And a bus")]
STYLES = {
    "us-12-hours": (chat("3/13/26, 10:15 AM - ", "3/13/26, 10:16 PM - "), (2026, 3, 13, 22, 16)),
    "narrow-space": (chat("3/13/26, 10:15\u202fAM - ", "3/13/26, 10:16\u202fPM - "), (2026, 3, 13, 22, 16)),
    "ios-us": (chat("[3/13/26, 12:15:02\u202fAM] ", "[3/13/26, 12:16:02\u202fPM] "), (2026, 3, 13, 12, 16, 2)),
    "german-dots": (chat("05.03.26, 10:15 - ", "05.03.26, 10:16 - "), (2026, 3, 5, 10, 16)),
    "ios-german": (chat("[05.03.26, 10:15:00] ", "[05.03.26, 10:16:01] "), (2026, 3, 5, 10, 16, 1)),
    "french": (chat("13/03/2026 à 10:15 - ", "13/03/2026 à 10:16 - "), (2026, 3, 13, 10, 16)),
    "spanish": (chat("13/3/26 10:15 p. m. - ", "13/3/26 10:16 p. m. - "), (2026, 3, 13, 22, 16)),
    "swedish": (chat("2026-03-05 10:15 - ", "2026-03-05 10:16 - "), (2026, 3, 5, 10, 16)),
    "ios-year-first": (chat("[2026/03/05, 10:15:22] ", "[2026/03/05, 10:16:22] "), (2026, 3, 5, 10, 16, 22)),
    "dutch": (chat("13-03-2026 10:15 - ", "13-03-2026 10:16 - "), (2026, 3, 13, 10, 16)),
    "finnish": (chat("13.3.2026 klo 10.15 - ", "13.3.2026 klo 10.16 - "), (2026, 3, 13, 10, 16)),
    "chinese": (chat("2026/3/5 上午10:15 - ", "2026/3/5 下午10:16 - "), (2026, 3, 5, 22, 16)),
    "arabic": (chat("١٣/٣/٢٠٢٦، ١٠:١٥ ص - ", "١٣/٣/٢٠٢٦، ١٠:١٦ م - "), (2026, 3, 13, 22, 16)),
    "by-order-of-days": (chat("05/03/2026, 10:15 - ", "04/04/2026, 10:16 - "), (2026, 4, 4, 10, 16)),
}
CANNOT_TELL = "can be read in two ways"

CASES = [
    Case("ios.txt", IOS.encode(), IOS_SAID, ["1 picture or other file", "called person 1"]),
    Case("ios-windows.txt", IOS.replace("\n", "\r\n").encode(), [
        (who, words.replace("\n", "\r\n")) for who, words in IOS_SAID
    ], ["1 picture or other file", "called person 1"]),
    Case("android.txt", ANDROID.encode(), ANDROID_SAID, ["2 pictures or other files"]),
    Case("WhatsApp Chat - Fen Street.zip", packed("_chat.txt", IOS), IOS_SAID, ["1 picture or other file", "called person 1"]),
    Case("android.zip", packed("WhatsApp Chat with Joe.txt", ANDROID), ANDROID_SAID, ["2 pictures or other files"]),
    Case("either-way.txt", chat("05/03/2026, 10:15 - ", "05/03/2026, 10:16 - ").encode(), TWO, [CANNOT_TELL]),
    *(Case(f"{name}.txt", text.encode(), TWO) for name, (text, _) in STYLES.items()),
]  # fmt: skip
