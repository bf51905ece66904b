"""Whether two texts are the same report: wire copy under another headline, with other notices, lightly edited."""

import hashlib
from array import array

from tracker.reading.tokens import tokens

SHINGLE = 4
"""Words in a row that are compared."""
HASHES = 64
BANDS = 16
ROWS = HASHES // BANDS
_PRIME = (1 << 31) - 1
MOST_WORDS = 50_000
"""Only so many words of a text are looked at."""


def _constants() -> list[tuple[int, int]]:
    """Multiplier and addend of each hash function: fixed, for signatures are stored."""
    made = []
    for number in range(HASHES):
        digest = hashlib.sha256(f"minhash {number}".encode()).digest()
        made.append((int.from_bytes(digest[:4]) % (_PRIME - 1) + 1, int.from_bytes(digest[4:8]) % _PRIME))
    return made


_CONSTANTS = _constants()


def shingles(text: str) -> set[int]:
    """Hashes (31 bit) of every four words in a row; of all words where there are fewer. Empty without words."""
    words = [each for each in tokens(text).keys if each][:MOST_WORDS]
    if not words:
        return set()
    if len(words) < SHINGLE:
        return {_hash(" ".join(words))}
    return {_hash(" ".join(words[at : at + SHINGLE])) for at in range(len(words) - SHINGLE + 1)}


def _hash(words: str) -> int:
    return int.from_bytes(hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=4).digest()) % _PRIME


def signature(text: str) -> list[int]:
    """64 minhashes of 31 bit; for a text without words all are 0."""
    found = array("q", shingles(text))
    if not found:
        return [0] * HASHES
    return [min([(factor * each + addend) % _PRIME for each in found]) for factor, addend in _CONSTANTS]


def bands(of: list[int]) -> list[int]:
    """16 numbers of 31 bit from a signature: texts that share one of them are worth comparing. None for no words."""
    if len(of) != HASHES or not any(of):
        return []
    return [_hash(f"{at}:" + ",".join(map(str, of[at : at + ROWS]))) for at in range(0, HASHES, ROWS)]


def likeness(one: str, other: str) -> float:
    """0 to 1: the share of four words in a row that both texts have, of all that either has."""
    left, right = shingles(one), shingles(other)
    if not left or not right:
        return 0.0
    return len(left & right) / len(left | right)


def contained(one: str, other: str) -> float:
    """0 to 1: how much of the shorter text is in the longer one; survives long notices around the same report."""
    left, right = shingles(one), shingles(other)
    if not left or not right:
        return 0.0
    return len(left & right) / min(len(left), len(right))
