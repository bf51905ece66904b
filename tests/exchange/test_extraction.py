"""Text out of pages, PDFs and pasted words: what is found, what is refused, and that hostile files harm nothing."""

import gzip
import io
import itertools
import json
import time
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from tracker.exchange.apart import Unreadable, apart
from tracker.exchange.extraction import LONGEST, Extracted, NotAnArticle, clean, decode, extract

FIRST = (
    "Envoys of four states met on the coast on Friday to speak about the second phase of the truce, an official said. "
    "The talks lasted for three hours and ended without a statement."
)
SECOND = (
    "A spokesman for the river council said that the crossing would stay closed until the last body is returned, "
    "and that he expected an answer within days."
)
THIRD = "The two sides have traded accusations since the strike of last weekend, which killed a commander in his car."
URL = "https://harbourpost.example/2025/12/19/envoys?utm_source=mail"


def described(**more: Any) -> str:
    about = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Envoys meet on the coast", **more}
    return f'<script type="application/ld+json">{json.dumps(about)}</script>'


def page(
    *paragraphs: str, head: str = "", lang: str = ' lang="en-GB"', title: str = "Envoys meet on the coast"
) -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs or (FIRST, SECOND, THIRD))
    return (
        f'<!DOCTYPE html><html{lang}><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        '<nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>'
        f"<article><h1>{title}</h1>{text}</article>"
        '<div id="comments" class="comments"><p>A reader remarks that all of this was to be expected.</p></div>'
        "<footer><p>All rights reserved by the harbour.</p></footer></body></html>"
    ).encode()


def html(body: bytes, charset: str = "", url: str = URL) -> Extracted:
    return extract(body, "text/html", url, charset)


def refusal(body: bytes, media_type: str = "text/html") -> str:
    with pytest.raises(NotAnArticle) as refused:
        extract(body, media_type, URL)
    return refused.value.reason


GRAPH = (
    '<script type="application/ld+json">{"@graph": [{"@type": ["WebPage"]}, {"@type": "ReportageNewsArticle", '
    '"datePublished": "2025-12-18T10:00:00Z"}]}</script>'
)
LATER = (
    '<script type="application/ld+json">not json</script>'
    '<meta property="article:published_time" content="2025-12-18T21:00:00+02:00">'
)


