"""Finding actors: known ones under all the ways in which their names are written, and names that nobody knows yet."""

# ruff: noqa: RUF001 - letters and marks of other scripts are what this is about

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from tracker.codebook import ActorKind
from tracker.reading.gazetteer import ELSEWHERE, PLACES, STATES, State
from tracker.reading.tokens import Tokens, key, listed, loose, medium, offset, script, sounds, tokens, without_prefixes


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

_NOT_OF_STATE = listed(
    "side city cities town towns village villages soil coast coastline waters desert airspace countryside language "
    "dialect "
    "shekel shekels dollar dollars pound pounds lira riyal riyals coffee tea bread food cuisine wine restaurant "
    "restaurants "
    "market markets music songs film films novel"
)
"""What is "Egyptian" without having to do with the state: places, things, languages, money."""

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
_PLACE_BEFORE = listed(
    "in to from at near outside for inside toward towards of via into around through throughout visiting reached "
    "reach left "
    "leave leaving entering across over greater downtown central east west north south old"
)
_IS_ACTING = listed(
    "to not also now expected ready willing unwilling keen eager likely prepared determined said believed"
)
_ACTS = listed(
    "wrote took gave sent made held got went hosts host kept put set let led told brought chose stood fears fear "
    "hopes hope "
    "wishes prefers tells knows thinks regards considers welcomes"
)
_OWNED = listed(
    "offer offers plan plans position role demand demands view views envoy envoys government decision proposal "
    "proposals request "
    "response refusal pressure mediators mediator allies ally stance policy insistence support approval influence "
    "patience "
    "interest interests efforts effort message leaders leadership ambassador diplomats officials minister ministers"
)
_DIRECTIONS = listed("north south east west northern southern eastern western central")
_CONNECTORS = listed("of for the and bin ibn ben al el de del van von der den da du la le abu on in")
_BODY = listed(
    "ministry office committee commission council organization organisation association agency authority "
    "board bureau department institute center foundation union league fund party movement front brigade "
    "brigades army forces force service services court parliament university group network program mission "
    "federation alliance coalition corporation society syndicate watch international council assembly command "
    "division battalion directorate bank times post herald tribune gazette journal voice radio television channel "
    "chamber senate "
    "knesset congress broadcasting"
)
_PLACE_WORDS = listed(
    "city street road square camp crossing strip valley airport hospital sea river mountain mount island "
    "corridor district neighborhood province governorate county beach hotel line gulf peninsula heights house "
    "school mosque church university border junction tower stadium park hall hills bay coast zone checkpoint "
    "axis village town"
)
_PLACE_FIRST = listed(
    "lake mount lower upper north south east west camp fort port cape deir beit khan tel wadi bani kibbutz ein "
    "kafr greater "
    "central northern southern eastern western latin"
)
_NO_ACRONYM = listed(
    "tv gmt pm am ceo usd ngo ngos mp mps fm dna us bst est ist edt pst faq pdf vip ai id ok nis ii iii iv vi vii "
    "suv cctv "
    "not never months defiant exclusive breaking claim verdict background analysis opinion video watch "
    "live ends is host petition ak dc ny nyc km kg ad ft eur gbp iq sms url www html rss utc phd md jr sr "
    "ltd inc q a id gps covid asap rip phase "
)
_SETTLED = listed("village villages town towns city hamlet posts post outskirts port ruins streets suburb suburbs")
_WHERE = listed("in near around outside at")
"""What stands before a place rather than before a person."""
_NOT_A_NAME = listed(
    "ceasefire truce agreement deal plan phase resolution conflict war point peace story stories times day "
    "week news report holocaust hanukkah ramadan passover christmas easter eid yom kippur sabbath islam "
    "judaism christianity english arabic hebrew god bible quran torah"
)
_GIVEN = {
    variant: name
    for name, variants in {
        "benjamin": "bibi binyamin biniamin",
        "william": "bill",
        "joseph": "joe",
        "michael": "mike",
        "robert": "bob",
        "anthony": "tony",
        "james": "jim",
        "mohamed": "mohd",
        "mohammed": "muhammad mohamed mohamad",
        "izz": "ezzedine ezzeddin izzedine izzeddin",
        "youssef": "yousef yusuf yousuf",
    }.items()
    for variant in variants.split()
}
"""Given names that stand for one another, folded."""

