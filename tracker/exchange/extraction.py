"""Makes plain text, and what is known about it, out of a page, a PDF or pasted words.

Everything found is a proposal that a researcher corrects; ``notes`` says what deserves a look. The text has one blank
line between paragraphs, no markup, and no character that could change how the rest of a page is shown.
"""

import codecs
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from tracker.exchange.addresses import canonical_url
from tracker.exchange.apart import Unreadable, apart

LONGEST = 400_000
"""Characters of text kept: about as many as a novel has."""

SHORTEST = 140
"""Characters below which a page is taken to have shown no article."""

BRIEF = 800
"""Characters below which the words of a barrier (pay, agree, switch on) are taken to be all there is."""

MOST_PAGES = 400
LARGEST = 12_000_000
"""Bytes of a file."""

MOST_TAGS = 60_000
"""Of a page, where an article has some hundreds; trafilatura's time grows with their square."""

MOST_JSON = 10_000
"""Values looked at in a page's description of itself."""


class NotAnArticle(Unreadable):
    """There is no text to work with. ``reason`` says in one or two sentences why, and what to do instead."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Text fit to be stored and shown. ``notes`` are sentences about what was taken out, usually none."""

    text: str
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a file says, and says about itself. Empty strings and None where it says nothing."""

    title: str
    outlet: str
    """The site's name, or its host."""
    authors: str
    """Names joined by commas."""
    published_on: date | None
    """The day as the page writes it, in the page's own time zone."""
    language: str
    """A code such as "en" or "ar"."""
    text: str
    canonical_url: str
    """The address the page gives as its own, in canonical form."""
    notes: list[str]


def extract(body: bytes, media_type: str, url: str = "", charset: str = "") -> Extracted:
    """The text of a page, a PDF or a text file, and what is known about it.

    ``url`` is where it came from ("" for an upload), ``charset`` what the server declared. HTML and PDF are read in a
    process of their own, which takes some tenths of a second and never more than twenty.
    Raises NotAnArticle.
    """
    if len(body) > LARGEST:
        raise NotAnArticle(
            f"The file is larger than {LARGEST // 1_000_000} megabytes. Paste the part of the text you need."
        )
    if not body.strip(b"\x00\t\n\r "):
        raise NotAnArticle("The file is empty. Check that you chose the right one, or paste the text.")
    if body[:1024].lstrip().startswith(b"%PDF-"):
        media_type = "application/pdf"
    if media_type == "application/pdf":
        return _apart("_pdf", body)
    if media_type in ("text/html", "application/xhtml+xml"):
        return _apart("_page", body, url=url, charset=charset)
    if media_type.startswith("text/"):
        return _plain(body, charset)
    raise NotAnArticle("This kind of file cannot be read. Use HTML, PDF or plain text, or paste the text.")


def clean(text: str) -> Cleaned:
    """The text without what cannot be stored or would disturb: control and direction-changing characters.

    Line ends become "\\n", and more than one blank line becomes one. Marks that only sort out the order of a few
    characters next to them (LRM, RLM, ALM) stay, as does everything visible.
    """
    notes: list[str] = []
    if len(text) > LONGEST:
        kept = _cut(text, LONGEST)
        notes.append(
            f"The text was cut after {len(kept):,} characters; the last {len(text) - len(kept):,} are not kept. "
            "Paste what you need of them as an article of its own."
        )
        text = kept
    if SURROGATE.search(text):
        text, broken = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"), text
        if lost := text.count("\ufffd") - broken.count("\ufffd"):
            notes.append(f"{_times(lost, 'broken character')} replaced by “\ufffd”.")
    text, turned = DIRECTION.subn("", text)
    if turned:
        notes.append(
            f"{_times(turned, 'invisible character')} removed: such characters change the order in which text is shown."
        )
    for pattern, instead in LINE_ENDS:
        text = pattern.sub(instead, text)
    text, control = CONTROL.subn("", text)
    if control:
        notes.append(f"{_times(control, 'control character')} removed.")
    text = INVISIBLE.sub("", text)
    text = "\n".join(line.rstrip(" ") for line in text.split("\n"))
    return Cleaned(BLANK_LINES.sub("\n\n", text).strip("\n "), notes)


