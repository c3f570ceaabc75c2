"""Programs that work for long take the processor only when those who read pages leave it."""

from __future__ import annotations

import os
import sys

LOWER = 5  # of 19: readers go first, and yet a turn at the database, for which they may wait, does not drag on


def give_way() -> None:
    """From now on, let every other program go first. On an idle machine this costs nothing."""
    if sys.platform == "win32":
        import ctypes

        below_normal = 0x4000
        kernel = ctypes.windll.kernel32
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        kernel.SetPriorityClass.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), below_normal)
    else:
        os.nice(max(0, LOWER - os.nice(0)))