_SIDE_NOTE = re.compile(r"\s*\([^)]*\)|,.*$", re.DOTALL)
_JOINED = re.compile(r"[ \t\u00a0]*\n?[ \t\u00a0]*|[-\u2010-\u2013]|['’][sS]? ?")
_INITIAL = re.compile(r"\. ?")
_LONGEST = 9
"""A longer run of capitalised words is a list or a heading, no name."""
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
    headless: bool = False
    """A body's name without the state in front: it needs capitals, and no other state beside it."""


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
    states: set[str] = field(default_factory=set)
    heard: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=lambda: defaultdict(list))
    """People by the consonants of their given name: all consonants, and who it is."""


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
            names += _ELSEWHERE.get(_plain_keys(name), ())
        if each.kind == ActorKind.PERSON:
            _add_person(book, each.id, names)
            continue
        if each.kind == ActorKind.STATE:
            book.states.add(each.id)
            _add_state(book, each.id, names)
        else:
            names += [
                variant for name in tuple(names) for variant in _variants(name) if _plain_keys(variant) not in taken
            ]
        for name in names:
            _add_name(book, each, name)
    _add_headless(book, everyone)
    for forms in (*book.plain.values(), *book.spelt.values()):
        forms.sort(key=lambda form: -len(form.keys))
    return book


def _elsewhere_table() -> dict[tuple[str, ...], tuple[str, ...]]:
    return {_plain_keys(name): others for name, others in ELSEWHERE.items()}


def _add_headless(book: Lexicon, everyone: Sequence[Known]) -> None:
    """Names of bodies without the state or place in front, where one body alone is so called."""
    owners: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for each in everyone:
        if each.kind != ActorKind.GOVERNMENT_BODY:
            continue
        for name in (each.name, *each.aliases):
            keys = _plain_keys(_SIDE_NOTE.sub("", name))
            if len(keys) >= 3 and (keys[0] in STATE_WORDS or keys[0] in PLACES):
                owners[keys[1:]].add(each.id)
    for keys, ids in owners.items():
        if len(ids) == 1 and all(form.keys != keys for form in book.plain.get(keys[0], ())):
            book.plain[keys[0]].append(_Form(keys, next(iter(ids)), headless=True))


def _plain_keys(name: str) -> tuple[str, ...]:
    return tuple(_without_article(each) for each in tokens(name).keys if each)


def _without_article(folded: str) -> str:
    """Arabic names are compared without their article."""
    if script(folded) == "arabic" and folded.startswith("ال") and len(folded) > 4:
        return folded[2:]
    return folded


_ELSEWHERE = _elsewhere_table()


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
    """Other forms of a body's name: "Gaza Health Ministry", "Ministry of Health in Gaza", "Prime Minister's Office"."""
    words = name.split()
    made: list[str] = []
    if len(words) == 3 and words[-1] in ("Ministry", "Department"):
        place, matter, head = words
        made += [f"{head} of {matter} {join} {place}" for join in ("in", "of")]
        made += [f"{matter} {head} in {place}", f"{place} {head} of {matter}"]
    if len(words) > 1 and (others := STATE_WORDS.get(key(words[0]))):
        made += [" ".join((other, *words[1:])) for other in others]
    if words[:2] == ["United", "Nations"]:
        made.append(" ".join(("UN", *words[2:])))
    elif words[:1] == ["UN"]:
        made.append(" ".join(("United Nations", *words[1:])))
    return made


def _state_words() -> dict[str, tuple[str, ...]]:
    """For a state's name or adjective the other one: Israel and Israeli."""
    found: dict[str, tuple[str, ...]] = {}
    for state in STATES:
        names = [each for each in (state.name, *state.others, *state.derived) if each[-1:] != "s" or each == "Swiss"]
        for name in names:
            if " " not in name:
                found[key(name)] = tuple(other for other in names if other != name)
    found["palestinian"], found["palestine"] = ("Palestine",), ("Palestinian",)
    return found


