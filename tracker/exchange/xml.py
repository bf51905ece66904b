"""Text within XML: feeds, and charts as files."""

import re

UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What no XML may contain. Titles copied from printed texts bring such signs along."""


def writable(text: str) -> str:
    return UNWRITABLE.sub("", text)
