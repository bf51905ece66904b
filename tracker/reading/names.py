"""Finding actors: known ones under all the ways in which their names are written, and names that nobody knows yet."""

# ruff: noqa: RUF001 - letters and marks of other scripts are what this is about

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tracker.codebook import ActorKind
from tracker.reading.gazetteer import ELSEWHERE, PLACES, STATES, State
from tracker.reading.tokens import Tokens, key, listed, loose, medium, script, tokens, without_prefixes


@dataclass(frozen=True, slots=True)
class Known:
    """An actor to look for; ``kind`` is the value of an ``ActorKind``."""

    id: str
    name: str
    aliases: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Found:
    """A name in the text, from word ``first`` to word ``last``; ``ref`` "" when nobody known bears it."""

    start: int
    end: int
    first: int
    last: int
    ref: str
    lowered: bool = False
    """Whether it is written without any capital: rather a description than a name."""


# Words around names

TITLES = listed(
    "prime minister ministers president vice secretary general foreign defense interior finance health sheikh "
    "sheik king prince princess crown emir sultan ayatollah gen maj major lt lieutenant col colonel brig "
    "brigadier capt captain sgt sergeant master staff first class cpl corporal pvt private adm admiral cmdr "
    "commander chief spokesman spokesperson spokeswoman envoy ambassador senator sen rep congressman "
    "congresswoman dr mr mrs ms prof professor rabbi imam pope special deputy leader head director adviser "
    "advisor mk mp pm fm premier chancellor representative high commissioner coordinator mayor governor gov "
    "judge justice chairman chairwoman chair engineer haj hajj mullah lord lady dame sir saint st police "
    "officer undersecretary national security former retired warrant rtd"
)
_OPENERS = listed(
    "the a an in on at it he she they we i you but and or nor so yet for this that these those there here his "
    "her their its our my your after before when while as if from by with without however meanwhile since "
    "under both all some many much more most no not none one two three four five six seven eight nine ten "
    "what who whom whose how why where then now still even also according earlier later last next once only "
    "other another each every either neither such though although because until unless despite during "
    "following amid among against about above across along around behind below beneath beside besides between "
    "beyond down inside into like near of off onto out over past per through throughout to toward towards up "
    "upon via within does do did is are was were has have had will would can could should may might must "
    "shall let see read asked speaking citing quoting separately moreover furthermore additionally instead "
    "indeed thus hence therefore otherwise nevertheless nonetheless today yesterday tomorrow tonight recently "
    "previously currently finally first second third say says said thousands hundreds dozens several few any "
    "anyone everyone nobody nothing something people critics officials sources witnesses residents reports "
    "report analysts experts mediators families relatives former senior top new old pro anti non ex did dear "
    "yes well given perhaps maybe whether nearly almost about roughly just further again ever never always "
    "often sometimes"
)
"""Words that begin a sentence with a capital and are no part of a name."""

_ALLOWED_BEFORE_OF = TITLES | listed(
    "state republic kingdom government emirate sultanate people north south east west ally allies friend side "
    "parliament army ministry affairs foes enemies part parts"
)
_PUBLIC = TITLES | listed(
    "government army military cabinet parliament embassy consulate mission delegation administration "
    "officials official troops forces soldiers intelligence ministry war plan peace ceasefire truce deal"
)
"""What may follow a state's name with a capital without making it the name of something else."""

_LONGER_NAMES = listed(
    "university airlines airways air broadcasting television tv radio post bank journal news times idol red "
    "football soccer association hospital school museum college enterprise jewish friends press party league "
    "cup theater opera orchestra ballet book muslim arab academy express daily gazette chamber society "
    "federation council committee institute foundation center congress union club business civil medical "
    "riviera"
)
"""What follows "American" or "Israeli" in the name of something that is not the state."""

