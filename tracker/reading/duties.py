"""Phrases that speak of an obligation, and which obligation they most likely mean."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from tracker.codebook import Category
from tracker.reading.tokens import Tokens, key, listed, script, tokens, without_prefixes


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


# How each category is spoken of. A phrase is words in order; "a|b" one of them, "word*" any ending, "_" up to three
# words of any kind in between, "(word)" a word that may be missing.

_ARMS = "weapons|arms|guns|weaponry|arsenal|rifles|rockets"
_FREE = "release*|free|frees|freed|freeing|return*|recover*|handover"

VOCABULARY: dict[str, str] = {
    Category.HOSTILITIES: """
        air strike* ; airstrike* ; drone strike* ; missile strike* ; artillery (fire|shelling|shells) ; strike
        strikes ; struck
        shelling ; shelled ; bombing* ; bombed ; bombard* ; gunfire ; tank fire ; opened fire ; open fire
        opening fire
        rocket fire ; rocket* _ fired ; fired _ rocket|rockets|mortar|mortars ; mortar* ; raid ; raids ; incursion*
        violat* _ ceasefire|truce|agreement|deal ; ceasefire|truce violation* ; violation*
        breach* _ ceasefire|truce|agreement|deal
        ceasefire|truce breach* ; hold* _ fire ; cease fire ; military operation* ; military action* ; hostilities
        halt* _ fighting|fire|attacks|strikes|operations ; end* _ fighting|hostilities
        stop* _ fighting|shooting|firing
        renew* _ fighting|hostilities|war ; resum* _ fighting|hostilities|war ; offensive ; ground operation*
        sniper*
        قصف ; غارات ; غارة ; خروقات ; خرق ; انتهاكات ; انتهاك ; إطلاق النار ; هجوم ; هجمات ; الأعمال العدائية
        תקיפה ; תקיפות ; הפצצה ; הפצצות ; הפרה ; הפרות ; הפרת הפסקת האש ; ירי ; לחימה ; תקף ; תקפה ; תקפו""",
    Category.WITHDRAWAL: """
        withdraw* _ troops|forces|army|soldiers|gaza|positions|territory|area|areas|line
        (troop|israeli|military|further|full|complete|partial) withdrawal* ; withdraw ; withdraws ; withdrew
        withdrawn ; withdrawing
        pull* back ; pullback* ; pull* out ; pullout* ; pulled its|their troops|forces ; redeploy* ; yellow line
        agreed line ; withdrawal line*
        leave|leaves|left|vacate* _ positions|outposts ; blue line
        انسحاب ; ينسحب ; تنسحب ; انسحبت ; الخط الأصفر ; إعادة انتشار
        נסיגה ; הנסיגה ; לסגת ; נסוג ; נסוגה ; הקו הצהוב""",
    Category.INTERIM_AUTHORITY: """
        interim|transitional|technocratic authority|government|administration|governing|body|committee|council|cabinet
        interim palestinian authority|administration ; transitional palestinian committee|authority
        committee of technocrats ; technocrats ; technocratic ; transitional governance
        govern _ gaza|territory|strip|enclave
        administer* _ gaza|territory|strip|enclave ; run|runs|running _ gaza|territory|strip|enclave
        postwar|post-war governance|administration|government
        hand* over _ power|control|governance|government|administration|authority
        relinquish* _ power|control|governance ; give* up _ power|control|governance|rule
        cede* _ power|control ; step* aside
        transfer* _ power|governance|authority ; governance ; day-to-day running|administration|affairs
        national committee ; administrative committee
        لجنة تكنوقراط ; تكنوقراط ; لجنة إدارة غزة ; سلطة انتقالية ; إدارة انتقالية ; اللجنة الوطنية
        ממשלת טכנוקרטים ; ועדת טכנוקרטים ; טכנוקרטים ; רשות מעבר ; ממשל מעבר""",
    Category.STABILIZATION_FORCE: """
        (international|multinational) stabilization|stabilisation force|forces|mission
        international|multinational|peacekeeping|foreign|monitoring force|forces|troops|contingent*
        peacekeep* ; contribut* _ troops|soldiers|forces ; send* _ troops|soldiers|peacekeepers
        troop contribut* ; deploy* _ force|troops|peacekeepers
        train* _ police ; police train* ; palestinian police (force) ; vetted _ police ; police officers
        قوة دولية ; قوة الاستقرار ; قوة استقرار دولية ; قوات دولية
        כוח בינלאומי ; כוח הייצוב ; כוח ייצוב ; כוח רב לאומי""",
    Category.HOSTAGE_RELEASE: f"""
        {_FREE} _ hostage*|captive*|abductee* ; hostage* _ released|freed|returned|recovered
        hostage|captive release* ; (living|dead|deceased|slain|remaining|israeli|last) hostage|hostages
        captive ; captives ; abductees
        (return*|hand*|recover*|release*) remains|body|bodies of _ hostage*|captive*|israeli|soldier*
        hostage|hostages remains|body|bodies
        remains of ; bodies of ; body of ; deceased|dead|slain|murdered hostage|captive
        hand* over _ body|bodies|remains ; return* _ body|bodies|remains ; coffin*
        الرهائن ; رهائن ; رهينة ; المحتجزين ; الأسرى الإسرائيليين ; جثث ; جثة ; جثمان ; رفات
        חטופים ; החטופים ; חטוף ; החטוף ; חטופה ; גופת ; גופות""",
    Category.PRISONER_RELEASE: f"""
        {_FREE} _ prisoner*|detainee* ; prisoner|prisoners|detainee|detainees _ released|freed
        prisoner swap|exchange|release* ; (palestinian|security) prisoner|prisoners|detainee|detainees ; inmates
        palestinian bodies ; bodies of palestinian* ; bodies of _ palestinian*
        الأسرى الفلسطينيين ; الأسرى ; أسرى ; المعتقلين ; معتقلين ; أسير
        אסירים ; האסירים ; אסיר ; עצורים ; אסירים ביטחוניים""",
    Category.DISARMAMENT: f"""
        disarm* ; demilitari* ; decommission* _ {_ARMS} ; decommission* ; lay|lays|laying|laid down _ {_ARMS}
        lay|lays|laying|laid _ {_ARMS} down ; give|gives|giving|gave|given up _ {_ARMS} ; surrender* _ {_ARMS}
        hand|hands|handing|handed over _ {_ARMS} ; turn|turns|turning|turned over|in _ {_ARMS}
        put|putting down _ {_ARMS}
        hold|holds|holding|keep|keeps|keeping|bear|bearing|carry|retain|retains|retaining|store|storing|freeze|freezing _ {_ARMS}
        relinquish* _ {_ARMS} ; collect* _ {_ARMS} ; weapons handover ; right to weapons|arms
        issue of weapons|arms ; heavy|offensive|light|personal weapons|arms ; weapons ; arms depot*
        (its|their|the group) arsenal ; tunnel network ; tunnels ; tunnel
        military infrastructure ; terror infrastructure ; weapon* workshop* ; weapon* production ; rocket factor*
        نزع السلاح ; نزع سلاح ; سلاح المقاومة ; تسليم السلاح ; تسليم سلاحها ; إلقاء السلاح ; السلاح ; الأنفاق ; أنفاق
        פירוק הנשק ; פירוק נשק ; פירוז ; לפרק את נשקו ; נשק ; הנשק ; נשקו ; התפרקות ; מנהרות ; המנהרות""",
    Category.RECONSTRUCTION: """
        reconstruct* ; rebuild* ; rebuilt ; clear* _ rubble ; rubble (removal|clearance) ; remov* _ rubble
        إعادة الإعمار ; إعادة إعمار ; إعمار ; الركام
        שיקום ; שיקומה ; לשקם ; בנייה מחדש""",
    Category.HUMANITARIAN_AID: """
        humanitarian|relief|food|medical|emergency|international aid|assistance|relief|supplies|deliveries|shipments|convoy*
        aid truck* ; truck* _ aid|food|fuel|supplies ; truckload* ; trucks ; aid
        aid deliver* ; aid convoy* ; aid deliveries ; aid entry ; entry of _ aid|goods|fuel|food|trucks|supplies
        relief supplies ; convoy* ; (cooking) gas|fuel deliver* ; tents ; shelter materials|supplies
        food parcels ; flour ; famine
        (repair*|restor*) water|electricity|power network*|lines|supply ; sewage ; desalination plant ; bakeries
        مساعدات ; المساعدات ; شاحنات ; شاحنة ; الإغاثة
        סיוע ; הסיוע ; משאיות ; סיוע הומניטרי""",
    Category.BORDER_CROSSING: """
        border crossing* ; rafah (border) crossing ; crossing|crossings ; open* _ crossing|crossings
        reopen* _ crossing|crossings|rafah|border ; (kerem shalom|zikim|erez|kissufim|karem abu salem)
        border terminal ; rafah terminal
        معبر ; معبر رفح ; المعابر ; معابر
        מעבר רפיח ; המעבר ; מעברים ; המעברים""",
    Category.MONITORING: """
        monitor* _ ceasefire|truce|implementation|compliance ; ceasefire|truce monitor*
        monitoring|verification mechanism|mission|committee|team|teams|center|body ; coordination center
        observer mission ; observers ; verification
        progress report* ; report* to _ security council
        آلية المراقبة ; آلية مراقبة ; مركز التنسيق
        מנגנון פיקוח ; מטה התיאום""",
    Category.POLITICAL_PROCESS: """
        two-state solution ; two state solution ; statehood ; self-determination ; self determination
        palestinian state ; political horizon ; political process ; peace talks ; elections ; election
        constitution* ; referendum ; amnesty ; safe passage
        حل الدولتين ; دولة فلسطينية ; تقرير المصير ; انتخابات ; العفو ; عفو
        שתי המדינות ; מדינה פלסטינית ; הגדרה עצמית ; בחירות ; חנינה""",
    Category.RETURN_OF_DISPLACED: """
        displaced (people|persons|families|residents|palestinians) ; displacement ; forcibl* displac*
        forced displacement ; forced to leave ; internally displaced ; refugees
        return* to _ homes|villages|north
        voluntary|forced emigration|migration|transfer ; population transfer ; leave gaza
        تهجير ; التهجير ; النازحين ; نازحين ; عودة النازحين
        עקורים ; העקורים ; הגירה מרצון ; עקירה""",
}

_SAME = {
    word: group[0]
    for group in (
        ["dead", "deceased", "slain", "body", "bodies", "remains", "corpse", "corpses", "coffin", "coffins", "killed"],
        ["living", "alive", "survivors"],
        ["hostage", "hostages", "captive", "captives", "abductees", "abductee"],
        [
            "weapon",
            "weapons",
            "arms",
            "arsenal",
            "gun",
            "guns",
            "weaponry",
            "disarm",
            "disarmed",
            "disarmament",
            "demilitarisation",
            "demilitarization",
            "decommission",
        ],
        [
            "withdraw",
            "withdraws",
            "withdrawal",
            "withdrew",
            "withdrawn",
            "pull",
            "pulls",
            "pulled",
            "pullback",
            "pullout",
        ],
        ["further", "second", "next", "additional", "stage", "stages", "staged", "phase"],
        ["rebuild", "rebuilt", "rebuilds", "rebuilding", "reconstruction", "reconstruct"],
        ["truck", "trucks", "convoy", "convoys", "truckloads"],
        ["strike", "strikes", "airstrike", "airstrikes", "bombardment", "bombing", "shelling", "operations"],
        ["committee", "technocratic", "technocrats", "technocrat"],
        ["prisoner", "prisoners", "detainee", "detainees", "detained", "inmates"],
        ["release", "releases", "released", "releasing", "free", "freed", "frees"],
        ["govern", "governs", "governing", "governance", "government", "rule", "power", "administration"],
        ["force", "forces", "troops", "peacekeepers", "soldiers"],
        ["factions", "faction", "militants", "fighters"],
        ["displaced", "displacement", "displace", "leave", "emigration"],
        ["statehood", "state", "self-determination"],
    )
    for word in group
}
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
    gap: bool = False
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


_HEAD = 3


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
        for stem in stems:
            book.weights[stem] = book.weights.get(stem, 0.0) + 1
    book.weights = {stem: 1 / count for stem, count in book.weights.items()}
    for category in book.by_category:
        for items in _compiled(category):
            _put(book, items, f"category:{category}")
    for duty in book.duties:
        for phrase in (*duty.terms, *_title_phrases(duty.title, actors)):
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


@lru_cache(maxsize=64)
def _compiled(category: str) -> tuple[tuple[_Item, ...], ...]:
    lines = VOCABULARY.get(category, "").replace("\n", " ; ").split(";")
    return tuple(_items(line.split()) for line in _grouped(lines))


def _grouped(lines: list[str]) -> list[str]:
    """Lines with each bracketed group made one word."""
    result = []
    for line in lines:
        text = line.strip()
        if not text:
            continue
        inside = False
        made = []
        for letter in text:
            inside = (inside or letter == "(") and letter != ")"
            made.append("\u00a0" if inside and letter == " " else letter)
        result.append("".join(made))
    return result


def _items(words: list[str]) -> tuple[_Item, ...]:
    made: list[_Item] = []
    for word in words:
        if word == "_":
            made.append(_Item(frozenset(), (), gap=True))
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
    "lets let opens open gives give takes take holds hold releases release returns return moves move suspends suspend pulls "
    "pull withdraws withdraw deploys deploy monitors monitor coordinates coordinate keeps keep stays stay sets set gets get "
    "goes leaves leave trained repaired destroyed returned released rebuilt needed forced forward back further"
)
"""Words that end a title's phrase: what is left names a thing."""


