"""Fetching against a server of the test's own that behaves well, badly, or hostile. Nothing leaves the machine."""

import gzip
import ipaddress
import itertools
import socket
import ssl
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tracker.exchange.fetching import FEED_TYPES, Address, Fetched, Limits, Refused, fetch, look_up, reachable_by_all

type Send = Callable[[bytes], None]
type Respond = Callable[[Send], None]

LOOPBACK = ipaddress.ip_address("127.0.0.1")
HTML = "text/html; charset=utf-8"
MEGABYTE = 1_000_000


@dataclass
class Site:
    """A server on this machine, called news.example. What it answers is set per path."""

    listener: socket.socket
    answers: dict[str, Respond] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)
    open: bool = True
    tls: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        self.serving = threading.Thread(target=self.serve)

    @property
    def port(self) -> int:
        port: int = self.listener.getsockname()[1]
        return port

    def url(self, path: str = "/") -> str:
        return f"http://news.example:{self.port}{path}"

    def serve(self) -> None:
        while self.open:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self.answer, args=[connection])
            thread.start()
            self.threads.append(thread)

    def answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(20)
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection:
                request = b""
                while b"\r\n\r\n" not in request:
                    if not (more := connection.recv(4096)):
                        return
                    request += more
                self.asked.append(request.decode())
                path = request.split()[1].decode()
                self.answers[path](connection.sendall)

    def close(self) -> None:
        self.open = False
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        self.serving.join(timeout=20)
        self.listener.close()
        for thread in self.threads:
            thread.join(timeout=20)

    def get(self, path: str = "/", limits: Limits | None = None, **kwargs: Any) -> Fetched:
        limits = limits or Limits(seconds=10)
        limits = replace(limits, ports=frozenset({80, 443, self.port}))
        kwargs.setdefault("resolve", name_of_the_site)
        kwargs.setdefault("is_public", lambda address: address == LOOPBACK)
        return fetch(self.url(path), limits, **kwargs)

    def refusal(self, path: str = "/", limits: Limits | None = None, **kwargs: Any) -> Refused:
        with pytest.raises(Refused) as refused:
            self.get(path, limits, **kwargs)
        return refused.value


@pytest.fixture
def site() -> Iterator[Site]:
    listener = socket.create_server(("127.0.0.1", 0))
    site = Site(listener)
    site.serving.start()
    yield site
    site.close()


class LetIn:
    """Takes the server on this machine for a public one so many times, and judges as usual afterwards."""

    def __init__(self, times: int) -> None:
        self.times = times

    def __call__(self, address: Address) -> bool:
        self.times -= 1
        return self.times >= 0 or reachable_by_all(address)


ONE_REQUEST = 2
"""An address is judged when it is found and again when it is connected to."""


def name_of_the_site(host: str, port: int) -> list[str]:
    return ["127.0.0.1"] if host == "news.example" else look_up(host, port)


def head(*fields: str, status: str = "200 OK", kind: str = HTML) -> bytes:
    lines = [f"HTTP/1.1 {status}", *([f"Content-Type: {kind}"] if kind else []), *fields, "", ""]
    return "\r\n".join(lines).encode()


def page(body: bytes, *fields: str, status: str = "200 OK", kind: str = HTML) -> Respond:
    answer = head(*fields, f"Content-Length: {len(body)}", status=status, kind=kind) + body
    return lambda send: send(answer)


def to(location: str, status: str = "302 Found") -> Respond:
    return page(b"", f"Location: {location}", status=status)


def endlessly(start: bytes, again: bytes) -> Respond:
    def respond(send: Send) -> None:
        send(start)
        while True:
            send(again)

    return respond


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


CHUNKED = "Transfer-Encoding: chunked"