SURROGATE = re.compile(r"[\ud800-\udfff]")
DIRECTION = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
LINE_ENDS = [
    (re.compile(r"\r\n?|[\x0b\x0c\x85\u2028]"), "\n"),
    (re.compile(r"\u2029"), "\n\n"),
]
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufff9-\ufffb\U000e0000-\U000e007f]")
CONTROL_REFERENCE = re.compile(
    r"&#(0*([0-8]|1[124-9]|2\d|3[01])(?!\d)|x0*([0-8bcef]|1[0-9a-f])(?![0-9a-f])|x0*d[89a-f][0-9a-f]{2}(?![0-9a-f]));?",
    re.IGNORECASE,
)
"""The same in the spelling of HTML, and half surrogates."""
INVISIBLE = re.compile(r"[\u00ad\u200b\u2060\ufeff]")
"""Soft hyphens and spaces of no width: they only keep a name from being found."""
BLANK_LINES = re.compile(r"\n{3,}")


def _times(number: int, thing: str) -> str:
    return f"{number:,} {thing} was" if number == 1 else f"{number:,} {thing}s were"


def _cut(text: str, limit: int) -> str:
    """The beginning, up to the last paragraph or word that is whole."""
    text = text[:limit]
    for end in ("\n", " "):
        if (at := text.rfind(end)) > limit * 0.9:
            return text[:at]
    return text


# Plain text and character sets


def _plain(body: bytes, charset: str) -> Extracted:
    text, notes = decode(body, charset)
    cleaned = clean(text)
    if not cleaned.text.strip():
        raise NotAnArticle("The file has no text in it. Check that you chose the right one, or paste the text.")
    sample = text[:10_000]
    if (len(CONTROL.findall(sample)) + sample.count("\ufffd")) * 10 > len(sample):
        raise NotAnArticle("The file is not text, whatever its name says. Use HTML, PDF or plain text.")
    return Extracted(
        title=_headline(cleaned.text),
        outlet="",
        authors="",
        published_on=None,
        language=_language_of(cleaned.text),
        text=cleaned.text,
        canonical_url="",
        notes=notes + cleaned.notes,
    )


def decode(body: bytes, charset: str = "", *, is_html: bool = False) -> tuple[str, list[str]]:
    """The characters, and notes on what was unsure. Never fails.

    A byte order mark decides; then what was declared, by the server or in the page, if it fits; then UTF-8; then what
    the bytes look like.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace"), []
    declared = [charset]
    if is_html and (found := META_CHARSET.search(body[:4096])):
        declared.append(found[1].decode("ascii"))
    candidates = [encoding for name in declared if (encoding := _encoding(name))]
    # Pages in UTF-8 that declare Western European are common, the reverse is next to impossible.
    if all(encoding == "cp1252" for encoding in candidates):
        candidates.insert(0, "utf-8")
    for encoding in [*candidates, "utf-8"]:
        try:
            return body.decode(encoding), []
        except UnicodeError:
            continue
    text = body.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    if lost < sum(character > "\x7f" for character in text) - lost:
        return text, [f"{_times(lost, 'character')} not readable and replaced by “\ufffd”. Compare with the original."]
    encoding = next((encoding for encoding in candidates if encoding != "utf-8"), "") or _guessed(body)
    note = f"The file does not say how its letters are written ({encoding} was assumed). Compare with the original."
    return body.decode(encoding, "replace"), [note]


BYTE_ORDER_MARKS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE
)
CHARACTER_SETS = re.compile(
    r"utf-(8|16|32)(-[lb]e)?|iso8859-\d+|cp\d+|koi8-[rut]|gb(2312|k|18030)|big5|euc_(jp|kr)|shift_jis|mac-\w+"
)
"""Python's names of those that pages are written in. It has others, which unpack, or run in quadratic time."""


def _encoding(name: str) -> str:
    """Python's name of a declared character set, or "" for none that pages are written in."""
    try:
        found = codecs.lookup(name.strip()).name if name.strip().isascii() else ""
    except (LookupError, ValueError):
        return ""
    if found in ("iso8859-1", "ascii"):
        return "cp1252"  # what browsers make of both
    return found if CHARACTER_SETS.fullmatch(found) else ""