class TestPage:
    def test_a_page_gives_its_text_and_what_it_says_about_itself(self) -> None:
        people = [{"@type": "Person", "name": "Mara Lind"}, {"@type": "Person", "name": "Tom Okafor"}]
        head = (
            described(datePublished="2025-12-19T23:30:00-05:00", author=people)
            + '<meta property="og:site_name" content="Harbour Post">'
            + '<link rel="canonical" href="/2025/12/19/envoys?utm_medium=x#top">'
        )
        assert html(page(head=head)) == Extracted(
            title="Envoys meet on the coast",
            outlet="Harbour Post",
            authors="Mara Lind, Tom Okafor",
            published_on=date(2025, 12, 19),
            language="en",
            text=f"Envoys meet on the coast\n\n{FIRST}\n\n{SECOND}\n\n{THIRD}",
            canonical_url="https://harbourpost.example/2025/12/19/envoys",
            notes=[],
        )

    def test_lists_tables_quotes_and_line_breaks_keep_their_shape(self) -> None:
        body = page(
            FIRST,
            "They agreed on:</p><ul><li>the crossing, <b>and <i>its</i> hours</b> of work</li><li>a ferry</li></ul><p>",
            SECOND,
            f"</p><blockquote><p>{THIRD}</p></blockquote><p>",
            "</p><table><tr><th>Day</th><th>Trucks</th></tr><tr><td>1 Dec</td><td>420</td></tr></table><p>",
            "The office of the envoy<br>Harbour Road 1 and its many neighbours<br>on the coast",
        )
        text = html(body).text
        assert "- the crossing, and its hours of work\n- a ferry" in text
        assert f"\n\n{THIRD}\n\n" in text
        assert "Day\tTrucks\n1 Dec\t420" in text
        assert "The office of the envoy\nHarbour Road 1 and its many neighbours\non the coast" in text
        assert "A reader remarks" not in text
        assert "All rights reserved" not in text

    @pytest.mark.parametrize(
        "head",
        [
            described(datePublished="2025-12-18"),
            GRAPH,
            LATER,
            '<meta itemprop="datePublished" content="2025-12-18">',
            '<meta name="dcterms.issued" content="2025-12-18">',
        ],
    )
    def test_a_stated_date_is_taken_as_it_is_written(self, head: str) -> None:
        got = html(page(head=head))
        assert got.published_on == date(2025, 12, 18)
        assert got.notes == []

    def test_a_date_from_the_address_is_marked_as_such(self) -> None:
        got = html(page())
        assert got.published_on == date(2025, 12, 19)
        assert any("Check it" in note for note in got.notes)

    def test_dates_in_the_text_are_about_other_things(self) -> None:
        got = html(page(FIRST, SECOND, f"{THIRD} The accord was signed on 10 October 2025."), url="https://x.example/a")
        assert got.published_on is None

    def test_an_undated_page_is_undated(self) -> None:
        for stated in ("0000-00-00", "2025-13-45", "soon", "9999-01-01"):
            assert html(page(head=described(datePublished=stated)), url="https://x.example/a").published_on is None

    @pytest.mark.parametrize(
        ("lang", "head", "language"),
        [
            (' lang="ar"', "", "ar"),
            (' lang="he-IL"', "", "he"),
            (' lang="iw"', "", "he"),
            (' lang="EN_us"', "", "en"),
            ("", '<meta property="og:locale" content="fr_FR">', "fr"),
            ("", described(inLanguage="de-DE"), "de"),
            ("", '<meta http-equiv="Content-Language" content="tr">', "tr"),
            (' lang=""', "", "en"),
        ],
    )
    def test_the_language_is_the_declared_one_else_that_of_the_words(self, lang: str, head: str, language: str) -> None:
        assert html(page(lang=lang, head=head)).language == language

    def test_a_page_that_is_not_free_says_so(self) -> None:
        for head in (
            described(isAccessibleForFree=False),
            described(isAccessibleForFree="False"),
            '<meta itemprop="isAccessibleForFree" content="false">',
        ):
            assert any("not free to read" in note for note in html(page(head=head)).notes)
        assert not any("free" in note for note in html(page(head=described(isAccessibleForFree=True))).notes)

    def test_a_text_that_ends_in_a_barrier_says_so(self) -> None:
        got = html(
            page(FIRST, SECOND, THIRD, FIRST.upper(), SECOND.upper(), "Subscribe now to keep reading this story.")
        )
        assert any("may be only the beginning" in note for note in got.notes)

    @pytest.mark.parametrize(
        ("words", "reason"),
        [
            ("Subscribe to continue reading. Already a subscriber? Log in.", "subscribers only"),
            ("Please enable JavaScript to view this page.", "runs its scripts"),
            ("We use cookies. Before you continue, choose what you allow.", "consent"),
            ("Just a moment... Verify you are human to go on.", "person is reading"),
            ("Latest videos", "No article text"),
            ("", "No article text"),
        ],
    )
    def test_a_page_without_an_article_says_what_is_in_the_way(self, words: str, reason: str) -> None:
        told = refusal(
            f"<!DOCTYPE html><html><head><title>News</title></head><body><p>{words}</p></body></html>".encode()
        )
        assert reason in told
        assert "paste the text" in told

    def test_an_address_of_its_own_elsewhere_is_remarked(self) -> None:
        head = '<link rel="canonical" href="https://wire.example/story">'
        got = html(page(head=head))
        assert got.canonical_url == "https://wire.example/story"
        assert any("wire.example" in note for note in got.notes)

    @pytest.mark.parametrize(
        "link",
        [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://a:b@harbourpost.example/x",
            "http://[::1",
            "/",
            "",
            "\u202e",
        ],
    )
    def test_an_address_of_its_own_that_cannot_be_one_is_left_out(self, link: str) -> None:
        assert html(page(head=f'<link rel="canonical" href="{link}">')).canonical_url in ("", URL.partition("?")[0])

    def test_without_an_address_nothing_is_made_up(self) -> None:
        got = html(page(), url="")
        assert (got.outlet, got.canonical_url) == ("", "")

    def test_arabic_and_hebrew_pages_are_read(self) -> None:
        arabic = "قال مسؤول إن مبعوثي أربع دول اجتمعوا يوم الجمعة على الساحل لبحث المرحلة الثانية من الهدنة. " * 3
        hebrew = "גורם רשמי אמר כי שליחי ארבע מדינות נפגשו ביום שישי בחוף כדי לדון בשלב השני של הפסקת האש. " * 3
        for text, language in [(arabic, "ar"), (hebrew, "he")]:
            got = html(page(text, lang="", title="X"))
            assert text.strip() in got.text
            assert got.language == language


