"""Text in the one form in which the record and case files compare it."""

import re

from .read import UNREADABLE

BREAKS = re.compile(r"\s*\n\s*")


def prose(text: str) -> str:
    """Without space around it, with Unix line ends. A text made on the site may hold what no file can: it goes."""
    return UNREADABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def line(text: str) -> str:
    """The same on one line."""
    return BREAKS.sub(" ", prose(text))