def _guessed(body: bytes) -> str:
    import charset_normalizer  # slow to load and seldom needed

    best = charset_normalizer.from_bytes(body[:20_000]).best()
    return (best and _encoding(best.encoding)) or "cp1252"


# HTML


def _apart(task: str, body: bytes, **options: Any) -> Extracted:
    try:
        found = apart(f"{__name__}:{task}", body, **options)
    except Unreadable as error:
        raise NotAnArticle(error.reason) from None
    day = found["published_on"]
    return Extracted(**{**found, "published_on": date.fromisoformat(day) if day else None})


def _as_json(found: Extracted) -> dict[str, Any]:
    return {**asdict(found), "published_on": found.published_on and found.published_on.isoformat()}


def _page(body: bytes, *, url: str, charset: str) -> dict[str, Any]:
    """Runs apart. Raises NotAnArticle."""
    import trafilatura
    from lxml import etree, html  # type: ignore[import-untyped]  # only the child needs them

    source, notes = decode(body, charset, is_html=True)
    if source.count("<") > MOST_TAGS:
        raise NotAnArticle("The page is made of too many parts to be read. Open it and paste the text you need.")
    # None of them would survive lxml, which also stops at 256 nested elements: nothing after it recurses deeper.
    source = CONTROL.sub("", CONTROL_REFERENCE.sub("", SURROGATE.sub("\ufffd", source)))
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, no_network=True, huge_tree=False
    )
    try:
        tree = html.document_fromstring(source.encode(), parser=parser)
    except (etree.LxmlError, ValueError):
        raise NotAnArticle(NOTHING_THERE) from None
    shown = _shown(tree)
    described = _description(tree)
    language = _declared_language(tree, described)
    document: Any = trafilatura.bare_extraction(
        tree,
        url=url or None,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        favor_recall=True,
        # Only what the page states about itself or marks as a date. Dates in running text are about other things.
        date_extraction_params={"extensive_search": False, "original_date": True, "max_date": _tomorrow()},
    )
    if document is None or document.body is None:
        raise NotAnArticle(_barrier(shown) or NOTHING_THERE)
    cleaned = clean("\n\n".join(_paragraphs(document.body)))
    text = cleaned.text
    if len(text) < SHORTEST or (len(text) < BRIEF and _barrier(text)):
        raise NotAnArticle(_barrier(text) or _barrier(shown) or NOTHING_THERE)
    notes += cleaned.notes
    if described.locked:
        notes.append(LOCKED)
    elif _barrier(text[-BRIEF:]) == PAYWALL:
        notes.append(LOCKED.replace("says that it is", "seems"))
    published = described.published_on
    if published is None and document.date:
        published = date.fromisoformat(document.date)
        notes.append("The date was found in the page's address or layout, not in its description of itself. Check it.")
    link, odd = _own_link(tree, url)
    notes += odd
    found = Extracted(
        title=_line(document.title or ""),
        outlet=_line(document.sitename or document.hostname or ""),
        authors=", ".join(_line(name) for name in (document.author or "").split(";") if name.strip())[:500],
        published_on=published,
        language=language or _language_of(text),
        text=text,
        canonical_url=link,
        notes=notes,
    )
    return _as_json(found)


def _tomorrow() -> str:
    """It may have come already where the page was written."""
    return (datetime.now(UTC).date() + timedelta(days=1)).isoformat()


def _line(value: str) -> str:
    return " ".join(clean(value).text.split())[:500]


def _shown(tree: Any) -> str:
    """The page's visible words, whether article or not, for finding out why there is no article."""
    words = tree.xpath("//body//text()[not(ancestor::script or ancestor::style)]")
    title = tree.findtext(".//title") or ""
    return " ".join(f"{title} {' '.join(words[:5000])}".split())[:50_000]