class TestCharacters:
    CYRILLIC = "Посланники четырёх государств встретились на побережье в пятницу. " * 4

    @pytest.mark.parametrize(
        ("body", "charset", "is_html", "text"),
        [
            ("é".encode(), "", False, "é"),
            ("\ufeffé".encode(), "latin-1", False, "é"),
            ("é".encode("utf-16"), "", False, "é"),
            ("é".encode("utf-32"), "", False, "é"),
            ("é".encode("latin-1"), "iso-8859-1", False, "é"),
            ("“é”".encode("cp1252"), "iso-8859-1", False, "“é”"),
            ("“é”".encode(), "iso-8859-1", False, "“é”"),
            ("Россия".encode("cp1251"), "windows-1251", False, "Россия"),
            (
                b'<meta charset="windows-1251">' + "Россия".encode("cp1251"),
                "",
                True,
                '<meta charset="windows-1251">Россия',
            ),
            ("سلام".encode("cp1256"), "Windows-1256", False, "سلام"),
            ("שלום".encode("iso8859-8"), "ISO-8859-8", False, "שלום"),
            ("é".encode(), "no-such-set", False, "é"),
            ("é".encode(), "idna", False, "é"),
            ("é".encode(), "punycode", False, "é"),
            (b"+ADw-script+AD4-", "utf-7", False, "+ADw-script+AD4-"),
            (rb"\x41", "unicode_escape", False, r"\x41"),
            (b"aaaa", "zip", False, "aaaa"),
            (b"aaaa", "hex", False, "aaaa"),
        ],
    )
    def test_the_letters_are_found(self, body: bytes, charset: str, is_html: bool, text: str) -> None:
        assert decode(body, charset, is_html=is_html) == (text, [])

    def test_letters_nobody_declares_are_guessed_with_a_note(self) -> None:
        text, [note] = decode(self.CYRILLIC.encode("cp1251"))
        assert text == self.CYRILLIC
        assert "was assumed" in note

    def test_mixed_letters_are_mostly_kept(self) -> None:
        text, [note] = decode("naïve مرحبا ".encode() + b"caf\xe9")
        assert text == "naïve مرحبا caf\ufffd"
        assert note.startswith("1 character was not readable")

    def test_any_bytes_give_some_text(self) -> None:
        for body in (bytes(range(256)) * 10, b"\xff" * 1000, b"\xfe\xff\xd8", b"\xff\xfe\x00\xd8\x00"):
            decode(body)
            decode(body, "utf-8", is_html=True)

    def test_a_text_file_is_read(self) -> None:
        got = extract(f"Envoys meet\r\n\r\n{FIRST}\r\n{SECOND}".encode("cp1252"), "text/plain", charset="windows-1252")
        assert got == Extracted("Envoys meet", "", "", None, "en", f"Envoys meet\n\n{FIRST}\n{SECOND}", "", [])

    def test_files_that_are_no_text_are_refused(self) -> None:
        assert "empty" in refusal(b" \r\n\x00", "text/plain")
        assert "not text" in refusal(gzip.compress(bytes(range(256)) * 50) * 3, "text/plain")
        assert "no text" in refusal("\u200b\u202e".encode(), "text/plain")
        assert "cannot be read" in refusal(b"PK\x03\x04", "application/zip")
        assert "larger than" in refusal(b"a" * 12_000_001, "text/plain")


class TestClean:
    def test_plain_words_stay_as_they_are(self) -> None:
        text = "Title\n\nOne — “two” 三 🕊️ 👨\u200d👩 مرحبا\u200f!\nDay\tTrucks\u00a0420\n\n- \u200eitem\u061c"
        assert clean(text) == clean(clean(text).text)
        assert clean(text).text == text
        assert clean(text).notes == []

    def test_line_ends_become_one_kind(self) -> None:
        assert clean("a\r\nb\rc\u2028d\x0be\x0cf\x85g\u2029h \n\n\n\n i").text == "a\nb\nc\nd\ne\nf\ng\n\nh\n\n i"

    def test_control_characters_go(self) -> None:
        got = clean("a\x00b\x07c\x1b[31md\x7fe\x9ff")
        assert got.text == "abc[31mdef"
        assert got.notes == ["5 control characters were removed."]

    def test_direction_overrides_go_and_marks_stay(self) -> None:
        got = clean("a\u202eb\u202a\u202b\u202c\u202d\u2066\u2067\u2068\u2069c\u200e\u200f\u061c")
        assert got.text == "abc\u200e\u200f\u061c"
        assert got.notes[0].startswith("9 invisible characters were removed")

    def test_what_would_hide_a_name_goes(self) -> None:
        assert clean("Lin\u00add\u200b O\u2060ka\ufefffor \U000e0041x").text == "Lind Okafor x"

    def test_half_characters_are_replaced_and_halves_that_fit_are_joined(self) -> None:
        got = clean("a\ud800b \ud83d\udd4a c\udc00")
        assert got.text == "a\ufffdb 🕊 c\ufffd"
        assert got.notes == ["2 broken characters were replaced by “\ufffd”."]
        got.text.encode()

    def test_long_text_is_cut_at_a_word_and_says_so(self) -> None:
        got = clean("word " * 100_000)
        assert len(got.text) <= LONGEST
        assert got.text.endswith("word")
        assert "was cut after 399,999 characters; the last 100,001 are not kept" in got.notes[0]
        assert len(clean("a" * 2_000_000).text) == LONGEST

    @pytest.mark.parametrize(
        "text", [" " * 2_000_000 + "x", "\n \n" * 600_000, "\r" * 2_000_000, "\u202e\x00" * 900_000]
    )
    def test_any_text_is_cleaned_at_once(self, text: str) -> None:
        begun = time.monotonic()
        clean(text)
        assert time.monotonic() - begun < 3


