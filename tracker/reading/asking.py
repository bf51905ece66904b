"""What somebody types into a search box, taken apart: words, "phrases", -exclusions, alternatives with OR, prefixes*.

Nothing typed is an error. What cannot be understood as an operator counts as a word, and a word without letters or
digits counts for nothing.
"""

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 400
"""The most characters that a question may have."""

MOST_TERMS = 30
"""The most words and phrases that a question may have."""

SHORTEST_PREFIX = 2

ASCII_SIGNS = "".join(chr(code) for code in range(0x21, 0x7F) if not chr(code).isalnum())
LATIN_SIGNS = "\u00a0\u00a1\u00ab\u00b7\u00bb\u00bf"
QUOTES_AND_DASHES = "\u2010\u2011\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e\u2022\u2026\u2032\u2033\u2212"
HEBREW_SIGNS = "\u05be\u05f3\u05f4"
ARABIC_SIGNS = "\u060c\u061b\u061f"
APART = ASCII_SIGNS + LATIN_SIGNS + QUOTES_AND_DASHES + HEBREW_SIGNS + ARABIC_SIGNS
"""Signs that set words apart, in the scripts that the record is written in."""

LEFT_OUT = (
    (0x00AD, 0x00AD),  # soft hyphen
    (0x0300, 0x036F),  # accents that follow their letter
    (0x0591, 0x05BD),  # Hebrew points
    (0x05BF, 0x05C7),
    (0x0640, 0x0640),  # Arabic stretching
    (0x064B, 0x0655),  # Arabic vowel signs, and those upon alef
    (0x0670, 0x0670),
    (0x200B, 0x200F),  # joiners and marks of direction
    (0x202A, 0x202E),
    (0x2066, 0x2069),
    (0xFEFF, 0xFEFF),
)
"""Signs from and to that are left out, of letters taken apart: two spellings that differ only in them are one."""

APART_PATTERN = "[" + "".join(f"\\u{ord(sign):04x}" for sign in APART) + "]+"
LEFT_OUT_PATTERN = "[" + "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in LEFT_OUT) + "]+"
LETTERS_LIKE = {"\u0671": "\u0627"} | dict(zip("ßøØđĐłŁ\u0131", "soOdDlLi", strict=True))
"""Letters without a sign to leave out, and how they are written plainly. These three are read by the database too: its
function ``tracker_plain``, made by a migration, has to do what ``plain`` does."""

SIGNS = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffd\ufffe\uffff\ud800-\udfff]")
QUOTES = '"“”„'
MINUS = "\u2212\u2013-"
TOKEN = re.compile(rf"(?P<minus>[{MINUS}])?(?:[{QUOTES}](?P<phrase>[^{QUOTES}]*)[{QUOTES}](?=\s|$)|(?P<word>\S+))")
LETTERS = re.compile(r"[^\W_]+")
WORDS = re.compile(rf"[^\W_](?:\w|{LEFT_OUT_PATTERN})*")
APART_SIGNS, LEFT_OUT_SIGNS = re.compile(APART_PATTERN), re.compile(LEFT_OUT_PATTERN)
LIKE = str.maketrans(LETTERS_LIKE)


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase; with ``prefix``, anything that begins like it."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: of each of ``groups`` one term at least, and none of ``excluded``."""

    groups: tuple[tuple[Term, ...], ...] = ()
    excluded: tuple[Term, ...] = ()

    @property
    def terms(self) -> list[Term]:
        return [term for group in self.groups for term in group] + list(self.excluded)


def cleaned(text: str) -> str:
    """The text without signs that cannot be stored or seen, and without space around it."""
    return SIGNS.sub(" ", text).strip()


def plain(text: str) -> str:
    """The text with nothing but words and spaces, letters without accents and vowel signs."""
    apart = unicodedata.normalize("NFD", text)
    return APART_SIGNS.sub(" ", LEFT_OUT_SIGNS.sub("", apart)).translate(LIKE)


def asked(text: str) -> Asked:
    groups: list[list[Term]] = []
    excluded: list[Term] = []
    joined = False
    for token in TOKEN.finditer(cleaned(text)):
        if token["word"] in ("OR", "|") and not token["minus"]:
            joined = bool(groups)
            continue
        term = _term(token["word"] if token["phrase"] is None else token["phrase"])
        if term is None:
            continue
        if token["minus"]:
            excluded.append(term)
        elif joined:
            groups[-1].append(term)
        else:
            groups.append([term])
        joined = False
    alternatives = [tuple(dict.fromkeys(group)) for group in groups]
    return Asked(tuple(dict.fromkeys(alternatives)), tuple(dict.fromkeys(excluded)))


def _term(text: str) -> Term | None:
    """The term, or None where there is nothing to look for."""
    words = LETTERS.findall(plain(text))
    if not words:
        return None
    prefix = text.rstrip(QUOTES + ",.;:!?").endswith("*") and len(words[-1]) >= SHORTEST_PREFIX
    return Term(" ".join(words), prefix)
