"""Phrases that speak of an obligation, and which obligation they most likely mean."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from tracker.codebook import Category
from tracker.reading import vocabulary as spoken
from tracker.reading.tokens import Tokens, key, listed, offset, script, tokens, without_prefixes


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation to look for; ``obligors`` and ``beneficiaries`` are ids of known actors, ``terms`` more words."""

    id: str
    title: str
    category: str
    obligors: tuple[str, ...] = ()
    beneficiaries: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase in the text, from word ``first`` to word ``last``, and the obligation it most likely means."""

    start: int
    end: int
    first: int
    last: int
    ref: str


_MEANINGS = """
    transitional interim caretaker provisional ;
    dead deceased slain body bodies remains corpse corpses coffin coffins killed جثه جثث جثامين جثمان رفات גופת
    גופתו גופתה גופות ;
    living alive survivors ;
    hostage hostages captive captives abductees abductee الرهائن رهائن חטופים החטופים חטוף ;
    weapon weapons arms arsenal gun guns weaponry disarm disarmed disarmament demilitarisation demilitarization
    decommission سلاح السلاح נשק הנשק נשקו ;
    withdraw withdraws withdrawal withdrew withdrawn pull pulls pulled pullback pullout انسحاب الانسحاب נסיגה
    נסיגת לסגת ;
    further second next additional stage stages staged phase كامل المرحله שלב ;
    rebuild rebuilt rebuilds rebuilding reconstruction reconstruct ;
    aid assistance relief supplies goods cargo medicine medicines المساعدات مساعدات الادويه סיוע הסיוע ;
    truck trucks convoy convoys truckloads lorries شاحنات الشاحنات משאיות ;
    strike strikes airstrike airstrikes bombardment bombing shelling operations ;
    committee technocratic technocrats technocrat independents تكنوقراط لجنه ועדת טכנוקרטים ;
    prisoner prisoners detainee detainees detained inmates ;
    release releases released releasing free freed frees ;
    govern governs governing governance government rule power administration ;
    force forces troops peacekeepers soldiers قوه قوات כוח ;
    factions faction militants fighters ;
    displaced displacement displace leave emigration ;
    statehood state self-determination ;
    line خط الخط קו ;
"""
_SAME = {word: group.split()[0] for group in _MEANINGS.split(";") for word in group.split()}
"""Words that mean the same to an obligation's title."""

_SMALL = listed(
    "a an and are as at be been by for from has have in into is it its more not of on or other so that the "
    "their them they this to was were which who will with all every about each no one any under over up out"
)
_NEAR = 12
"""An actor within so many words of the phrase is taken to be spoken of with it."""
MOST = 20_000


# Patterns


@dataclass(frozen=True, slots=True)
class _Item:
    exact: frozenset[str]
    stems: tuple[str, ...]
    gap: int = 0
    """So many words of any kind may stand here."""
    optional: bool = False

    def fits(self, folded: str) -> bool:
        return folded in self.exact or (bool(self.stems) and folded.startswith(self.stems))


@dataclass(slots=True)
class Vocabulary:
    """The phrases to look for, by the first letters of the word they begin with."""

    duties: tuple[Duty, ...]
    heads: dict[str, list[tuple[tuple[_Item, ...], str]]] = field(default_factory=lambda: defaultdict(list))
    stems: dict[str, frozenset[str]] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)
    by_category: dict[str, list[Duty]] = field(default_factory=lambda: defaultdict(list))
    things: dict[str, frozenset[str]] = field(default_factory=dict)


_HEAD = 3
_FEW = 3
_REACH = 6
"""How many words may stand between an act and the thing it is done to."""
_BEFORE = 12
"""How far before an act its thing may stand."""
_APART = listed(
    "to in by at from for with on as after before while who that which when where if than because said says"
)
"""Words that end the reach of an act."""