_AFTER_PERSON = listed("administration government cabinet plan peace doctrine family team deal era national")
_DAYS_AND_MONTHS = listed(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july "
    "august september october november december jan feb mar apr jun jul aug sep sept oct nov dec"
)
_SPEAKS = listed(
    "said says say has had have wants want wanted would will insists insisted believes hopes told warned "
    "accused accuses rejected rejects called calls announced backs backed demands demanded denied denies "
    "agreed agrees refused refuses condemned supports supported proposed offered threatened confirmed urged "
    "pressed sees seeks sought expects plans considers did does could may might should vowed views pushed "
    "pushes argues argued maintains maintained"
)
_DIRECTIONS = listed("north south east west northern southern eastern western central")
_CONNECTORS = listed("of for the and bin ibn ben al el de del van von der den da du la le abu on in")
_BODY = listed(
    "ministry office committee commission council organization organisation association agency authority "
    "board bureau department institute center foundation union league fund party movement front brigade "
    "brigades army forces force service services court parliament university group network program mission "
    "federation alliance coalition corporation society syndicate watch international council assembly command "
    "division battalion directorate"
)
_PLACE_WORDS = listed(
    "city street road square camp crossing strip bank valley airport hospital sea river mountain mount island "
    "corridor district neighborhood province governorate county beach hotel line gulf peninsula heights house "
    "school mosque church university border junction tower stadium park hall hills bay coast zone checkpoint "
    "axis village town"
)
_NOT_A_NAME = listed(
    "ceasefire truce agreement deal plan phase resolution conflict war point peace story stories times day "
    "week news report holocaust hanukkah ramadan passover christmas easter eid yom kippur sabbath islam "
    "judaism christianity english arabic hebrew god bible quran torah"
)
_GIVEN = {
    "binyamin": "benjamin", "biniamin": "benjamin", "bill": "william", "joe": "joseph", "mike": "michael", "bob": "robert",
    "tony": "anthony", "jim": "james", "mohd": "mohamed", "muhammad": "mohammed", "mohamed": "mohammed", "mohamad": "mohammed",
    "ezzedine": "izz", "ezzeddin": "izz", "izzedine": "izz", "izzeddin": "izz", "yousef": "youssef", "yusuf": "youssef", "yousuf": "youssef",
}  # fmt: skip
"""Given names that stand for one another, folded."""

_SIDE_NOTE = re.compile(r"\s*\([^)]*\)|,.*$", re.DOTALL)
_JOINED = re.compile(r"[ \t\u00a0]*\n?[ \t\u00a0]*|[-\u2010-\u2013]|['’][sS]? ?")
_INITIAL = re.compile(r"\. ?")
MOST_NAMES = 20_000
"""So many names that nobody knows are enough to offer from one text."""


def joined(gap: str) -> bool:
    """Whether two words with this between them may belong to one name."""
    return gap == " " or (len(gap) <= 4 and _JOINED.fullmatch(gap) is not None)


# The forms of known names


@dataclass(frozen=True, slots=True)
class _Form:
    keys: tuple[str, ...]
    ref: str
    exact: str = ""
    """An acronym has to be written just like this, dots aside."""
    state: str = ""
    """ "noun" or "adjective" of a state, "capital"."""
    capital: bool = True
    """Whether a single word needs a capital."""
    person: bool = False


@dataclass(slots=True)
class _Person:
    ref: str
    given: set[str] = field(default_factory=set)
    after_full: bool = False


@dataclass(slots=True)
class Lexicon:
    """All forms of the known actors' names, by their first word."""

    plain: dict[str, list[_Form]] = field(default_factory=lambda: defaultdict(list))
    spelt: dict[str, list[_Form]] = field(default_factory=lambda: defaultdict(list))
    surnames: dict[str, list[_Person]] = field(default_factory=lambda: defaultdict(list))
    labels: dict[str, str] = field(default_factory=dict)


def lexicon(known: Iterable[Known]) -> Lexicon:
    """Every form under which the actors are looked for."""
    book = Lexicon()
    everyone = list(known)
    taken = {_plain_keys(name) for each in everyone for name in (each.name, *each.aliases)}
    for each in everyone:
        book.labels[each.id] = each.name
        names = [each.name, *each.aliases]
        short = _SIDE_NOTE.sub("", each.name).strip()
        if short and short != each.name:
            names.append(short)
        for name in tuple(names):
            names += ELSEWHERE.get(" ".join(_plain_keys(name)), ())
        if each.kind == ActorKind.PERSON:
            _add_person(book, each.id, names)
            continue
        if each.kind == ActorKind.STATE:
            _add_state(book, each.id, names)
        else:
            names += [
                variant for name in tuple(names) for variant in _variants(name) if _plain_keys(variant) not in taken
            ]
        for name in names:
            _add_name(book, each, name)
    for forms in (*book.plain.values(), *book.spelt.values()):
        forms.sort(key=lambda form: -len(form.keys))
    return book