def test_a_page_comes_with_what_was_said_about_it(site: Site) -> None:
    site.answers["/a?b=1"] = page(b"<p>Hello</p>", 'ETag: "v1"', "Last-Modified: Fri, 19 Dec 2025 10:00:00 GMT")
    got = site.get("/a?b=1#part", contact="desk@tracker.example")
    assert got == Fetched(
        url=site.url("/a?b=1"),
        media_type="text/html",
        charset="utf-8",
        body=b"<p>Hello</p>",
        redirects=[],
        status=200,
        etag='"v1"',
        modified="Fri, 19 Dec 2025 10:00:00 GMT",
    )
    [request] = site.asked
    assert f"Host: news.example:{site.port}\r\n" in request
    assert "User-Agent: CeasefireTracker/1.0 (reads single articles for researchers; desk@tracker.example)" in request
    assert "br" not in request.split("Accept-Encoding: ")[1].split("\r\n")[0]


def test_a_contact_cannot_add_fields_to_the_request(site: Site) -> None:
    site.answers["/"] = page(b"x")
    site.get(contact="desk@tracker.example\r\nX-Forged: 1")
    assert "\r\nX-Forged" not in site.asked[0]


@pytest.mark.parametrize("packing", ["gzip", "x-gzip", "deflate", "raw deflate", "two gzip parts", "chunked gzip"])
def test_packed_pages_are_unpacked(site: Site, packing: str) -> None:
    text = b"<p>" + bytes(range(32, 127)) * 5000 + b"</p>"
    name = "deflate" if "deflate" in packing else packing.split()[0] if packing in ("gzip", "x-gzip") else "gzip"
    raw = zlib.compressobj(wbits=-15)
    body = {
        "deflate": zlib.compress(text),
        "raw deflate": raw.compress(text) + raw.flush(),
        "two gzip parts": gzip.compress(text[:1000]) + gzip.compress(text[1000:]),
    }.get(packing, gzip.compress(text))
    if packing == "chunked gzip":
        pieces = b"".join(chunk(body[at : at + 7]) for at in range(0, len(body), 7)) + b"0\r\n\r\n"
        site.answers["/"] = lambda send: send(head("Content-Encoding: gzip", CHUNKED) + pieces)
    else:
        site.answers["/"] = page(body, f"Content-Encoding: {name}")
    assert site.get().body == text


def test_redirects_are_followed_and_named(site: Site) -> None:
    site.answers["/a"] = to("/b?x=1")
    site.answers["/b?x=1"] = to(site.url("/c d/é").replace("é", "é"), "308 Permanent Redirect")
    site.answers["/c%20d/%C3%A9"] = page(b"there")
    got = site.get("/a")
    assert got.body == b"there"
    assert got.url == site.url("/c%20d/%C3%A9")
    assert got.redirects == [site.url("/a"), site.url("/b?x=1")]


def test_a_feed_that_has_nothing_new_says_so(site: Site) -> None:
    site.answers["/"] = lambda send: send(head('ETag: "v2"', status="304 Not Modified", kind=""))
    got = site.get(limits=Limits(media_types=FEED_TYPES), etag='"v2"', modified="Fri, 19 Dec 2025 10:00:00 GMT")
    assert (got.status, got.body, got.etag) == (304, b"", '"v2"')
    assert 'If-None-Match: "v2"\r\n' in site.asked[0]
    assert "If-Modified-Since: Fri, 19 Dec 2025 10:00:00 GMT\r\n" in site.asked[0]