def pdf(*pages: list[str], title: str = "", password: str | None = None) -> bytes:
    """A PDF with the lines of each page."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for lines in pages:
        sheet = writer.add_blank_page(612, 792)
        content = DecodedStreamObject()
        shown = " ".join(f"({line}) Tj T*" for line in lines)
        content.set_data(f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET".encode("latin-1"))
        sheet[NameObject("/Contents")] = writer._add_object(content)
        sheet[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
    if title:
        writer.add_metadata({"/Title": title, "/Author": "Office of the Envoy", "/CreationDate": "D:20251218120000Z"})
    if password is not None:
        writer.encrypt(password, owner_password="owner")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


LINES = [
    "Weekly report on the truce",
    "Envoys met on Friday and spoke for three hours about the second pha-",
    "se of the truce, an official said, and they will meet again in a week to",
    "decide about it. They left.",
    "A second paragraph begins here and goes on for a while until the line",
    "is full and then ends.",
]
FLOWING = (
    "Weekly report on the truce\n\nEnvoys met on Friday and spoke for three hours about the second phase of the truce, "
    "an official said, and they will meet again in a week to decide about it. They left.\n\n"
    "A second paragraph begins here and goes on for a while until the line is full and then ends."
)


class TestPdf:
    def test_a_pdf_gives_flowing_text(self) -> None:
        got = extract(pdf(LINES, title="Weekly report"), "application/pdf", "https://un.example/report.pdf")
        assert got.text == FLOWING
        assert (got.title, got.authors, got.language) == ("Weekly report", "Office of the Envoy", "en")
        assert got.published_on is None
        assert got.notes == ["The PDF was made on 18 Dec 2025; that need not be the day it was published."]

    def test_a_pdf_is_known_by_its_first_bytes(self) -> None:
        assert extract(pdf(LINES), "text/html").text == FLOWING

    def test_a_title_left_by_a_word_processor_is_not_one(self) -> None:
        got = extract(pdf(LINES, title="Microsoft Word - final2.docx"), "application/pdf")
        assert got.title == "Weekly report on the truce"

    def test_what_stands_on_every_page_is_left_out(self) -> None:
        body = [
            f"A line that only page {word} has and that says something of its own." for word in ("one", "two", "six")
        ]
        got = extract(
            pdf(*(["Report No. 7", line, f"Page {at} of 3"] for at, line in enumerate(body))), "application/pdf"
        )
        assert "Report No. 7" not in got.text
        assert "Page 1" not in got.text
        assert all(line in got.text for line in body)

    def test_a_pdf_locked_against_changes_only_is_read(self) -> None:
        assert extract(pdf(LINES, password=""), "application/pdf").text == FLOWING

    @pytest.mark.parametrize(
        ("body", "word"),
        [
            (pdf(LINES, password="secret"), "locked with a password"),
            (pdf([]), "pictures of pages"),
            (pdf(LINES)[:300], "damaged"),
            (b"%PDF-1.7\n" + bytes(range(256)) * 100, "damaged"),
            (pdf(*[["x"]] * 401), "401 pages"),
        ],
        ids=["locked", "pictures", "cut off", "junk", "many pages"],
    )
    def test_a_pdf_without_text_says_why(self, body: bytes, word: str) -> None:
        assert word in refusal(body, "application/pdf")

    def test_a_pdf_that_unpacks_without_end_is_refused(self) -> None:
        writer = PdfWriter()
        content = DecodedStreamObject()
        content.set_data(b"BT (a) Tj ET " * 20_000_000)
        writer.add_blank_page(612, 792)[NameObject("/Contents")] = writer._add_object(content.flate_encode())
        file = io.BytesIO()
        writer.write(file)
        begun = time.monotonic()
        refusal(file.getvalue(), "application/pdf")
        assert time.monotonic() - begun < 12


SOUND = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
HOSTILE = {
    "nested divs": "<div>" * 100_000 + SOUND + "</div>" * 100_000,
    "a megabyte of nested divs": "<div>" * 200_000,
    "nested bold": "<b><i>" * 50_000 + SOUND,
    "nested lists": f"<article>{SOUND}" + "<ul><li>" * 5_000 + SOUND,
    "nested tables": f"<article>{SOUND}" + "<table><tr><td>x" * 5_000 + SOUND,
    "many blocks": "<div><p>x</p></div>" * 100_000 + SOUND,
    "many links": "<a href=x>link text</a> " * 100_000 + SOUND,
    "many attributes": "<p " + " ".join(f"a{n}=1" for n in range(200_000)) + f">{SOUND}",
    "one line of 2 MB": "<p>" + "word " * 400_000 + "</p>",
    "one word of 2 MB": "<p>" + "a" * 2_000_000 + "</p>",
    "nothing but opening brackets": "<" * 2_000_000,
    "nothing but spaces": f"<p>{' ' * 2_000_000}</p>{SOUND}",
    "many line breaks": f"<article>{SOUND}<p>{'<br>' * 200_000}x",
    "deep JSON": f"<script type='application/ld+json'>{'[' * 100_000}{']' * 100_000}</script>{SOUND}",
    "wide JSON": f"<script type='application/ld+json'>[{'{"@type": "NewsArticle"},' * 50_000}{{}}]</script>{SOUND}",
    "strange JSON": '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": {}, "author": 7, '
    f'"headline": [], "publisher": null, "inLanguage": []}}</script>{SOUND}',
    "billion laughs": f'<?xml version="1.0"?><!DOCTYPE l [{LAUGHS}]><html xmlns="http://www.w3.org/1999/xhtml"><body>&l11;{SOUND}',
    "other files": '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">'
    f'<!ENTITY % p SYSTEM "http://127.0.0.1:9/">%p;]><html><body><p>&x;</p>{SOUND}',
    "controls": "<p>&#0;&#1;&#xD800;&#x202e;\x00\x01\u202e" * 1_000 + SOUND,
    "long title": f"<title>{'x - y | ' * 200_000}</title>{SOUND}",
    "many dates": "<p>12/12/2025 2025-1</p>" * 50_000 + SOUND,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_do_no_more_than_be_refused(name: str) -> None:
    begun = time.monotonic()
    body = HOSTILE[name].encode("utf-8", "surrogatepass")
    with suppress(NotAnArticle):
        got = extract(body, "text/html", URL)
        assert len(got.text) <= LONGEST
        assert clean(got.text).text == got.text
        assert "root:" not in got.text
        assert len(got.title) <= 500
    assert time.monotonic() - begun < 12


def test_scripts_are_left_out_and_markup_in_words_is_only_words() -> None:
    got = html(
        page(FIRST, SECOND, f"{THIRD}<script>steal()</script> They wrote &lt;script&gt;alert(1)&lt;/script&gt;.")
    )
    assert "steal" not in got.text
    assert "They wrote <script>alert(1)</script>." in got.text


def test_invisible_characters_in_a_page_are_counted() -> None:
    got = html(page(FIRST, f"\u202e{SECOND}", THIRD))
    assert "\u202e" not in got.text
    assert any("1 invisible character was removed" in note for note in got.notes)


def forever(body: bytes) -> None:
    for _ in itertools.repeat(None):
        pass


def greedy(body: bytes) -> int:
    return len(bytes(4_000_000_000))


def crash(body: bytes) -> None:
    import os  # the child's

    os._exit(139)


def surroundings(body: bytes, *, name: str) -> dict[str, str]:
    import os  # the child's

    print("a library chatters")  # noqa: T201
    return {"name": name, "body": body.decode(), "secret": os.environ.get("TRACKER_SECRET_KEY", "none")}


class TestApart:
    def test_the_answer_comes_back_and_the_secrets_stay(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TRACKER_SECRET_KEY", "secret")
        got = apart(f"{__name__}:surroundings", b"one\ntwo", name="é")
        assert got == {"name": "é", "body": "one\ntwo", "secret": "none"}

    @pytest.mark.parametrize("task", ["forever", "greedy", "crash", "not_there"])
    def test_a_child_that_fails_is_only_a_file_that_cannot_be_read(self, task: str) -> None:
        begun = time.monotonic()
        with pytest.raises(Unreadable) as refused:
            apart(f"{__name__}:{task}", b"", seconds=2)
        assert "could not be read" in refused.value.reason
        assert time.monotonic() - begun < 5