def _plain_keys(name: str) -> tuple[str, ...]:
    return tuple(_without_article(each) for each in tokens(name).keys if each)


def _without_article(folded: str) -> str:
    """Arabic names are compared without their article."""
    if script(folded) == "arabic" and folded.startswith("ال") and len(folded) > 4:
        return folded[2:]
    return folded


def _articleless(keys: Sequence[str]) -> list[str]:
    """Keys without al-, and Abdul/Abdel/Abd joined to what follows; the same is done to the text word by word."""
    result: list[str] = []
    joining = False
    for each in keys:
        if each in _ARTICLES:
            continue
        if joining:
            result[-1] += each
            joining = False
            continue
        if each in _ABD:
            result.append("abd")
            joining = True
            continue
        result.append(each)
    return result


_ARTICLES = frozenset(("al", "el", "ul", "ad", "as", "ash", "az", "an", "ar", "at"))
_ABD = frozenset(("abd", "abdul", "abdel", "abdal"))


def _add_name(book: Lexicon, actor: Known, name: str, state: str = "") -> None:
    words = tokens(name)
    keys = tuple(_without_article(each) for each in words.keys if each)
    if not keys:
        return
    exact = _acronym(name)
    # A name that the record itself writes without capitals may be so written; a single word may not.
    form = _Form(keys, actor.id, exact, state, capital=not script(name))
    book.plain[keys[0]].append(form)
    if actor.kind == ActorKind.ARMED_GROUP and not exact and not script(name):
        spelt = tuple(medium(each) for each in _articleless(keys))
        if spelt:
            book.spelt[spelt[0]].append(_Form(spelt, actor.id, person=True))


def _acronym(name: str) -> str:
    """The name without dots where it is an acronym, else ""."""
    bare = name.replace(".", "").strip()
    capitals = sum(1 for letter in bare if letter.isupper())
    if bare.isalnum() and 2 <= len(bare) <= 8 and capitals >= 2 and capitals * 2 >= len(bare):
        return bare
    return ""


def _variants(name: str) -> list[str]:
    """Other orders of a body's name: "Gaza Health Ministry", "Ministry of Health in Gaza"."""
    words = name.split()
    made: list[str] = []
    if len(words) == 3 and words[-1] in ("Ministry", "Department"):
        place, matter, head = words
        made += [f"{head} of {matter} in {place}", f"{matter} {head} in {place}", f"{place} {head} of {matter}"]
        made += [f"{head} of {matter} of {place}"]
    if name.lower().endswith(" office") and len(words) > 2:
        made.append(f"{name[: -len(' office')]} bureau")
    return made


def _add_state(book: Lexicon, ref: str, names: list[str]) -> None:
    folded = {" ".join(_plain_keys(name)) for name in names}
    state: State | None = None
    for each in STATES:
        if any(" ".join(_plain_keys(name)) in folded for name in (each.name, *each.others)):
            state = each
            break
    actor = Known(ref, "", (), ActorKind.STATE)
    for name in tuple(names):
        _add_name(book, actor, name, "noun")
    names.clear()
    if state is None:
        for name in folded:
            if name and " " not in name and name.isascii():
                for ending in ("n", "ian", "i", "ese"):
                    for plural in ("", "s"):
                        _add_name(book, actor, (name + ending + plural).title(), "adjective")
        return
    for name in (state.name, *state.others):
        _add_name(book, actor, name, "noun")
    for name in state.derived:
        _add_name(book, actor, name, "adjective")
    for name in state.elsewhere:
        _add_name(book, actor, name)
    if state.capital:
        _add_name(book, actor, state.capital, "capital")