@pytest.mark.parametrize(
    ("kind", "body", "types", "settled"),
    [
        ("application/pdf", b"%PDF-1.7", None, "application/pdf"),
        ("application/octet-stream", b"%PDF-1.7", None, "application/pdf"),
        ("", b"  <!DOCTYPE html><p>x", None, "text/html"),
        ("TEXT/HTML", b"x", None, "text/html"),
        ("application/rss+xml", b"<rss/>", FEED_TYPES, "application/rss+xml"),
        ("application/octet-stream", b"<?xml version='1.0'?><feed/>", FEED_TYPES, "application/xml"),
        ("application/rss+xml", b"<rss/>", None, None),
        ("application/octet-stream", b"\x00\x01", None, None),
        ("", b"\x00\x01", None, None),
        ("image/png", b"\x89PNG", None, None),
        ("video/mp4", b"x", None, None),
        ("application/json", b"{}", None, None),
        ("application/pdf", b"%PDF-1.7", FEED_TYPES, None),
    ],
)
def test_only_kinds_that_can_be_read_are_taken(
    site: Site, kind: str, body: bytes, types: frozenset[str] | None, settled: str | None
) -> None:
    site.answers["/"] = page(body, kind=kind)
    limits = Limits(seconds=10) if types is None else Limits(seconds=10, media_types=types)
    if settled is None:
        refused = site.refusal(limits=limits)
        assert refused.code == "not_article"
        assert "paste the text" in refused.reason
    else:
        assert site.get(limits=limits).media_type == settled


PRIVATE_HOSTS = [
    "127.0.0.1",
    "localhost",
    "10.0.0.1",
    "10.255.255.254",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "0.0.0.0",  # noqa: S104  # asked for, not listened on
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[::127.0.0.1]",
    "[64:ff9b::10.0.0.1]",
    "[64:ff9b:1::10.0.0.1]",
    "[2002:7f00:1::]",
    "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    "[fe80::1]",
    "[fc00::1]",
    "[fec0::1]",
    "[ff02::1]",
    "2130706433",
    "0177.0.0.1",
    "0x7f.1",
    "0x7f000001",
    "127.1",
    "0",
    "".join(chr(ord(digit) + 0xFEE0) for digit in "2130706433"),  # full width
    "127。0。0。1",
]


@pytest.mark.parametrize("host", PRIVATE_HOSTS)
def test_addresses_inside_are_refused(host: str) -> None:
    with pytest.raises(Refused) as refused:
        fetch(f"http://{host}/latest/meta-data/", Limits(seconds=10))
    assert refused.value.code == "private"
    assert "private network" in refused.value.reason
    assert "Paste the text" in refused.value.reason


@pytest.mark.parametrize("host", PRIVATE_HOSTS)
def test_redirects_to_addresses_inside_are_refused(site: Site, host: str) -> None:
    site.answers["/"] = to(f"http://{host}/")
    # Header fields are bytes; the site means UTF-8, as browsers do.
    assert site.refusal(is_public=LetIn(ONE_REQUEST)).code == "private"
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "192.0.0.9"],
)
def test_public_addresses_are_public(address: str) -> None:
    assert reachable_by_all(ipaddress.ip_address(address))


def test_the_connection_goes_to_the_address_that_was_judged(site: Site) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    site.answers["/"] = page(b"public")
    assert site.get(resolve=lambda host, port: next(answers), is_public=LetIn(ONE_REQUEST)).body == b"public"
    assert next(answers) == ["10.0.0.1"], "the name was looked up a second time"


def test_a_name_that_turns_private_is_refused_on_the_next_request(site: Site) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    site.answers["/"] = to("/next")
    refused = site.refusal(resolve=lambda host, port: next(answers), is_public=LetIn(ONE_REQUEST))
    assert refused.code == "private"
    assert len(site.asked) == 1


@pytest.mark.parametrize("answer", [["127.0.0.1", "10.0.0.1"], ["10.0.0.1", "127.0.0.1"], ["127.0.0.1", "::1"]])
def test_one_private_address_among_public_ones_is_enough(site: Site, answer: list[str]) -> None:
    site.answers["/"] = page(b"public")
    assert site.refusal(resolve=lambda host, port: answer).code == "private"
    assert not site.asked


def test_the_address_connected_to_is_judged_once_more(site: Site) -> None:
    site.answers["/"] = page(b"public")
    assert site.refusal(is_public=LetIn(1)).code == "private"
    assert not site.asked