def _meaning(text: str) -> set[str]:
    return {stem(each) for each in tokens(text).keys if each and each not in _SMALL and len(each) > 2}


@lru_cache(maxsize=65536)
def stem(folded: str) -> str:
    """A word's plain form: what it means the same as, else without its ending."""
    if folded in _SAME:
        return _SAME[folded]
    if not folded.isascii() or len(folded) < 5:
        return folded
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
        last, owners = _longest(words, sentence, book, index)
        if last is None:
            index += 1
            continue
        first, start = index, words.starts[index]
        ref = _best(words, sentence, book, actors, first, last, owners)
        if ref:
            found.append(Phrase(start, words.ends[last], first, last, ref))
            index = last + 1
        else:
            index += 1
    return found


def _longest(words: Tokens, sentence: Sequence[int], book: Vocabulary, index: int) -> tuple[int | None, set[str]]:
    folded = words.keys[index]
    best: int | None = None
    owners: set[str] = set()
    if not folded:
        return best, owners
    cuts = without_prefixes(folded) if script(folded) else (0,)
    for cut in cuts:
        head = folded[cut:]
        for items, owner in book.heads.get(head[:_HEAD], ()):
            last = _match(words, sentence, items, index, head)
            if last is None:
                continue
            if best is None or last > best:
                best, owners = last, {owner}
            elif last == best:
                owners.add(owner)
    return best, owners


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
            skip = 3
            continue
        place = at + 1
        limit = min(len(words), at + 2 + skip)
        while place < limit and sentence[place] == sentence[index]:
            gap = words.gap(place - 1)
            if any(mark in gap for mark in ".;:!?()") or (skip and "," in gap):
                place = limit
                break
            if item.fits(words.keys[place]):
                break
            place += 1
        if place >= limit or sentence[place] != sentence[index]:
            if item.optional:
                continue
            return None
        at = place
        skip = 0
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
    categories = {owner[9:] for owner in owners if owner.startswith("category:")}
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
    best, best_score = candidates[0], -1.0
    for duty in candidates:
        stems = book.stems[duty.id]
        score = 2.0 if duty.id in own else 0.0
        score += sum(3 * book.weights.get(each, 0) for each in inside & stems)
        score += sum(1.5 * book.weights.get(each, 0) for each in near & stems)
        score += sum(0.75 * book.weights.get(each, 0) for each in around & stems)
        score += 0.8 * (before in duty.obligors) + 0.5 * bool(who & set(duty.obligors))
        score += 0.2 * bool(everybody & set(duty.obligors)) + 0.2 * bool(who & set(duty.beneficiaries))
        if score > best_score + 1e-9:
            best, best_score = duty, score
    return best.id