def _add_person(book: Lexicon, ref: str, names: list[str]) -> None:
    for name in names:
        words = tokens(_SIDE_NOTE.sub("", name) if not script(name) else name)
        keys = [_without_article(each) for each in words.keys if each]
        while len(keys) > 1 and keys[0] in TITLES:
            keys.pop(0)
        if not keys:
            continue
        if script(name):
            book.plain[keys[0]].append(_Form(tuple(keys), ref, capital=False))
            if len(keys) > 1 and len(keys[-1]) >= 3:
                _add_surname(book, keys[-1], ref, keys[0], after_full=True)
            continue
        bare = _articleless(keys)
        if not bare:
            continue
        if len(bare) == 1:
            exact = _acronym(name)
            if exact:
                book.plain[keys[0]].append(_Form((keys[0],), ref, exact, person=True))
            else:
                _add_surname(book, bare[0], ref, "")
            continue
        _add_spelt(book, bare, ref)
        if bare[0] in _GIVEN:
            _add_spelt(book, [_GIVEN[bare[0]], *bare[1:]], ref)
        _add_surname(book, bare[-1], ref, bare[0])
        if "bin" in bare[1:-1]:
            at = bare.index("bin", 1)
            if len(bare) > at + 2:
                _add_spelt(book, bare[: at + 2], ref)
            else:
                _add_spelt(book, bare[at:], ref)


def _add_spelt(book: Lexicon, bare: Sequence[str], ref: str) -> None:
    form = _Form(tuple(loose(each) for each in bare), ref, person=True)
    if form not in book.spelt[form.keys[0]]:
        book.spelt[form.keys[0]].append(form)


def _add_surname(book: Lexicon, surname: str, ref: str, given: str, *, after_full: bool = False) -> None:
    if len(surname) < 3:
        return
    people = book.surnames[medium(surname)]
    for each in people:
        if each.ref == ref:
            if given:
                each.given.add(given)
            each.after_full = each.after_full and after_full
            return
    people.append(_Person(ref, {given} if given else set(), after_full))


# Reading a text