PAYWALL = "The page shows its text to subscribers only. Open it in your browser, logged in, and paste the text."
CONSENT = "The page asks for consent to cookies before it shows anything. Open it in your browser and paste the text."
SCRIPTED = "The page shows its text only to a browser that runs its scripts. Open it there and paste the text."
ROBOTS = "The page wants to be sure that a person is reading. Open it in your browser and paste the text."
NOTHING_THERE = (
    "No article text was found on this page; it may be a list, a video, or a page that needs a browser. "
    "Open it and paste the text."
)
LOCKED = "The page says that it is not free to read: what was found may be only the beginning. Compare with the page."

BARRIERS = {
    ROBOTS: [
        r"verify (that )?you are (a )?human|are you a robot|not a robot|unusual (traffic|activity)|captcha",
        r"just a moment\b|checking your browser|access (to this page has been )?denied|security check",
    ],
    SCRIPTED: [
        r"(enable|turn on|activate|requires?|without|need) java ?script",
        r"java ?script (is|must be|to be) (disabled|enabled|required|turned)|browser (is not|isn.t) supported",
    ],
    PAYWALL: [
        r"(subscribe|sign in|log in|register|sign up)( now| today)? (to|and) (continue|keep|read|unlock|finish)",
        r"(for|to) subscribers( only)?\b|subscribers.only|become a (subscriber|member) to|already a subscriber",
        r"to (continue|keep) reading|(this|the) (article|story|content) is (reserved|available only|exclusive)",
        r"you.ve (reached|read) your|للمشتركين|למנויים",
    ],
    CONSENT: [
        r"(accept|agree to|consent to|we use|uses?|manage) (all )?(the )?cookies|before you continue",
        r"we (value|care about) your privacy|your privacy choices",
    ],
}


def _barrier(words: str) -> str:
    """The reason a page shows no article, by the words it puts in the way; "" if none of them are there."""
    words = words.lower()
    return next((reason for reason, patterns in BARRIERS.items() if any(re.search(one, words) for one in patterns)), "")


def _paragraphs(body: Any) -> Iterator[str]:
    """The blocks of trafilatura's tree in order: headings, paragraphs, list items, rows with cells apart by tabs."""
    for element in body.iterchildren():
        match element.tag:
            case "list":
                yield "\n".join(f"- {words}" for item in element.iterchildren("item") if (words := _words(item, "\n")))
            case "table":
                rows = ("\t".join(_words(cell) for cell in row.iterchildren("cell")) for row in element.iter("row"))
                yield "\n".join(row for row in rows if row.strip())
            case "quote" | "div" | "section" if len(element) and element[0].tag not in ("lb", "hi", "ref", "del"):
                if element.text and element.text.strip():
                    yield " ".join(element.text.split())
                yield from _paragraphs(element)
            case _:
                yield _words(element, "\n")
        if element.tail and element.tail.strip():
            yield " ".join(element.tail.split())


def _words(element: Any, line_end: str = " ") -> str:
    """An element's text with single spaces; a line break in it becomes ``line_end``."""
    for inner in element.iterdescendants("lb"):
        inner.text = LINE_SEPARATOR
    for inner in element.iterdescendants("item"):
        inner.text = f"{LINE_SEPARATOR}- {inner.text or ''}"
    for inner in element.iterdescendants("p", "row", "cell"):
        inner.text = f" {inner.text or ''}"
    lines = (" ".join(line.split()) for line in "".join(element.itertext()).split(LINE_SEPARATOR))
    return line_end.join(line for line in lines if line)


LINE_SEPARATOR = "\u2028"


@dataclass(slots=True)
class _Description:
    """What a page's JSON-LD and meta elements state."""

    published_on: date | None = None
    language: str = ""
    locked: bool = False


ARTICLES = re.compile(r".*(Article|Posting|Report|WebPage)")


def _description(tree: Any) -> _Description:
    found = _Description()
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "") and script.text:
            for thing in _things(script.text):
                _take(thing, found)
    for name in ("article:published_time", "datePublished", "dc.date.issued", "dcterms.issued", "date", "pubdate"):
        if found.published_on is None:
            for meta in tree.xpath("//meta[@property=$name or @name=$name or @itemprop=$name]", name=name):
                found.published_on = found.published_on or _day(meta.get("content"))
    if any(
        meta.get("content", "").lower() == "false" for meta in tree.xpath("//meta[@itemprop='isAccessibleForFree']")
    ):
        found.locked = True
    return found