def vocabulary(duties: Iterable[Duty], names: Iterable[str] = ()) -> Vocabulary:
    """The phrases for these obligations: their categories' words, their own terms and the phrases of their titles.

    ``names`` are names of actors: a title's word that is one is no phrase by itself.
    """
    book = Vocabulary(tuple(duties))
    actors = {each for name in names for each in tokens(name).keys}
    for duty in book.duties:
        book.by_category[duty.category].append(duty)
        book.stems[duty.id] = frozenset(_meaning(" ".join((duty.title, *duty.terms))))
    for stems in book.stems.values():
        for each in stems:
            book.weights[each] = book.weights.get(each, 0.0) + 1
    book.weights = {each: 1 / count for each, count in book.weights.items()}
    for category, duties_of_it in book.by_category.items():
        own = frozenset().union(*(book.stems[each.id] for each in duties_of_it))
        for items, owner, weak in _compiled(category):
            if not weak or any(stem(each) in own for each in items[0].exact):
                _put(book, items, owner)
        book.things[category] = _things(category)
    for items in _negative():
        _put(book, items, "not:")
    for duty in book.duties:
        phrases = () if duty.category == Category.HOSTILITIES else _title_phrases(duty.title, actors)
        for phrase in (*duty.terms, *phrases):
            items = tuple(_Item(frozenset((each,)), ()) for each in tokens(phrase).keys if each)
            if items:
                _put(book, items, f"duty:{duty.id}")
    return book


def _put(book: Vocabulary, items: tuple[_Item, ...], owner: str) -> None:
    first = items[0]
    starts = {word[:_HEAD] for word in first.exact} | {stem[:_HEAD] for stem in first.stems}
    if first.optional and len(items) > 1:
        starts |= {word[:_HEAD] for word in items[1].exact} | {stem[:_HEAD] for stem in items[1].stems}
    for head in starts:
        book.heads[head].append((items, owner))


type _Pattern = tuple[tuple[_Item, ...], str, bool]


@lru_cache(maxsize=64)
def _compiled(category: str) -> tuple[_Pattern, ...]:
    """The category's expressions with their owner, and whether each counts only if an obligation uses its word."""
    words = spoken.TABLE.get(category)
    if words is None:
        return ()
    made: list[_Pattern] = [(items, f"category:{category}", False) for items in _expressions(words.phrases)]
    made += [(items, f"category:{category}", True) for items in _expressions(words.weak)]
    things = _things(category)
    for line in _lines(words.acts):
        act = _items(line.rstrip("+").split())
        made.append(((*act, _Item(frozenset(), (), gap=_REACH), _Item(things, ())), f"category:{category}", False))
        if not line.endswith("+"):
            made.append((act, f"act:{category}", False))
    return tuple(made)


@lru_cache(maxsize=64)
def _things(category: str) -> frozenset[str]:
    words = spoken.TABLE.get(category)
    return frozenset(key(each) for each in words.things.split()) if words else frozenset()


@lru_cache(maxsize=1)
def _negative() -> tuple[tuple[_Item, ...], ...]:
    return _expressions(spoken.NOT)


def _lines(table: str) -> list[str]:
    return [line.strip() for line in table.replace("\n", ";").split(";") if line.strip()]


def _expressions(table: str) -> tuple[tuple[_Item, ...], ...]:
    return tuple(_items(line.split()) for line in _lines(table))


def _items(words: list[str]) -> tuple[_Item, ...]:
    made: list[_Item] = []
    for word in words:
        if word == "_":
            made.append(_Item(frozenset(), (), gap=_FEW))
            continue
        optional = word.startswith("(") and word.endswith(")")
        options = [
            key(each) if not each.endswith("*") else key(each[:-1]) + "*" for each in word.strip("()").split("|")
        ]
        exact: set[str] = set()
        stems: list[str] = []
        for each in options:
            if each.endswith("*"):
                stems.append(each[:-1])
            else:
                exact.add(each)
        made.append(_Item(frozenset(exact), tuple(stems), optional=optional))
    return tuple(made)


def _title_phrases(title: str, actors: set[str]) -> list[str]:
    """Two or more telling words in a row, without capitals: "military infrastructure", "yellow line"."""
    phrases: list[str] = []
    run: list[str] = []
    words = tokens(title)
    for index, folded in enumerate(words.keys):
        telling = (
            folded.isalpha()
            and len(folded) > 2
            and folded not in _SMALL
            and folded not in _VERBS
            and folded not in actors
            and not words.capital(index)
        )
        joined = bool(run) and words.gap(index - 1).strip() == ""
        if telling and (joined or not run):
            run.append(folded)
            continue
        if len(run) >= 2:
            phrases.append(" ".join(run))
        run = [folded] if telling else []
    if len(run) >= 2:
        phrases.append(" ".join(run))
    return [phrase for phrase in phrases if len(phrase.split()) <= 4]