class _Reader:
    """One pass over the words of a text. ``bounds`` gives for each word the number of its sentence."""

    def __init__(self, words: Tokens, book: Lexicon, sentence: Sequence[int], titled: Sequence[bool]) -> None:
        self.words = words
        self.book = book
        self.sentence = sentence
        self.titled = titled
        self.size = len(words)
        self.found: list[Found] = []
        self.covered: list[str | None] = [None] * self.size
        self.recent: dict[str, str] = {}
        self.full: set[str] = set()

    # What stands around a word

    def next_to(self, index: int) -> bool:
        """Whether word ``index`` and the next may belong to one name."""
        return (
            index + 1 < self.size and self.sentence[index] == self.sentence[index + 1] and joined(self.words.gap(index))
        )

    def follows(self, index: int) -> bool:
        """Whether the next word stands directly after this one, one space between."""
        return (
            index + 1 < self.size
            and self.sentence[index] == self.sentence[index + 1]
            and self.words.gap(index) in (" ", "\u00a0", "\n")
        )

    def opens(self, index: int) -> bool:
        """Whether the word is the first of its sentence or of a quotation in it."""
        if index == 0 or self.sentence[index - 1] != self.sentence[index]:
            return True
        return any(mark in self.words.gap(index - 1) for mark in ':“"«•—–(|')

    def is_titled(self, index: int) -> bool:
        """Whether the word stands in a headline whose words all have capitals."""
        return self.titled[self.sentence[index]] if self.sentence[index] < len(self.titled) else False

    # The pass

    def read(self) -> list[Found]:
        index = 0
        while index < self.size:
            last = self._at(index)
            index = last + 1 if last is not None else index + 1
        return self.found

    def _at(self, index: int) -> int | None:
        """Find the longest name that begins at the word; its last word, or None."""
        folded = self.words.keys[index]
        if not folded:
            return None
        best: tuple[int, int, _Form] | None = None
        for cut in without_prefixes(folded):
            head = _without_article(folded[cut:])
            for form in self.book.plain.get(head, ()):
                last = self._matches(form, index, cut)
                if last is not None and (best is None or last > best[0]):
                    best = (last, cut, form)
                    break
        person = self._person(index)
        if person is not None and (best is None or person[1] >= best[0]):
            return self._add(person[0], person[1], person[2], person=True)
        if best is not None:
            last, cut, form = best
            if self._blocked(form, index, last):
                return None
            return self._add(index, last, form.ref, cut=self._cut(index, cut))
        if script(folded):
            return self._elsewhere(index)
        return None

    def _cut(self, index: int, cut: int) -> int:
        """How many characters of the word as written the prefix takes; signs between letters are counted with it."""
        if not cut:
            return 0
        word = self.words.words[index]
        taken = 0
        for place, letter in enumerate(word):
            if taken == cut:
                return place
            if key(letter):
                taken += 1
        return cut

    def _add(self, first: int, last: int, ref: str, *, cut: int = 0, person: bool = False) -> int:
        start = self.words.starts[first] + cut
        lowered = not any(self.words.capital(each) or script(self.words.words[each]) for each in range(first, last + 1))
        self.found.append(Found(start, self.words.ends[last], first, last, ref, lowered))
        for each in range(first, last + 1):
            self.covered[each] = ref
        if person and last > first:
            self.recent[medium(self.words.keys[last])] = ref
            self.full.add(ref)
        elif last > first:
            self.full.add(ref)
        return last

    def _matches(self, form: _Form, index: int, cut: int) -> int | None:
        """The last word of the form if it stands at the word."""
        words = self.words
        if form.exact:
            bare = words.words[index].replace(".", "")
            return index if bare == form.exact else None
        if len(form.keys) == 1:
            if form.capital and not words.capital(index):
                return None
            return index
        at = index
        for wanted in form.keys[1:]:
            if not self.next_to(at) or _without_article(words.keys[at + 1]) != wanted:
                return None
            at += 1
        if form.person and not words.capital(index):
            return None
        return at

    def _blocked(self, form: _Form, first: int, last: int) -> bool:
        """Whether the state's or capital's name stands inside the name of something else, or means the city."""
        if not form.state:
            return False
        words = self.words
        before = words.keys[first - 1] if first and self.sentence[first - 1] == self.sentence[first] else ""
        after = words.keys[last + 1] if self.follows(last) else ""
        if form.state == "capital":
            return not self._speaks(first, last, before)
        if self.is_titled(first) or len(form.keys) > 1:
            return False
        capital_after = bool(after) and words.capital(last + 1) and after not in _DAYS_AND_MONTHS
        if form.state == "adjective":
            return capital_after and after in _LONGER_NAMES and not self._starts_known(last + 1)
        if capital_after and after not in _PUBLIC and after not in _OPENERS and not self._starts_known(last + 1):
            return True
        if before == "of" and first > 1 and words.capital(first - 2) and words.gap(first - 1) == " ":
            head = words.keys[first - 2]
            return head not in _ALLOWED_BEFORE_OF and self.covered[first - 2] is None and not self.opens(first - 2)
        return bool(
            before
            and self.follows(first - 1)
            and words.capital(first - 1)
            and not self.opens(first - 1)
            and self.covered[first - 1] is None
            and before not in TITLES
            and before not in _OPENERS
            and before not in _DAYS_AND_MONTHS
            and before not in _DIRECTIONS
            and not form.exact
        )

    def _starts_known(self, index: int) -> bool:
        folded = self.words.keys[index]
        return folded in self.book.plain or medium(folded) in self.book.surnames or loose(folded) in self.book.spelt

    def _speaks(self, first: int, last: int, before: str) -> bool:
        """Whether a capital's name stands for the government: it says or wants something."""
        if before in ("in", "to", "from", "at", "near", "outside", "for", "inside", "toward", "of", "via"):
            return False
        after = self.words.keys[last + 1] if self.follows(last) else ""
        if after in _SPEAKS:
            return True
        if before == "between" and after == "and":
            return True
        return before == "and" and first >= 3 and self.words.keys[first - 3] == "between"

    # People

    def _spelt_keys(self, index: int, level: bool) -> tuple[str, int]:
        """The key of a name's part at the word, articles and Abd joined: the key and its last word."""
        words = self.words
        at = index
        while words.keys[at] in _ARTICLES and self.next_to(at):
            at += 1
        folded = words.keys[at]
        if folded in _ABD and self.next_to(at):
            at += 1
            while words.keys[at] in _ARTICLES and self.next_to(at):
                at += 1
            folded = "abd" + words.keys[at]
        return (loose(folded) if level else medium(folded)), at

    def _person(self, index: int) -> tuple[int, int, str] | None:
        """A person's name that begins at the word: its first and last word, and who it is."""
        words = self.words
        article = words.keys[index] in _ARTICLES
        if not words.capital(index) and not (article or words.keys[index] == "bin"):
            return None
        if article and not (self.next_to(index) and words.capital(index + 1)):
            return None
        full = self._full(index)
        if full is not None:
            return full
        return self._middle(index) or self._bare(index)

    def _full(self, index: int) -> tuple[int, int, str] | None:
        words = self.words
        for level in (True, False):
            first, end_first = self._spelt_keys(index, level)
            forms = self.book.spelt.get(_loose_given(first) if level else first, ())
            for form in (*forms, *(self.book.spelt.get(first, ()) if level else ())):
                at = end_first
                for wanted in form.keys[1:]:
                    if not self.next_to(at):
                        break
                    got, end = self._spelt_keys(at + 1, level)
                    if got != wanted or not (words.capital(end) or words.keys[end] == "bin"):
                        break
                    at = end
                else:
                    if len(form.keys) == 1 and not (words.capital(index) and len(words.keys[index]) > 4):
                        continue
                    return index, self._on(at, form), form.ref
        return None

    def _on(self, last: int, form: _Form) -> int:
        """The last word of a name that goes on after its known form: bin somebody, or the family name."""
        at = last
        while self.next_to(at):
            following = self.words.keys[at + 1]
            if (
                following in ("bin", "ibn")
                and self.next_to(at + 1)
                and self.words.capital(at + 2)
                and "bin" in form.keys
            ):
                at = self._spelt_keys(at + 2, level=False)[1]
                continue
            part, end = self._spelt_keys(at + 1, level=False)
            if self.words.capital(end) and any(each.ref == form.ref for each in self.book.surnames.get(part, ())):
                at = end
            break
        return at

    def _middle(self, index: int) -> tuple[int, int, str] | None:
        """Given name, something between, surname: "Donald J. Trump", or another form of the given name."""
        words = self.words
        if self.opens(index) and words.keys[index] in _OPENERS:
            return None
        if words.keys[index] in TITLES or words.keys[index] in _ARTICLES:
            return None
        at = index
        for _ in range(4):
            if at + 1 >= self.size or self.sentence[at] != self.sentence[at + 1]:
                return None
            gap = words.gap(at)
            if not (joined(gap) or (len(words.words[at]) == 1 and _INITIAL.fullmatch(gap))) or "'" in gap or "’" in gap:
                return None
            part, end = self._spelt_keys(at + 1, level=False)
            if not words.capital(end) and words.keys[end] != "bin":
                return None
            given = words.keys[index]
            for person in self.book.surnames.get(part, ()):
                if any(_same_given(given, each) for each in person.given):
                    return index, end, person.ref
            at = end
        return None

    def _bare(self, index: int) -> tuple[int, int, str] | None:
        """A surname alone, where it is clear whose it is."""
        words = self.words
        part, last = self._spelt_keys(index, level=False)
        people = self.book.surnames.get(part)
        if not people or not words.capital(last):
            return None
        headline = self.is_titled(index)
        ref = self.recent.get(part)
        if ref is None:
            if len(people) > 1 or people[0].after_full:
                return None
            ref = people[0].ref
        if not headline and index and self.follows(index - 1) and not self._free_before(index - 1):
            if not script(words.words[index]):
                self.recent[part] = ""
            return None
        if not ref:
            return None
        if not headline and self.follows(last) and words.capital(last + 1):
            after = words.keys[last + 1]
            free = after in _AFTER_PERSON or after in _DAYS_AND_MONTHS or after in TITLES or after in _OPENERS
            if not free and not self._starts_known(last + 1):
                return None
        return index, last, ref

    def _free_before(self, index: int) -> bool:
        """Whether the word directly before a surname is no given name."""
        folded = self.words.keys[index]
        word = self.words.words[index]
        return (
            not self.words.capital(index)
            or self.covered[index] is not None
            or folded in TITLES
            or folded in _DAYS_AND_MONTHS
            or folded in _PUBLIC
            or folded in _OPENERS
            or (self.opens(index) and folded.endswith("ly"))
            or (len(word) > 1 and word.isupper())
        )

    def _elsewhere(self, index: int) -> int | None:
        """A surname in Arabic or Hebrew letters, once the whole name was read."""
        folded = self.words.keys[index]
        for cut in without_prefixes(folded):
            for person in self.book.surnames.get(_without_article(folded[cut:]), ()):
                if person.ref in self.full:
                    return self._add(index, index, person.ref, cut=self._cut(index, cut))
        return None


