"""Counts that point at nobody: small ones are not shown, others only roughly."""

FEWEST = 10  # smaller counts could point at somebody
STEP = 5


def rounded(number: int) -> int | None:
    """The count to the nearest STEP; None where it is too small to be shown. Nobody at all is 0."""
    if number == 0:
        return 0
    return None if number < FEWEST else STEP * round(number / STEP)


def rough(number: int) -> str:
    """The same in words."""
    found = rounded(number)
    return "none" if number == 0 else f"fewer than {FEWEST}" if found is None else f"about {found:,}"