def _things(source: str) -> Iterator[dict[str, Any]]:
    """All objects in a JSON text, outermost first; none if it is not JSON."""
    try:
        waiting = [json.loads(source, strict=False)]
    except (ValueError, RecursionError):
        return
    for _ in range(MOST_JSON):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, dict):
            yield value
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def _take(thing: dict[str, Any], found: _Description) -> None:
    kinds = thing.get("@type")
    if not any(
        isinstance(kind, str) and ARTICLES.fullmatch(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])
    ):
        return
    found.published_on = found.published_on or _day(thing.get("datePublished"))
    if not found.language and isinstance(thing.get("inLanguage"), str):
        found.language = thing["inLanguage"]
    found.locked |= str(thing.get("isAccessibleForFree")).lower() == "false"


def _day(value: Any) -> date | None:
    """The day of an ISO 8601 date or time, as written: an article of 23:30 in New York is of that day."""
    if not isinstance(value, str) or not (found := re.match(r"\s*(\d{4}-\d\d-\d\d)(?!\d)", value)):
        return None
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        return None
    return day if 1900 <= day.year <= datetime.now(UTC).year + 1 else None


def _own_link(tree: Any, url: str) -> tuple[str, list[str]]:
    """The address a page gives as its own, and a note if that is strange."""
    links = [
        *tree.xpath("//link[translate(@rel, 'CANOIL', 'canoil')='canonical']/@href"),
        *tree.xpath("//meta[@property='og:url']/@content"),
    ]
    for link in links[:10]:
        try:
            own = canonical_url(urljoin(url, str(link).strip()))
            here = urlsplit(url)
            there = urlsplit(own)
        except ValueError:
            continue
        # Some sites give every page the address of the first one.
        if there.path == "/" and not there.query and here.path not in ("", "/"):
            continue
        if len(own) > 2000 or clean(own).text != own:
            continue
        if here.hostname and _site(here.hostname) != _site(there.hostname or ""):
            return own, [
                f"The page names an address at {there.hostname} as its original. Check that it is the same text."
            ]
        return own, []
    return "", []


def _site(host: str) -> str:
    return re.sub(r"^(www|m|amp|mobile)\.", "", host.lower())


def _declared_language(tree: Any, described: _Description) -> str:
    stated = [
        tree.get("lang"),
        tree.get("{http://www.w3.org/XML/1998/namespace}lang"),
        tree.get("xml:lang"),
        described.language,
        *tree.xpath("//meta[@property='og:locale']/@content"),
        *tree.xpath("//meta[translate(@http-equiv, 'CONTELAGU', 'contelagu')='content-language']/@content"),
    ]
    for value in stated:
        if value and (found := re.match(r"\s*([A-Za-z]{2,3})\b(?![A-Za-z])", str(value).replace("_", "-"))):
            return LANGUAGES.get(found[1].lower(), found[1].lower())
    return ""


LANGUAGES = {"iw": "he", "heb": "he", "ara": "ar", "eng": "en"}


def _language_of(text: str) -> str:
    """Arabic, Hebrew or English, where the letters and the commonest words leave no doubt; else ""."""
    sample = text[:20_000]
    letters = Counter(
        "he" if "\u0590" <= letter <= "\u05ff" else "ar" if "\u0600" <= letter <= "\u06ff" else "latin"
        for letter in sample
        if letter.isalpha()
    )
    if not letters:
        return ""
    script, number = letters.most_common(1)[0]
    if number < 0.6 * letters.total():
        return ""
    if script == "ar" and sum(sample.count(letter) for letter in "پچژگیک") * 100 > number:
        return ""  # Persian, Urdu, Kurdish
    if script == "latin":
        words = re.findall(r"[a-z]+", sample.lower())
        common = sum(word in ("the", "of", "and", "to", "in", "that") for word in words)
        return "en" if common * 10 > len(words) else ""
    return script


def _headline(text: str) -> str:
    """The first line, if it looks like one."""
    first = text.partition("\n")[0].strip()
    return first if 0 < len(first) <= 200 and "\t" not in first else ""


# PDF