def test_the_next_address_is_tried_when_one_is_dead(site: Site) -> None:
    with socket.create_server(("127.0.0.2", 0)) as other:
        other.close()
    site.answers["/"] = page(b"alive")
    got = site.get(resolve=lambda host, port: ["127.0.0.2", "127.0.0.1"], is_public=lambda address: True)
    assert got.body == b"alive"


def test_proxies_of_the_environment_are_not_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.answers["/"] = page(b"straight")
    assert site.get().body == b"straight"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("file:///etc/passwd", "scheme"),
        ("gopher://news.example:70/_x", "scheme"),
        ("ftp://news.example/a", "scheme"),
        ("data:text/html,<p>x", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("news.example/a", "scheme"),
        ("", "scheme"),
        ("//news.example/a", "scheme"),
        ("http://reader:secret@news.example/", "login"),
        ("http://@news.example/", "login"),
        ("http://news.example\\@10.0.0.1/", "login"),
        ("http://news.example:22/", "port"),
        ("http://news.example:8080/", "port"),
        ("http://news.example:0/", "port"),
        ("http://news.example:99999/", "address"),
        ("http://news.example:x/", "address"),
        ("http:///a", "address"),
        ("http://", "address"),
        ("http://?", "address"),
        ("http://[::1", "address"),
        ("http://[not-an-address]/", "address"),
        ("http://[fe80::1%25lo]/", "address"),
        ("http://127.0.0.1\\.news.example/", "address"),
        ("http://%31%32%37.0.0.1/", "address"),
        ("http://news..example/", "address"),
        ("http://" + "a" * 70 + ".example/", "address"),
        ("http://news.example/a b", "address"),
        ("http://news.example/a\r\nHost: 10.0.0.1", "address"),
        ("http://news.example/a\nb", "address"),
        ("http://news.example/a\x00b", "address"),
        ("http://news.example/a\tb", "address"),
        ("http://news.example/a\x7fb", "address"),
        ("http://news.example/a\u2028b", "address"),
        ("http://news.example/\ud800", "address"),
        ("ht\ntp://news.example/", "address"),
    ],
)
def test_addresses_that_are_none_are_refused(url: str, code: str) -> None:
    def never(host: str, port: int) -> list[str]:
        raise AssertionError("looked up")

    with pytest.raises(Refused) as refused:
        fetch(url, resolve=never)
    assert refused.value.code == code
    assert refused.value.reason.endswith(".")


def test_spaces_around_an_address_do_not_matter(site: Site) -> None:
    site.answers["/"] = page(b"x")
    got = fetch(
        f"  {site.url()}\n",
        Limits(seconds=10, ports=frozenset({site.port})),
        resolve=name_of_the_site,
        is_public=lambda address: True,
    )
    assert got.body == b"x"


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("file:///etc/passwd", "scheme"),
        ("gopher://news.example/", "scheme"),
        ("ftp://news.example/", "scheme"),
        ("data:text/html,x", "scheme"),
        ("http://a:b@news.example/", "login"),
        ("http://news.example:22/", "port"),
        ("//10.0.0.1/", "private"),
        ("http://[::1/", "address"),
        ("http://10.0.0.1 .news.example/", "address"),
    ],
)
def test_redirects_are_judged_like_typed_addresses(site: Site, location: str, code: str) -> None:
    site.answers["/"] = to(location)
    assert site.refusal().code == code


@pytest.mark.parametrize("hops", ["itself", "two", "ever new"])
def test_circles_end(site: Site, hops: str) -> None:
    if hops == "itself":
        site.answers["/"] = to("/")
    elif hops == "two":
        site.answers["/"] = to("/b")
        site.answers["/b"] = to("/")
    else:
        site.answers["/"] = to("/1")
        for number in range(1, 20):
            site.answers[f"/{number}"] = to(f"/{number + 1}")
    refused = site.refusal()
    assert refused.code == "redirect_loop"
    assert len(site.asked) == {"itself": 1, "two": 2, "ever new": 6}[hops]