STATE_WORDS = _state_words()
"""For a state's name or adjective, folded, its other ones."""


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
                for ending in ("n", "an", "ian", "i", "ese"):
                    for plural in ("", "s"):
                        _add_name(book, actor, (name + ending + plural).title(), "adjective")
        return
    for name in (state.name, *state.others):
        _add_name(book, actor, name, "noun")
    for name in state.derived:
        _add_name(book, actor, name, "adjective")
    for name in state.elsewhere:
        _add_name(book, actor, name)
    for name in state.seats:
        _add_name(book, actor, name, "seat")
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
        heard = tuple(sounds(each) for each in bare if each != "bin")
        if all(heard) and sum(map(len, heard)) >= _HEARD and len(heard) >= 2:
            book.heard[heard[0]].append((heard, ref))
        if bare[0] in _GIVEN:
            _add_spelt(book, [_GIVEN[bare[0]], *bare[1:]], ref)
        _add_surname(book, bare[-1], ref, bare[0])
        if "bin" in bare[1:-1]:
            at = bare.index("bin", 1)
            if len(bare) > at + 2:
                _add_spelt(book, bare[: at + 2], ref)
            else:
                _add_spelt(book, bare[at:], ref)


_HEARD = 4
"""So many consonants make a name that can be told in another alphabet."""


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
    """One pass over the words of a text; ``sentence`` gives for each word the number of its sentence."""

    def __init__(self, words: Tokens, book: Lexicon, sentence: Sequence[int], titled: Sequence[bool]) -> None:
        self.words = words
        self.book = book
        self.sentence = sentence
        self.titled = titled
        self.size = len(words)
        self.found: list[Found] = []
        self.covered: list[str | None] = [None] * self.size
        self.lowercase = _ARTICLES | {"bin"} | {each for each, forms in book.plain.items() if _lowercase(forms)}
        self.recent: dict[str, str] = {}
        self.full: set[str] = set()
        self.by_title: dict[tuple[str, str], str] = {}
        self.tails: dict[tuple[str, ...], str] = {}
        self.foreign: dict[str, str] = {}

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
        latin = folded.isascii()
        if latin and not self.words.capital(index) and folded not in self.lowercase:
            return None
        best: tuple[int, int, _Form] | None = None
        for cut in (0,) if latin else without_prefixes(folded):
            head = _without_article(folded[cut:]) if cut or not latin else folded
            for form in self.book.plain.get(head, ()):
                last = self._matches(form, index, cut)
                if last is None or (best is not None and last <= best[0]) or self._blocked(form, index, last):
                    continue
                best = (last, cut, form)
                break
        person = self._person(index)
        if person is not None and (best is None or person[1] >= best[0]):
            return self._add(person[0], person[1], person[2], person=True)
        if best is not None:
            last, cut, form = best
            return self._add(index, last, form.ref, cut=offset(self.words.words[index], cut))
        if script(folded):
            return self._elsewhere(index)
        tail = self._tail(index)
        if tail is not None:
            return self._add(index, tail[0], tail[1])
        return None

    def _add(self, first: int, last: int, ref: str, *, cut: int = 0, person: bool = False) -> int:
        start = self.words.starts[first] + cut
        lowered = not any(self.words.capital(each) or script(self.words.words[each]) for each in range(first, last + 1))
        self.found.append(Found(start, self.words.ends[last], first, last, ref, lowered))
        for each in range(first, last + 1):
            self.covered[each] = ref
        if last > first:
            self.full.add(ref)
            if person:
                surname = medium(self.words.keys[last])
                self.recent[surname] = ref
                title = self.words.keys[first - 1] if first else ""
                if title in TITLES and self.sentence[first - 1] == self.sentence[first]:
                    self.by_title[surname, title] = ref
            elif not lowered:
                self._remember(first, last, ref)
        return last

    def _remember(self, first: int, last: int, ref: str) -> None:
        """After "Bandara Defence Force", "the Defence Force" and "the Force" are the same body."""
        keys = self.words.keys[first : last + 1]
        if ref in self.book.states:
            return
        for at in range(1, len(keys)):
            if keys[at] in _BODY or (len(keys) - at >= 2 and keys[-1] in _BODY):
                self.tails[tuple(keys[at:])] = ref

    def _tail(self, index: int) -> tuple[int, str] | None:
        """A body named before, cut down to its last words, capitalised and after "the"."""
        words = self.words
        if not self.tails or not index or words.keys[index - 1] != "the" or not words.capital(index):
            return None
        if self.is_titled(index):
            return None
        last = index
        while last - index < 4 and self.next_to(last) and words.capital(last + 1):
            last += 1
        keys = tuple(words.keys[index : last + 1])
        ref = self.tails.get(keys)
        return (last, ref) if ref else None

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
        if form.headless:
            return self._another(first, last)
        if not form.state:
            return False
        words = self.words
        before = words.keys[first - 1] if first and self.sentence[first - 1] == self.sentence[first] else ""
        after = words.keys[last + 1] if self.follows(last) else ""
        if form.state == "seat":
            earlier = words.keys[first - 2] if first > 1 else ""
            return (earlier if before == "the" else before) in (
                "at",
                "in",
                "outside",
                "near",
                "inside",
                "to",
                "from",
                "into",
                "around",
            )
        if form.state == "capital":
            return not self._speaks(first, last, before)
        if self.is_titled(first) or len(form.keys) > 1:
            return False
        capital_after = bool(after) and words.capital(last + 1) and after not in _DAYS_AND_MONTHS
        if form.state == "adjective" and after in _NOT_OF_STATE:
            return after != "side" or words.keys[last + 2 : last + 3] == ["of"]
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

    def _another(self, first: int, last: int) -> bool:
        """Whether a name without its state is not this body's: without capitals, or with another name around."""
        words = self.words
        if not all(words.capital(each) or words.keys[each] in _CONNECTORS for each in range(first, last + 1)):
            return True
        if words.keys[last + 1] in ("of", "in") if self.follows(last) else False:
            return True
        return bool(first and self.follows(first - 1) and words.capital(first - 1)) and (
            words.keys[first - 1] not in _OPENERS
        )

    def _starts_known(self, index: int) -> bool:
        folded = self.words.keys[index]
        return folded in self.book.plain or medium(folded) in self.book.surnames or loose(folded) in self.book.spelt

    def _speaks(self, first: int, last: int, before: str) -> bool:
        """Whether a capital's name stands for the government: it says, wants or owns something."""
        words = self.words
        if before in _PLACE_BEFORE or (
            first and not self.opens(first) and words.gap(first - 1) == " " and self._name_before(first)
        ):
            return False
        if before == "by" and first > 1 and words.keys[first - 2].endswith(("ed", "down", "up", "out", "en")):
            return True
        gap = words.gap(last)
        after = words.keys[last + 1] if last + 1 < self.size and self.sentence[last + 1] == self.sentence[last] else ""
        second = words.keys[last + 2] if last + 2 < self.size else ""
        if before == "between" and after == "and":
            return True
        if before == "and" and first >= 3 and words.keys[first - 3] == "between":
            return True
        if after == "and" and last + 3 < self.size and words.keys[last + 2] in self.book.plain:
            following = words.keys[last + 3]  # Kyiv and Moscow swapped
            return following in _SPEAKS or following in _ACTS or following.endswith("ed")
        if gap in (" ", "\n", "\u00a0"):
            if after in ("is", "was", "are"):
                return second in _IS_ACTING or (second.endswith("ing") and len(second) > 5)
            return after in _SPEAKS or after in _ACTS or (after.endswith("ed") and len(after) > 4)
        if gap[:2] in ("'s", "’s"):
            return after in _OWNED
        if gap == ", ":
            return after in ("which", "whose", "too", "said") or (after == "for" and second == "its")
        return False

    def _name_before(self, first: int) -> bool:
        """Whether a capitalised word directly before makes the capital part of a longer name."""
        before = self.words.keys[first - 1]
        return self.words.capital(first - 1) and before not in _OPENERS and before not in _DAYS_AND_MONTHS

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
                and "ban" in form.keys
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
        titled = words.keys[index - 1] if index else ""
        if (part, titled) in self.by_title:
            ref = self.by_title[part, titled]
        elif ref == "" and titled not in ("mr", "ms", "mrs", "miss", "dr"):
            named = [each.ref for each in people if each.ref in self.full]
            ref = named[0] if len(named) == 1 else ""
        if ref is None:
            if len(people) > 1 or people[0].after_full:
                return None
            ref = people[0].ref
        if not headline and index and self.follows(index - 1) and not self._free_before(index - 1):
            if not script(words.words[index]):
                self.recent[part] = ""
            return None
        if not ref or (index and words.keys[index - 1] in ("called", "named", "surnamed")):
            return None
        if not headline and self.follows(last) and words.capital(last + 1):
            after = words.keys[last + 1]
            free = after in _AFTER_PERSON or after in _DAYS_AND_MONTHS or after in TITLES or after in _OPENERS
            if not free and not self._starts_known(last + 1):
                return None
        if words.gap(last) == " & ":
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
        """A person in Arabic or Hebrew letters: by ear, and by surname once the whole name was read."""
        folded = self.words.keys[index]
        for cut in without_prefixes(folded):
            bare = _without_article(folded[cut:])
            if (ref := self.foreign.get(bare)) is not None:
                return self._add(index, index, ref, cut=offset(self.words.words[index], cut))
            for person in self.book.surnames.get(bare, ()):
                if person.ref in self.full:
                    return self._add(index, index, person.ref, cut=offset(self.words.words[index], cut))
            for heard, ref in self.book.heard.get(sounds(bare), ()):
                last = self._heard(index, heard)
                if last is not None:
                    self.foreign[_without_article(self.words.keys[last])] = ref
                    return self._add(index, last, ref, cut=offset(self.words.words[index], cut))
        return None

    def _heard(self, index: int, heard: tuple[str, ...]) -> int | None:
        """The last word of a name whose consonants are these; articles and "son of" in between do not count."""
        words = self.words
        at = index
        for wanted in heard[1:]:
            while True:
                if not self.next_to(at) or not script(words.keys[at + 1]):
                    return None
                at += 1
                if words.keys[at] not in _FOREIGN_ARTICLES:
                    break
            if sounds(_without_article(words.keys[at])) != wanted:
                return None
        return at