def _pdf(body: bytes) -> dict[str, Any]:
    """Runs apart. Raises NotAnArticle."""
    import pypdf  # only the child needs it
    import pypdf.errors

    try:
        reader = pypdf.PdfReader(io.BytesIO(body), strict=False)
        # Many are locked against changes only and open with an empty password.
        if reader.is_encrypted and not reader.decrypt(""):
            raise NotAnArticle("The PDF is locked with a password. Open it yourself and paste the text.")
        number = len(reader.pages)
        if number > MOST_PAGES:
            raise NotAnArticle(
                f"The PDF has {number:,} pages; up to {MOST_PAGES} are read. Upload or paste the part you need."
            )
        pages: list[list[str]] = []
        length = 0
        for page in reader.pages:
            lines = page.extract_text().split("\n")
            pages.append(lines)
            length += sum(map(len, lines))
            if length > LONGEST:
                break
        about = reader.metadata
        title, author = (about.title or "", about.author or "") if about else ("", "")
    except NotAnArticle:
        raise
    except Exception as error:
        # pypdf meets damage in many ways, not all of them errors of its own.
        raise NotAnArticle(
            "The PDF is damaged and cannot be read. Open it yourself and paste the text, or upload another copy."
        ) from error
    cleaned = clean("\n\n".join(_flow(_without_running_heads(pages))))
    if len(re.sub(r"\W", "", cleaned.text)) < SHORTEST / 2:
        raise NotAnArticle(
            "The PDF holds pictures of pages and no text. Look for a version with text in it, or type what you need."
        )
    notes = list(cleaned.notes)
    if len(pages) < number:
        notes.append(f"Only the first {len(pages)} of {number} pages were read.")
    language = _language_of(cleaned.text)
    if language in ("ar", "he"):
        notes.append("Words out of a PDF written from right to left may come in the wrong order. Compare with the PDF.")
    if made := _made_on(about):
        notes.append(f"The PDF was made on {made:%d %b %Y}; that need not be the day it was published.")
    found = Extracted(
        title=_line(title) if _is_title(title) else _headline(cleaned.text),
        outlet="",
        authors=_line(author),
        published_on=None,
        language=language,
        text=cleaned.text,
        canonical_url="",
        notes=notes,
    )
    return _as_json(found)


def _made_on(about: Any) -> date | None:
    try:
        made = about.creation_date if about else None
    except ValueError:
        return None
    return made.date() if made else None


def _is_title(title: str) -> bool:
    """Word processors leave file names here."""
    return len(title.strip()) > 5 and not re.search(
        r"\.(docx?|pdf|indd|odt|rtf)\b|microsoft word|untitled", title.lower()
    )


def _without_running_heads(pages: list[list[str]]) -> Iterator[list[str]]:
    """The pages' lines without what stands at the top or bottom of many of them, whatever its page number."""

    def edge(line: str) -> str:
        return re.sub(r"\d+", "0", line.strip())

    pages = [[line for line in page if line.strip()] or [""] for page in pages]
    edges = Counter(form for page in pages for form in {edge(page[0]), edge(page[-1])})
    often = {form for form, times in edges.items() if times >= 3 and times > len(pages) / 3}
    for page in pages:
        yield [line for at, line in enumerate(page) if at not in (0, len(page) - 1) or edge(line) not in often]


def _flow(pages: Iterable[list[str]]) -> Iterator[str]:
    """Paragraphs out of lines that end where the column did: one ends at a short line that closes a sentence."""
    lines = [" ".join(line.split()) for page in pages for line in page]
    lengths = sorted(len(line) for line in lines if line)
    usual = lengths[int(len(lengths) * 0.8)] if lengths else 0
    paragraph = ""
    for line in lines:
        if not line:
            continue
        if paragraph.endswith("-") and line[:1].islower() and paragraph[-2:-1].isalpha():
            paragraph = paragraph[:-1] + line
        else:
            paragraph = f"{paragraph} {line}" if paragraph else line
        if len(line) < usual * 0.8 and (line.endswith((".", "!", "?", ":", "”", '"', "؟")) or len(line) < usual * 0.5):
            yield paragraph
            paragraph = ""
    if paragraph:
        yield paragraph
