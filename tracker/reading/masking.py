"""Replacing the names of sides by letters, so that the same act can be judged without knowing whose it is."""

import re
from collections.abc import Iterable, Sequence

from .names import Known, find, lexicon
from .tokens import tokens

_ACRONYM = re.compile(r"[A-Z0-9.&-]{1,6}")


class Mask:
    """Takes the names of ``parties``, each with the words to put in its place, out of any text.

    Names are found the way they are found in articles (other spellings, adjectives, surnames), and besides wherever
    they stand letter by letter. It errs on the side of hiding too much.
    """

    def __init__(self, parties: Iterable[tuple[Known, str]]) -> None:
        everyone = list(parties)
        self.labels = {known.id: label for known, label in everyone}
        self.book = lexicon(known for known, _ in everyone)
        written: dict[str, str] = {}
        for known, label in everyone:
            for name in (known.name, *known.aliases):
                if name.strip():
                    written.setdefault(name.strip(), label)
        self.written = {_folded(name): label for name, label in written.items()}
        longest = sorted(written, key=len, reverse=True)
        # Names of several words first, or the shorter names inside them would be all that is hidden of them.
        self.patterns = [_any_of([name for name in longest if " " in name]), _any_of(longest)]

    def hide(self, text: str) -> str:
        """The text without the names."""
        if not text or not self.labels:
            return text
        whole, every = self.patterns
        text = whole.sub(self._label, text)
        words = tokens(text)
        # Read as a headline: there a name counts wherever it stands, also before other words with capitals.
        found = [one for one in find(words, self.book, [0] * len(words), [True]) if one.ref in self.labels]
        for one in reversed(found):
            text = f"{text[: one.start]}{self.labels[one.ref]}{text[one.end :]}"
        return every.sub(self._label, text)

    def _label(self, match: re.Match[str]) -> str:
        return self.written[_folded(match[0])]


def _any_of(names: Sequence[str]) -> re.Pattern[str]:
    """A pattern for any of the names; without names, one that matches nothing."""
    return re.compile("|".join(map(_as_written, names)) or r"(?!)")


def _as_written(name: str) -> str:
    """A pattern for the name as a word of its own. "US" is no "us"; Arabic and Hebrew hang small words in front."""
    words = r"\s+".join(map(re.escape, name.split()))
    exact = words if _ACRONYM.fullmatch(name) else f"(?i:{words})"
    before = r"(?<!\w)" if name[0].isascii() else ""
    return f"{before}{exact}(?!\\w)"


def _folded(name: str) -> str:
    return " ".join(name.split()) if _ACRONYM.fullmatch(name) else " ".join(name.split()).casefold()