_FOREIGN_ARTICLES = frozenset(("אל", "א", "ا", "ال", "آل", "ال", "بن", "בן", "ابن"))


def _lowercase(forms: Sequence[_Form]) -> bool:
    """Whether one of the forms may begin with a small letter: several words, or a script without capitals."""
    return any(len(form.keys) > 1 or not form.capital or form.exact for form in forms)


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
    reader = _Reader(_raised(words, book, sentence), book, sentence, titled)
    actors = reader.read()
    reader.words = words
    return sorted([*actors, *_unknown(reader)], key=lambda each: each.start)


def _raised(words: Tokens, book: Lexicon, sentence: Sequence[int]) -> Tokens:
    """The words of a text without capitals, with capitals where a known actor's name may stand; else the same words."""
    opening = [
        index
        for index in range(len(words))
        if (index == 0 or sentence[index - 1] != sentence[index]) and words.words[index][0].isalpha()
    ]
    latin = [index for index in opening if words.keys[index].isascii()]
    if not latin or sum(not words.capital(index) for index in latin) < _SMALL_SHARE * len(latin):
        return words
    exact = {form.exact.lower(): form.exact for forms in book.plain.values() for form in forms if form.exact}
    single = {head for head, forms in book.plain.items() if any(len(form.keys) == 1 and form.capital for form in forms)}
    people = {part for forms in book.spelt.values() for form in forms for part in form.keys}
    written: list[str] = []
    for index, (word, folded) in enumerate(zip(words.words, words.keys, strict=True)):
        if not word.isascii() or not word.islower():
            written.append(word)
            continue
        before = words.keys[index - 1] if index else ""
        if folded in exact and (folded not in _ALSO_WORDS or before == "the"):
            written.append(exact[folded])
        elif folded not in _ALSO_WORDS and (
            folded in single or loose(folded) in people or medium(folded) in book.surnames
        ):
            written.append(word[0].upper() + word[1:])
        else:
            written.append(word)
    return replace(words, words=written)