def _loose_given(folded: str) -> str:
    return loose(_GIVEN[folded]) if folded in _GIVEN else folded


def _same_given(one: str, other: str) -> bool:
    one, other = _GIVEN.get(one, one), _GIVEN.get(other, other)
    if one == other or loose(one) == loose(other):
        return True
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= 3 and longer.startswith(shorter)


def find(words: Tokens, book: Lexicon, sentence: Sequence[int], titled: Sequence[bool]) -> list[Found]:
    """All known actors and unknown names in order, not overlapping.

    ``sentence`` gives the number of each word's sentence, ``titled`` for each sentence whether all its words have
    capitals, as in a headline.
    """
    reader = _Reader(words, book, sentence, titled)
    actors = reader.read()
    return sorted([*actors, *_unknown(reader)], key=lambda each: each.start)


def _unknown(reader: _Reader) -> list[Found]:
    """Runs of capitalised words that no known actor bears: people and bodies, not places."""
    words = reader.words
    found: list[Found] = []
    index = 0
    while index < reader.size and len(found) < MOST_NAMES:
        if not _begins(reader, index):
            index += 1
            continue
        last = index
        while reader.next_to(last) or (
            len(words.words[last]) == 1
            and last + 1 < reader.size
            and reader.sentence[last] == reader.sentence[last + 1]
            and _INITIAL.fullmatch(words.gap(last))
        ):
            gap = words.gap(last)
            if "'" in gap or "’" in gap:
                break
            following = last + 1
            while (
                following < reader.size
                and following - last <= 2
                and words.keys[following] in _CONNECTORS
                and not words.capital(following)
                and reader.next_to(following)
            ):
                following += 1
            if not (following < reader.size and _continues(reader, following)):
                break
            if following > last + 1 and not _connects(reader, index, last, following):
                break
            last = following
        kept = _kept(reader, index, last)
        if kept is not None:
            first, end = kept
            found.append(Found(words.starts[first], words.ends[end], first, end, ""))
        index = last + 1
    return found


