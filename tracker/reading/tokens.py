"""Words of a text with their places, and the keys under which differently spelt words are the same."""

# ruff: noqa: RUF001 - letters and marks of other scripts are what this is about

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LONGEST_WORD = 64
"""A longer run of letters is no word that anybody looks for; it keeps its place but has no key."""

# What belongs to a word besides letters and digits: accents, Arabic and Hebrew vowel signs, joiners, direction marks.
_SIGNS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u00ad\u200c-\u200f"
)
_APOSTROPHES = "'’‘ʼʿʾ`´"
_LETTER = f"[^\\W_{_SIGNS}]"
_WORD = re.compile(
    rf"(?:[A-Z]\.){{2,8}}"  # U.S.
    rf"|{_LETTER}[^\W_]*(?:[{_SIGNS}]+[^\W_]*)*"
    # An apostrophe inside a name, the quotation mark of a Hebrew abbreviation.
    rf"(?:(?:[{_APOSTROPHES}]|(?<=[\u05d0-\u05ea])[\"״׳](?=[\u05d0-\u05ea])){_LETTER}[\w{_SIGNS}]*)*"
)
_POSSESSIVE = re.compile(rf"(?<=.)[{_APOSTROPHES}][sS]$")
_DROPPED = re.compile(f'[{_SIGNS}{_APOSTROPHES}\u0640"״׳.]')
_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي"})
_LATIN = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae"})
_SPELLINGS = (("isation", "ization"), ("defence", "defense"), ("centre", "center"), ("programme", "program"))


def listed(words: str) -> frozenset[str]:
    """A set of words written in a row, parted by "|" where there is one, else by spaces."""
    return frozenset(words.split("|") if "|" in words else words.split())


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of ``text``: where each starts and ends (code points), as written, and its key.

    A possessive 's is no part of its word: it lies in the gap after it.
    """

    text: str
    starts: list[int]
    ends: list[int]
    words: list[str]
    keys: list[str]

    def __len__(self) -> int:
        return len(self.starts)

    def gap(self, index: int) -> str:
        """What stands between word ``index`` and the next; "" after the last."""
        if index + 1 >= len(self.starts):
            return ""
        return self.text[self.ends[index] : self.starts[index + 1]]

    def capital(self, index: int) -> bool:
        """Whether the word begins with a capital; False in scripts that have none."""
        return self.words[index][0].isupper()


def tokens(text: str) -> Tokens:
    """All words of a text in order."""
    starts: list[int] = []
    ends: list[int] = []
    words: list[str] = []
    keys: list[str] = []
    for found in _WORD.finditer(text):
        start, end = found.span()
        word = found[0]
        if end - start > 2 and word[-1] in "sS" and (tail := _POSSESSIVE.search(word, len(word) - 2)):
            word = word[: tail.start()]
            end = start + len(word)
        starts.append(start)
        ends.append(end)
        words.append(word)
        keys.append(key(word) if end - start <= LONGEST_WORD else "")
    return Tokens(text, starts, ends, words, keys)


@lru_cache(maxsize=65536)
def key(word: str) -> str:
    """The word without accents, vowel signs, apostrophes, dots and case; American spelling; one form of each alef."""
    if word.isascii():
        folded = _DROPPED.sub("", word).lower()
    else:
        plain = unicodedata.normalize("NFKD", word.translate(_ARABIC))
        plain = "".join(each for each in plain if not unicodedata.combining(each))
        folded = _DROPPED.sub("", plain).casefold().translate(_ARABIC).translate(_LATIN)
    if len(folded) > 5:
        for theirs, ours in _SPELLINGS:
            if theirs in folded:
                folded = folded.replace(theirs, ours)
    return folded


_MEDIUM = (("ph", "f"), ("ck", "k"), ("q", "k"), ("oo", "u"), ("ou", "u"), ("ee", "i"), ("y", "i"))
_TWICE = re.compile(r"([a-z])\1+")


@lru_cache(maxsize=65536)
def medium(folded: str) -> str:
    """The key of a name in another alphabet's spelling: doubled letters, k/q, i/y and u/oo/ou are the same."""
    if not folded.isascii() or len(folded) < 4:
        return folded
    if folded.startswith(("abdul", "abdel", "abdal")) and len(folded) > 6:
        folded = "abd" + folded[5:]
    for theirs, ours in _MEDIUM:
        folded = folded.replace(theirs, ours)
    if len(folded) > 4 and folded[-1] == "h" and folded[-2] in "aeiou":
        folded = folded[:-1]
    short = _TWICE.sub(r"\1", folded)
    return short if len(short) >= 4 else folded


_VOWELS = re.compile(r"[aeiou]+")


def loose(folded: str) -> str:
    """As ``medium``, and one vowel is as good as another: for words next to another one that fits."""
    return _VOWELS.sub("a", medium(folded))


_PAIRS = (("sh", "s"), ("ch", "k"), ("kh", "k"), ("th", "t"), ("dh", "d"), ("gh", "g"), ("ph", "f"), ("ck", "k"))
_SOUNDS = str.maketrans(
    {"q": "k", "c": "k", "j": "g", "p": "f", "b": "f", "x": "k"}
    | dict.fromkeys("aeiouyhwv", None)
    | dict(zip("بتثجخدذرزسشصضطظغفقكلمن", "fttgkddrzssddttgfkklmn", strict=True))
    | dict.fromkeys("اوهيحعء", None)
    | dict(zip("בגדזטכךלמםנןספףצץקרשת", "fgdztkklmmnnsffsskrst", strict=True))
    | dict.fromkeys("אהוחיע", None)
)


@lru_cache(maxsize=65536)
def sounds(folded: str) -> str:
    """The consonants of a name, alike for the Latin, Arabic and Hebrew alphabet: "rd" for Raed, رائد and ראאד."""
    if folded.isascii():
        for two, one in _PAIRS:
            folded = folded.replace(two, one)
    bare = folded.translate(_SOUNDS)
    return _AGAIN.sub(r"\1", bare)


_AGAIN = re.compile(r"(.)\1+")


def script(word: str) -> str:
    """ "arabic", "hebrew" or "" by the word's first letter."""
    first = word[:1]
    if "\u0590" <= first <= "\u05ff":
        return "hebrew"
    if "\u0600" <= first <= "\u06ff" or "\u0750" <= first <= "\u077f":
        return "arabic"
    return ""


_PREFIXES = {"arabic": frozenset("وفبكل"), "hebrew": frozenset("ובלהמשכ")}


def offset(word: str, cut: int) -> int:
    """How many characters of a word as written the first ``cut`` letters of its key take."""
    if not cut:
        return 0
    taken = 0
    for place, letter in enumerate(word):
        if taken == cut:
            return place
        if key(letter):
            taken += 1
    return cut


def without_prefixes(word: str) -> list[int]:
    """Lengths of what Arabic and Hebrew write in front of a name without a space: 0 first, then 1 and more letters.

    The Arabic article may follow the prefixes and is counted with them; "لل" stands for preposition and article.
    """
    kind = script(word)
    if not kind:
        return [0]
    cuts = [0]
    letters = _PREFIXES[kind]
    length = 0
    while length < 3 and len(word) - length > 2 and word[length] in letters:
        length += 1
        cuts.append(length)
    if kind == "arabic":
        cuts += [cut + 2 for cut in tuple(cuts) if word[cut : cut + 2] in ("ال", "لل") and len(word) - cut > 4]
    return cuts