_SMALL_SHARE = 0.6
"""So many of the sentences begin with a small letter in a text without capitals."""
_ALSO_WORDS = listed("us un it who pa is as am no so may will march mark bill grant frank turkey war iris hope be at")
"""Names that are words as well: without capitals they are names only where "the" stands before an acronym."""


def _unknown(reader: _Reader) -> list[Found]:
    """Runs of capitalised words that no known actor bears: people and bodies, not places."""
    words = reader.words
    found: list[Found] = []
    surnames: set[str] = set()
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
        if kept is None and (all(words.keys[each] in _OPENERS | TITLES for each in range(index, last))):
            kept = _single(reader, last, surnames)
        if kept is not None:
            first, end = kept
            found.append(Found(words.starts[first], words.ends[end], first, end, ""))
            if 0 < end - first <= 3 and not any(words.keys[each] in _BODY for each in range(first, end + 1)):
                surnames.add(words.keys[end])
        index = last + 1
    return found


def _single(reader: _Reader, index: int, surnames: set[str]) -> tuple[int, int] | None:
    """One word that is a name: an acronym, the surname of somebody named before, or what follows "Mr"."""
    words = reader.words
    word, folded = words.words[index], words.keys[index]
    bare = word.replace(".", "")
    if 2 <= len(bare) <= 8 and bare.isalpha() and bare.isupper():
        if folded not in surnames and len(bare) > 3 and _heads_dateline(reader, index):
            return None
        shouted = index + 1 < reader.size and reader.follows(index) and words.words[index + 1].isupper()
        return None if folded in _NO_ACRONYM or folded in PLACES or shouted or not folded.isascii() else (index, index)
    if folded in _OPENERS or folded in TITLES or folded in PLACES or len(folded) < 3:
        return None
    if folded in surnames:
        return index, index
    title = words.keys[index - 1] if index and reader.sentence[index - 1] == reader.sentence[index] else ""
    if title in _MISTER and words.capital(index - 1) and words.gap(index - 1) in (" ", ". ", "\u00a0"):
        return index, index
    return None