def _begins(reader: _Reader, index: int) -> bool:
    words = reader.words
    return (
        reader.covered[index] is None
        and (
            words.capital(index)
            or (words.keys[index] in ("al", "el") and reader.next_to(index) and words.capital(index + 1))
        )
        and not reader.is_titled(index)
        and words.keys[index] not in _DAYS_AND_MONTHS
    )


def _continues(reader: _Reader, index: int) -> bool:
    words = reader.words
    return (
        reader.covered[index] is None
        and words.capital(index)
        and words.keys[index] not in _DAYS_AND_MONTHS
        and reader.sentence[index] == reader.sentence[index - 1]
    )


def _connects(reader: _Reader, first: int, last: int, following: int) -> bool:
    """Whether the small words after ``last`` hold one name together."""
    between = {reader.words.keys[each] for each in range(last + 1, following)}
    if between & {"of", "for", "the", "and", "on", "in"}:
        return any(reader.words.keys[each] in _BODY for each in range(first, last + 1)) and "in" not in between
    return True


def _kept(reader: _Reader, first: int, last: int) -> tuple[int, int] | None:
    """The run without openers and titles in front, or None if it is no name of a person or body."""
    words = reader.words
    while first <= last and (
        words.keys[first] in TITLES or (words.keys[first] in _OPENERS and words.keys[first] not in ("al", "el"))
    ):
        first += 1
    while last > first and (words.keys[last] in TITLES or words.keys[last] in _CONNECTORS):
        last -= 1
    if first >= last or not words.capital(last):
        return None
    keys = words.keys[first : last + 1]
    whole = " ".join(keys)
    if whole in PLACES or keys[-1] in _PLACE_WORDS or any(each in _NOT_A_NAME for each in keys):
        return None
    if all(each in PLACES or each in _DIRECTIONS for each in keys) or all(len(each) < 3 for each in keys):
        return None
    if "-" in words.text[words.starts[first] : words.ends[last]] and last - first == 1:
        return None if keys[0] not in ("al", "el") else (first, last)
    return first, last
