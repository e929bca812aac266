"""When something is to happen, as far as is known: words <-> window. No Django here, and nothing of the land.

`window` holds the thing itself, `reading` makes one of words, `speaking` makes words of one, `days` does the
same for single days that are known only to their month or year.
"""

from parks.windows.days import UnreadableDay, iso_day, read_iso_day, speak_day
from parks.windows.reading import UnreadableWindow, read
from parks.windows.speaking import speak
from parks.windows.window import Precision, Window, WindowError, from_limits, narrows, overlaps, slip_days

__all__ = [
    "Precision",
    "UnreadableDay",
    "UnreadableWindow",
    "Window",
    "WindowError",
    "from_limits",
    "iso_day",
    "narrows",
    "overlaps",
    "read",
    "read_iso_day",
    "slip_days",
    "speak",
    "speak_day",
]