_DATELINE = re.compile(r"[^.:\n]{0,40}?(?: - | -- | – | — |\()")


def _heads_dateline(reader: _Reader, index: int) -> bool:
    """Whether the word opens a line like "TARN, Kestria, March 2 (Agency) -"."""
    words = reader.words
    start = words.starts[index]
    if start and words.text[start - 1] != "\n":
        return False
    return _DATELINE.match(words.text[words.ends[index] : words.ends[index] + 50]) is not None


_MISTER = listed(
    "lord lady baroness baron sir dame father pastor bishop colonel captain major ambassador mr ms mrs dr "
    "prof president minister gen general col maj capt sgt lt senator rabbi sheikh ayatollah "
)


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


def _labels(reader: _Reader, first: int, last: int) -> bool:
    """Whether the words are a speaker's full name in front of what is said: "JANE MILLS:" or "JANE MILLS, host:"."""
    words = reader.words
    start = words.starts[first]
    if last - first > 2 or (start and words.text[start - 1] != "\n"):
        return False
    if _LABEL_END.match(words.text[words.ends[last] : words.ends[last] + 40]) is None:
        return False
    keys = words.keys[first : last + 1]
    return all(
        len(each) > 2 and each not in _OPENERS | _NOT_A_NAME | TITLES | PLACES | _PLACE_WORDS | _BODY | _NO_ACRONYM
        for each in keys
    )


_LABEL_END = re.compile(r"(?:, [A-Za-z ]{3,30})?: ?[\w“\"(]")


def _kept(reader: _Reader, first: int, last: int) -> tuple[int, int] | None:
    """The run without openers and titles in front, or None if it is no name of a person or body."""
    words = reader.words
    while first <= last and (
        words.keys[first] in TITLES or (words.keys[first] in _OPENERS and words.keys[first] not in ("al", "el"))
    ):
        first += 1
    while last > first and (words.keys[last] in TITLES or words.keys[last] in _CONNECTORS):
        last -= 1
    if first >= last or not words.capital(last) or last - first >= _LONGEST:
        return None
    written = words.text[words.starts[first] : words.ends[last]]
    if written.isupper() and _labels(reader, first, last):
        return first, last
    if written.isupper() or (len(words.words[first]) == 1 and last == first + 1 and reader.opens(first)):
        return None  # shouted, or a letter that numbers a heading
    keys = words.keys[first : last + 1]
    whole = " ".join(keys)
    if whole in PLACES or keys[-1] in _PLACE_WORDS or any(each in _NOT_A_NAME for each in keys):
        return None
    if all(each in PLACES or each in _DIRECTIONS for each in keys) or all(len(each) < 3 for each in keys):
        return None
    before = words.keys[first - 1] if first and reader.sentence[first - 1] == reader.sentence[first] else ""
    if before == "of" and first >= 2 and words.keys[first - 2] in _SETTLED:
        return None
    if before in _WHERE and not any(each in _BODY for each in keys):
        return None
    if keys[-1] in ("no", "one") or (keys[0] in _PLACE_FIRST and not any(each in _BODY for each in keys)):
        return None
    if "-" in written and last - first == 1:
        return None if keys[0] not in ("al", "el") else (first, last)
    return first, last