_VERBS = listed(
    "both six twelve hours months days directions people every local two keys lets let opens open gives give takes "
    "take holds "
    "hold release returns return moves move suspends suspend pulls pull withdraws withdraw deploys deploy monitors "
    "monitor "
    "coordinates coordinate keeps keep stays stay sets set gets get goes leaves leave trained repaired destroyed "
    "returned "
    "released rebuilt needed forced forward back further tied detained including frozen exchanged reopen runs pays "
    "looks "
    "governs patrols assemble cease settles since until long"
)
"""Words that end a title's phrase: what is left names a thing."""


def _meaning(text: str) -> set[str]:
    return {stem(each) for each in tokens(text).keys if each and each not in _SMALL and len(each) > 2}


@lru_cache(maxsize=65536)
def stem(folded: str) -> str:
    """A word's plain form: what it means the same as, else without its ending."""
    if folded in _SAME:
        return _SAME[folded]
    if not folded.isascii():
        return next((_SAME[folded[cut:]] for cut in without_prefixes(folded) if folded[cut:] in _SAME), folded)
    if len(folded) < 5:
        return folded[:-1] if len(folded) == 4 and folded.endswith("s") else folded
    for ending in ("ations", "ation", "ings", "ing", "ies", "ied", "ed", "es", "s"):
        if folded.endswith(ending) and len(folded) - len(ending) >= 4:
            bare = folded[: -len(ending)]
            return _SAME.get(bare, bare)
    return folded


# Reading a text


def find(words: Tokens, sentence: Sequence[int], book: Vocabulary, actors: Sequence[str | None]) -> list[Phrase]:
    """All phrases in order, not overlapping, the longest first. ``actors`` names the known actor of each word."""
    found: list[Phrase] = []
    index = 0
    size = len(words)
    while index < size and len(found) < MOST:
        last, owners, cut = _longest(words, sentence, book, index)
        if last is None:
            index += 1
            continue
        first, start = index, words.starts[index] + offset(words.words[index], cut)
        ref = _best(words, sentence, book, actors, first, last, owners)
        if not ref:
            index = last + 1 if "not:" in owners else index + 1
            continue
        found.append(Phrase(start, words.ends[last], first, last, ref))
        index = last + 1
    return found


def _longest(words: Tokens, sentence: Sequence[int], book: Vocabulary, index: int) -> tuple[int | None, set[str], int]:
    """The last word of the longest phrase that begins at the word, whose it is, and how long its prefix is."""
    folded = words.keys[index]
    best: int | None = None
    owners: set[str] = set()
    outside = 0
    if not folded:
        return best, owners, outside
    for cut in without_prefixes(folded) if script(folded) else (0,):
        head = folded[cut:]
        for items, owner in book.heads.get(head[:_HEAD], ()):
            last = _match(words, sentence, items, index, head)
            if last is None or (best is not None and last < best):
                continue
            if owner.startswith("act:") and not _thing_before(words, sentence, book.things[owner[4:]], index):
                continue
            if best is None or last > best:
                best, owners, outside = last, {owner}, cut - _article(folded, cut)
            elif last == best:
                owners.add(owner)
    return best, owners, outside


def _article(folded: str, cut: int) -> int:
    """How much of an Arabic prefix is the article, which stays with its word."""
    return {"ال": 2, "لل": 1}.get(folded[cut - 2 : cut], 0) if cut >= 2 else 0


def _thing_before(words: Tokens, sentence: Sequence[int], things: frozenset[str], index: int) -> bool:
    at = index - 1
    while at >= 0 and index - at <= _BEFORE and sentence[at] == sentence[index]:
        if words.keys[at] in things:
            return True
        if any(mark in words.gap(at) for mark in ";:"):
            return False
        at -= 1
    return False