@pytest.mark.parametrize(
    ("status", "code", "word"),
    [
        ("401 Unauthorized", "forbidden", "payment or a login (401)"),
        ("402 Payment Required", "forbidden", "payment or a login (402)"),
        ("403 Forbidden", "forbidden", "does not let programs"),
        ("429 Too Many Requests", "forbidden", "fewer requests"),
        ("451 Unavailable For Legal Reasons", "forbidden", "legal"),
        ("404 Not Found", "missing", "no such page"),
        ("410 Gone", "missing", "no such page"),
        ("500 Internal Server Error", "server", "fault of its own"),
        ("503 Service Unavailable", "server", "fault of its own"),
        ("400 Bad Request", "server", "other than the page"),
        ("204 No Content", "server", "other than the page"),
        ("304 Not Modified", "server", "other than the page"),
        ("302 Found", "server", "other than the page"),
    ],
)
def test_a_site_that_says_no_is_quoted(site: Site, status: str, code: str, word: str) -> None:
    site.answers["/"] = page(b"<p>no</p>", status=status)
    refused = site.refusal()
    assert refused.code == code
    assert refused.status == int(status[:3])
    assert word in refused.reason


def test_a_pause_asked_for_is_passed_on(site: Site) -> None:
    for asked, kept in [("120", 120), ("999999999", 86_400), ("soon", 0), ("-5", 0)]:
        site.answers["/"] = page(b"", f"Retry-After: {asked}", status="429 Too Many Requests")
        assert site.refusal().retry_after == kept