def _match(words: Tokens, sentence: Sequence[int], items: tuple[_Item, ...], index: int, head: str) -> int | None:
    """The last word of the phrase if it begins at the word."""
    first = items[0]
    at = index
    rest = items[1:]
    if not first.fits(head):
        if not (first.optional and rest and rest[0].fits(head)):
            return None
        rest = rest[1:]
    skip = 0
    for item in rest:
        if item.gap:
            skip = item.gap
            continue
        place = at + 1
        limit = min(len(words), at + 2 + skip)
        while place < limit and sentence[place] == sentence[index]:
            gap = words.gap(place - 1)
            if any(mark in gap for mark in ".;:!?()") or (skip and "," in gap and gap != ","):
                place = limit
                break
            if item.fits(words.keys[place]):
                break
            if skip == _REACH and words.keys[place] in _APART:
                place = limit
                break
            place += 1
        if place >= limit or sentence[place] != sentence[index]:
            if item.optional:
                continue
            return None
        at = place
        skip = 0
    return _more(words, sentence, rest[-1], at) if len(rest) > 1 and rest[-2].gap == _REACH else at


def _more(words: Tokens, sentence: Sequence[int], things: _Item, last: int) -> int:
    """The last word of the things acted on: "the Rafah crossing", "the body of a hostage"."""
    at = last
    while at + 1 < len(words) and sentence[at + 1] == sentence[last] and words.gap(at) == " ":
        if things.fits(words.keys[at + 1]):
            at += 1
            continue
        if words.keys[at + 1] not in ("of", "and"):
            break
        ahead = next(
            (place for place in range(at + 2, min(at + 5, len(words))) if things.fits(words.keys[place])), None
        )
        if (
            ahead is None
            or sentence[ahead] != sentence[last]
            or any(words.gap(each) != " " for each in range(at, ahead))
        ):
            break
        at = ahead
    return at


def _best(
    words: Tokens,
    sentence: Sequence[int],
    book: Vocabulary,
    actors: Sequence[str | None],
    first: int,
    last: int,
    owners: set[str],
) -> str:
    """The obligation that the phrase most likely means, by its own words, those around it, and the actors nearby."""
    if "not:" in owners:
        return ""
    categories = {owner.partition(":")[2] for owner in owners if owner.startswith(("category:", "act:"))}
    own = {owner[5:] for owner in owners if owner.startswith("duty:")}
    candidates = [duty for duty in book.duties if duty.id in own or duty.category in categories]
    if len(candidates) <= 1:
        return candidates[0].id if candidates else ""
    begin, end = first, last
    while begin > 0 and first - begin < 40 and sentence[begin - 1] == sentence[first]:
        begin -= 1
    while end + 1 < len(words) and end - last < 40 and sentence[end + 1] == sentence[first]:
        end += 1
    inside = {stem(words.keys[each]) for each in range(first, last + 1)}
    near = {stem(words.keys[each]) for each in range(max(begin, first - 6), min(end, last + 6) + 1)} - inside
    around = {stem(words.keys[each]) for each in range(begin, end + 1)} - inside - near
    who = {actors[each] for each in range(max(begin, first - _NEAR), min(end, last + _NEAR) + 1)} - {None}
    everybody = {actors[each] for each in range(begin, end + 1)} - {None}
    before = next((actors[each] for each in range(first - 1, begin - 1, -1) if actors[each] is not None), None)
    complains = before is not None and _complains(words, actors, begin, first, inside)
    best, best_score = candidates[0], -9.0
    for duty in candidates:
        stems = book.stems[duty.id]
        score = 2.0 if duty.id in own else 0.0
        score += sum(5 * book.weights.get(each, 0) for each in inside & stems)
        score += sum(book.weights.get(each, 0) for each in near & stems)
        score += sum(0.5 * book.weights.get(each, 0) for each in around & stems)
        score += (-5.0 if complains else 5.0) * (before in duty.obligors) + 0.7 * bool(who & set(duty.obligors))
        score += 0.2 * bool(everybody & set(duty.obligors)) + 0.2 * bool(who & set(duty.beneficiaries))
        if score > best_score + 1e-9:
            best, best_score = duty, score
    return best.id


_BREACH = frozenset(("violation", "violations", "violat", "breach", "violated", "violating", "violate", "violates"))
_COMPLAINS = listed(
    "accused accuses accusing condemned condemns said says alleged alleges reported reports counted documented called "
    "denounced slammed complained recorded"
)


def _complains(words: Tokens, actors: Sequence[str | None], begin: int, first: int, inside: set[str]) -> bool:
    """Whether the actor before a word for breaches speaks of somebody else's: Hamas condemned a breach."""
    if not inside & _BREACH:
        return False
    at = first - 1
    while at >= begin and actors[at] is None:
        if words.keys[at] in _COMPLAINS:
            return True
        at -= 1
    return False