def test_names_nobody_has_are_refused() -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    def later(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    for resolve, code in [(nobody, "resolve"), (lambda host, port: [], "resolve"), (later, "offline")]:
        with pytest.raises(Refused) as refused:
            fetch("http://news.example/", resolve=resolve)
        assert refused.value.code == code
        assert "news.example" in refused.value.reason


def test_a_lookup_that_takes_too_long_is_given_up() -> None:
    done = threading.Event()

    def slow(host: str, port: int) -> list[str]:
        done.wait(20)
        return ["127.0.0.1"]

    begun = time.monotonic()
    with pytest.raises(Refused) as refused:
        fetch("http://news.example/", Limits(seconds=0.3), resolve=slow)
    done.set()
    assert refused.value.code == "timeout"
    assert time.monotonic() - begun < 3


def test_a_site_that_is_not_there_is_offline(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(Refused) as refused:
        fetch(
            f"http://news.example:{port}/",
            Limits(seconds=5, ports=frozenset({port})),
            resolve=name_of_the_site,
            is_public=lambda address: True,
        )
    assert refused.value.code == "offline"


def drip(start: bytes, drops: Iterator[bytes]) -> Respond:
    def respond(send: Send) -> None:
        send(start)
        for drop in drops:
            send(drop)
            time.sleep(0.02)

    return respond


@pytest.mark.parametrize(
    "respond",
    [
        lambda send: time.sleep(1.5),
        drip(b"HTTP/1.1 ", itertools.repeat(b"2")),
        drip(b"HTTP/1.1 200 OK\r\nX-A: ", itertools.repeat(b"a")),
        drip(b"HTTP/1.1 200 OK\r\n", itertools.cycle([b"A", b":", b"\r", b"\n"])),
        drip(b"", itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n")),
        drip(head("Content-Length: 5000"), itertools.repeat(b"a")),
        drip(head(CHUNKED), itertools.repeat(chunk(b"a"))),
        drip(head(CHUNKED) + b"0\r\n", itertools.repeat(b"X: y\r\n")),
        drip(head("Content-Encoding: gzip", CHUNKED) + chunk(gzip.compress(b"x")), itertools.repeat(chunk(b"\0"))),
    ],
    ids=["silence", "status", "field", "fields", "continue", "body", "chunks", "trailers", "gzip padding"],
)
def test_dripping_does_not_outlast_the_deadline(site: Site, respond: Respond) -> None:
    site.answers["/"] = respond
    begun = time.monotonic()
    refused = site.refusal(limits=Limits(seconds=0.5))
    assert time.monotonic() - begun < 3
    assert refused.code == "timeout"
    assert "0.5 seconds" in refused.reason


def test_redirects_share_one_deadline(site: Site) -> None:
    def late(send: Send) -> None:
        time.sleep(0.3)
        send(head(f"Location: /{time.monotonic()}", "Content-Length: 0", status="302 Found"))

    class Anywhere(dict[str, Respond]):
        def __missing__(self, path: str) -> Respond:
            return late

    site.answers = Anywhere()
    begun = time.monotonic()
    assert site.refusal(limits=Limits(seconds=0.7)).code == "timeout"
    assert time.monotonic() - begun < 3


def bomb(size: int) -> bytes:
    """Zeros, packed about a thousand to one."""
    return gzip.compress(bytes(size), 9)


@pytest.mark.parametrize(
    "respond",
    [
        endlessly(head(), b"a" * 65536),
        endlessly(head(CHUNKED), chunk(b"a" * 65536)),
        endlessly(head(CHUNKED), chunk(b"a")),
        endlessly(head(CHUNKED) + b"-1\r\n", b"a" * 65536),
        endlessly(head(CHUNKED) + b"7fffffff\r\n", b"a" * 65536),
        endlessly(head(CHUNKED) + b"0\r\n", b"X-A: " + b"b" * 1000 + b"\r\n"),
        endlessly(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"b" * 60_000 + b"\r\n"),
        endlessly(b"HTTP/1.1 200 OK\r\nX-A: ", b"b" * 65536),
        endlessly(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
        endlessly(head("Content-Length: 100000000"), b"a" * 65536),
        page(bomb(100 * MEGABYTE), "Content-Encoding: gzip"),
        page(zlib.compress(bytes(100 * MEGABYTE), 9), "Content-Encoding: deflate"),
        endlessly(head("Content-Encoding: gzip", CHUNKED), chunk(bomb(100 * MEGABYTE))),
    ],
    ids=[
        "endless",
        "endless chunks",
        "endless tiny chunks",
        "negative chunk",
        "vast chunk",
        "endless trailers",
        "endless fields",
        "endless field",
        "endless continue",
        "100 MB",
        "gzip bomb",
        "deflate bomb",
        "chunked bomb",
    ],
)
def test_refusing_too_much_takes_no_more_memory_than_the_limit_allows(site: Site, respond: Respond) -> None:
    site.answers["/"] = respond
    limits = Limits(seconds=20, packed=MEGABYTE, unpacked=MEGABYTE)
    tracemalloc.start()
    try:
        refused = site.refusal(limits=limits)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert refused.code in ("too_big", "server", "offline")
    assert peak < 4 * MEGABYTE


@pytest.mark.parametrize("fields", [["Content-Length: 100000000"], [CHUNKED], []])
def test_a_page_of_100_megabytes_is_refused_by_name(site: Site, fields: list[str]) -> None:
    piece = b"a" * 65536
    site.answers["/"] = endlessly(head(*fields), chunk(piece) if CHUNKED in fields else piece)
    refused = site.refusal()
    assert refused.code == "too_big"
    assert "8 megabytes" in refused.reason


def test_a_page_of_just_the_limit_is_taken(site: Site) -> None:
    limits = Limits(seconds=10, packed=MEGABYTE, unpacked=MEGABYTE)
    site.answers["/"] = page(b"a" * MEGABYTE)
    assert len(site.get(limits=limits).body) == MEGABYTE
    site.answers["/"] = page(gzip.compress(b"a" * MEGABYTE), "Content-Encoding: gzip")
    assert len(site.get(limits=limits).body) == MEGABYTE
    site.answers["/"] = page(gzip.compress(b"a" * (MEGABYTE + 1)), "Content-Encoding: gzip")
    assert site.refusal(limits=limits).code == "too_big"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (head("Content-Length: 1000") + b"short", "offline"),
        (head(CHUNKED) + b"10\r\nshort", "offline"),
        (head(CHUNKED) + chunk(b"one"), "offline"),
        (head(CHUNKED) + b"xyz\r\nnonsense\r\n", "offline"),
        (head("Content-Encoding: gzip") + gzip.compress(b"text" * 1000)[:-20], "offline"),
        (head("Content-Encoding: gzip") + b"not packed at all", "server"),
        (head("Content-Encoding: br") + b"x", "server"),
        (head("Content-Encoding: gzip, gzip") + b"x", "server"),
        (b"", "server"),
        (b"220 mail.example ESMTP\r\n", "server"),
        (b"HTTP/1.1 xyz\r\n\r\n", "server"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n", "server"),
    ],
)
def test_damaged_answers_are_refused(site: Site, sent: bytes, code: str) -> None:
    site.answers["/"] = lambda send: send(sent)
    assert site.refusal().code == code


@dataclass
class Certificates:
    chain: Path
    trusting: ssl.SSLContext


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """A certificate for news.example, and a context that trusts it and nothing else."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "news.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("news.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=True,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain = tmp_path_factory.mktemp("certificates") / "chain.pem"
    chain.write_bytes(secret + pem)
    return Certificates(chain, ssl.create_default_context(cadata=pem.decode()))


def get_safely(site: Site, host: str, tls: ssl.SSLContext | None) -> Fetched:
    return fetch(
        f"https://{host}:{site.port}/",
        Limits(seconds=10, ports=frozenset({site.port})),
        resolve=lambda host, port: ["127.0.0.1"],
        is_public=lambda address: True,
        tls=tls,
    )


@pytest.fixture
def safe_site(site: Site, certificates: Certificates) -> Site:
    site.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    site.tls.load_cert_chain(certificates.chain)
    site.answers["/"] = page(b"safe")
    return site


def test_a_safe_site_is_asked_for_by_its_name(safe_site: Site, certificates: Certificates) -> None:
    names: list[str | None] = []
    assert safe_site.tls is not None
    safe_site.tls.sni_callback = lambda connection, name, context: names.append(name)
    assert get_safely(safe_site, "news.example", certificates.trusting).body == b"safe"
    assert names == ["news.example"]


def test_a_certificate_for_another_name_is_refused(safe_site: Site, certificates: Certificates) -> None:
    with pytest.raises(Refused) as refused:
        get_safely(safe_site, "other.example", certificates.trusting)
    assert refused.value.code == "tls"
    assert "certificate of other.example is not valid" in refused.value.reason
    assert not safe_site.asked


def test_a_certificate_nobody_vouches_for_is_refused(safe_site: Site) -> None:
    with pytest.raises(Refused) as refused:
        get_safely(safe_site, "news.example", None)
    assert refused.value.code == "tls"
    assert not safe_site.asked


def test_a_site_that_does_not_speak_tls_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    monkeypatch.setattr(site, "answer", answer)
    with pytest.raises(Refused) as refused:
        get_safely(site, "news.example", None)
    assert refused.value.code == "tls"


def test_a_handshake_that_never_ends_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(20)
            while connection.recv(4096):
                pass

    monkeypatch.setattr(site, "answer", silent)
    begun = time.monotonic()
    with pytest.raises(Refused) as refused:
        fetch(
            f"https://news.example:{site.port}/",
            Limits(seconds=0.5, ports=frozenset({site.port})),
            resolve=name_of_the_site,
            is_public=lambda address: True,
        )
    assert refused.value.code == "timeout"
    assert time.monotonic() - begun < 3
