"""Fetches the one page whose address a researcher typed, and nothing from inside the house.

The name is looked up once per request; every address it stands for has to be a public one, and the connection goes to
an address out of that very answer. A name that answers differently the second time therefore gains nothing. Each
redirect is a new address and is judged like the first one. The environment's proxy settings are not read: a proxy
would do a lookup of its own.

One deadline covers everything from the first lookup to the last byte. Sizes are counted as the bytes come in, packed
and unpacked, so that refusing an endless or overgrown page costs no more memory than an allowed one.
"""

import http.client
import io
import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from email.message import Message
from typing import Any, NoReturn
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from tracker.exchange.addresses import DEFAULT_PORTS

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address
type Resolve = Callable[[str, int], Sequence[str]]
"""Host name and port to the IP addresses the name stands for. Raises OSError where there is none."""
type IsPublic = Callable[[Address], bool]

ARTICLE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "application/pdf"})
FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/xml",
        "text/xml",
        # Many feeds are sent as one of these. What is no feed after all is found out when it is read.
        "text/html",
        "application/xhtml+xml",
        "text/plain",
    }
)
UNDECLARED = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/force-download"})
"""Types that say nothing; the first bytes decide."""

STEP = 64 * 1024
"""Bytes taken from the network, or unpacked, at a time."""

GZIP = 0x1F
"""The byte every part packed by gzip begins with."""

LONGEST_PAUSE = 24 * 3600
"""Seconds; a site that asks for more is asked again after this long."""

HEAD = 128 * 1024
"""Bytes allowed for status line and header fields, whatever the limits on the page itself."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})
HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?", re.IGNORECASE)
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]{1,40})", re.ASCII | re.IGNORECASE)
UNSENDABLE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff]")


class Refused(Exception):
    """The page was not fetched.

    ``reason`` tells a researcher in one or two sentences what happened and what to do instead. ``code`` is one of:
    address, scheme, login, port, resolve, private, offline, tls, timeout, too_big, redirect_loop, not_article,
    forbidden, missing, server. ``status`` is the site's answer where there was one, else 0. ``retry_after`` is the
    number of seconds the site asked to be left alone, 0 if it did not ask.
    """

    def __init__(self, reason: str, code: str, status: int = 0, retry_after: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one fetch may take."""

    seconds: float = 20.0
    """For everything together: lookups, redirects, and the last byte."""
    packed: int = 8_000_000
    """Bytes of the page as they come over the wire."""
    unpacked: int = 8_000_000
    """Bytes of the page after decompression."""
    redirects: int = 5
    ports: frozenset[int] = frozenset({80, 443})
    media_types: frozenset[str] = ARTICLE_TYPES


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back. ``status`` is 200, or 304 with an empty body when a conditional request found nothing new."""

    url: str
    """The address that answered in the end, after redirects, without a fragment."""
    media_type: str
    """In small letters and without parameters; "" for a 304."""
    charset: str
    """As the server declared it, or ""."""
    body: bytes
    redirects: list[str]
    """The addresses on the way, first the typed one; empty if it answered itself."""
    status: int
    etag: str
    modified: str
    """The Last-Modified field as it was sent, to be sent back as it is."""


def fetch(
    url: str,
    limits: Limits = Limits(),
    *,
    contact: str = "",
    etag: str = "",
    modified: str = "",
    resolve: Resolve | None = None,
    is_public: IsPublic | None = None,
    tls: ssl.SSLContext | None = None,
) -> Fetched:
    """The page at an http or https address.

    ``contact`` is an address for complaints, sent along with the tracker's name. ``etag`` and ``modified`` come from
    an earlier answer and make the request conditional. ``resolve``, ``is_public`` and ``tls`` replace the system's
    lookup, the judgement of addresses and the trusted certificates; only tests need them.
    Raises Refused.
    """
    clock = _Clock(limits.seconds)
    trip = _Trip(limits, clock, contact, resolve or look_up, is_public or reachable_by_all, tls)
    passed: list[str] = []
    target = _target(url.strip(), limits)
    while True:
        answer = trip.ask(target, etag, modified)
        if isinstance(answer, Fetched):
            return replace(answer, redirects=passed)
        passed.append(target.geturl())
        target = _target(_joined(target.geturl(), answer), limits)
        if target.geturl() in passed or len(passed) > limits.redirects:
            raise Refused(
                "The site sends the reader from address to address without arriving, often to set a cookie. "
                "Open it in your browser and paste the text instead.",
                "redirect_loop",
            )


def reachable_by_all(address: Address) -> bool:
    """Whether an IP address belongs to the public internet.

    An IPv6 address that only wraps an IPv4 one (mapped, or translated by NAT64) is judged by what it wraps. 6to4 and
    Teredo are refused as a whole, as is every IPv6 address outside the block that is in public use.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast and not address.is_reserved
    if address.scope_id is not None:
        return False
    if address.ipv4_mapped is not None:
        return reachable_by_all(address.ipv4_mapped)
    if address in NAT64:
        return reachable_by_all(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    if address in SIX_TO_FOUR or address in TEREDO:
        return False
    return address in IN_PUBLIC_USE and address.is_global and not address.is_reserved


NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
TEREDO = ipaddress.IPv6Network("2001::/32")
IN_PUBLIC_USE = ipaddress.IPv6Network("2000::/3")


def look_up(host: str, port: int) -> list[str]:
    """All IP addresses the system finds for a host, including spellings such as 0x7f.1. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def _target(url: str, limits: Limits) -> SplitResult:
    """The address in the form it is asked for: a host in ASCII, no fragment. Raises Refused."""
    # Looked for first: urlsplit drops line ends without a word.
    if unsendable := UNSENDABLE.search(url):
        raise Refused(
            f"The address has a space or an invisible character in it, after “{url[: unsendable.start()][-40:]}”. "
            "Copy it again from the browser's address bar.",
            "address",
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        _bad_address(url)
    if parts.scheme not in DEFAULT_PORTS:
        raise Refused(
            "Only pages on the web can be fetched: the address has to start with https:// or http://. "
            "A file on your computer can be uploaded instead.",
            "scheme",
        )
    if "@" in parts.netloc:
        raise Refused(
            "The address carries a login, which would be stored and shown with the source. Remove everything between "
            "“//” and “@”, or open the page in your browser and paste the text.",
            "login",
        )
    host = _host(parts.hostname or "", url)
    if port is None:
        port = DEFAULT_PORTS[parts.scheme]
    if port not in limits.ports:
        raise Refused(
            f"The address names port {port}; pages are fetched from the usual ports only. "
            "Open it in your browser and paste the text instead.",
            "port",
        )
    netloc = f"[{host}]" if ":" in host else host
    if port != DEFAULT_PORTS[parts.scheme]:
        netloc += f":{port}"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    return SplitResult(parts.scheme, netloc, path, query, "")


def _joined(base: str, location: str) -> str:
    try:
        return urljoin(base, location)
    except ValueError:
        _bad_address(location)


def _host(host: str, url: str) -> str:
    if ":" in host and "%" not in host:
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError:
            _bad_address(url)
    try:
        ascii_host = host.encode("idna").decode("ascii")
    except UnicodeError:
        _bad_address(url)
    if not HOST.fullmatch(ascii_host):
        _bad_address(url)
    return ascii_host.lower()


def _bad_address(url: str) -> NoReturn:
    raise Refused(
        f"“{url[:80]}” does not name a site. Copy the address again from the browser's address bar.", "address"
    )


class _Clock:
    """The time that is left of a fetch."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until the deadline, more than zero. Raises Refused after it."""
        left = self.end - time.monotonic()
        if left <= 0:
            self.over()
        return left

    def over(self) -> NoReturn:
        raise Refused(
            f"The site did not send the page within {self.seconds:g} seconds. "
            "Try again later, or open it in your browser and paste the text.",
            "timeout",
        )


class _Wire(io.RawIOBase):
    """Reads a socket under the clock, and not more than ``allowed`` bytes."""

    def __init__(self, connection: socket.socket, clock: _Clock) -> None:
        self.connection = connection
        self.clock = clock
        self.allowed = HEAD

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.connection.settimeout(self.clock.left())
        taken = self.connection.recv_into(buffer)
        self.allowed -= taken
        if self.allowed < 0:
            _too_big()
        return taken


class _Plug:
    """As much of a socket as http.client asks for."""

    def __init__(self, connection: socket.socket, clock: _Clock) -> None:
        self.connection = connection
        self.clock = clock
        self.wire = _Wire(connection, clock)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self.wire, 16 * 1024)

    def sendall(self, data: bytes) -> None:
        self.connection.settimeout(self.clock.left())
        self.connection.sendall(data)

    def close(self) -> None:
        """Nothing: who opened the socket closes it."""


def _too_big(limit: int = 0) -> NoReturn:
    size = f" than {limit / 1_000_000:g} megabytes" if limit else " than an article can be"
    raise Refused(
        f"The page is larger{size}. Open it in your browser and paste the part you need, or upload the file.", "too_big"
    )


@dataclass(frozen=True, slots=True)
class _Trip:
    limits: Limits
    clock: _Clock
    contact: str
    resolve: Resolve
    is_public: IsPublic
    tls: ssl.SSLContext | None

    def ask(self, target: SplitResult, etag: str, modified: str) -> Fetched | str:
        """The page, or the address the site points to instead. Raises Refused."""
        host = target.hostname or ""
        try:
            with self._connect(target.scheme, host, target.port or DEFAULT_PORTS[target.scheme]) as connection:
                return self._converse(connection, target, etag, modified)
        except TimeoutError:
            self.clock.over()
        except ssl.SSLCertVerificationError as error:
            raise Refused(
                f"The certificate of {host} is not valid ({error.verify_message.rstrip('.')}), so the page may not "
                "come from there. Look at it in your browser and paste the text if you trust it.",
                "tls",
            ) from error
        except ssl.SSLError as error:
            raise Refused(
                f"No safe connection to {host} could be made. Open it in your browser and paste the text instead.",
                "tls",
            ) from error
        except http.client.IncompleteRead as error:
            raise Refused(_broken(host), "offline") from error
        except http.client.HTTPException as error:
            raise Refused(_unreadable(host), "server") from error
        except ValueError as error:  # http.client's, for chunk sizes that are none
            raise Refused(_unreadable(host), "server") from error
        except OSError as error:
            raise Refused(_broken(host), "offline") from error

    def _connect(self, scheme: str, host: str, port: int) -> socket.socket:
        addresses = self._addresses(host, port)
        for number, address in enumerate(addresses):
            family = socket.AF_INET if address.version == 4 else socket.AF_INET6
            connection = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
            try:
                # One dead address of several must not use up the time of the others.
                connection.settimeout(self.clock.left() / (len(addresses) - number))
                connection.connect((str(address), port))
            except OSError:
                connection.close()
                continue
            try:
                return self._secured(connection, address, scheme, host)
            except BaseException:
                connection.close()
                raise
        self.clock.left()
        raise Refused(
            f"{host} does not answer. Check the address; if it opens in your browser, paste the text instead.",
            "offline",
        )

    def _addresses(self, host: str, port: int) -> list[Address]:
        try:
            found = _within(self.clock, lambda: self.resolve(host, port))
        except socket.gaierror as error:
            if error.errno == socket.EAI_AGAIN:
                raise Refused(
                    f"The name {host} cannot be looked up at the moment. Try again in a few minutes.", "offline"
                ) from error
            raise Refused(_nameless(host), "resolve") from error
        except (OSError, UnicodeError) as error:
            raise Refused(_nameless(host), "resolve") from error
        addresses = [ipaddress.ip_address(one) for one in found]
        if not addresses:
            raise Refused(_nameless(host), "resolve")
        # One private address among public ones is enough: nothing public is served that way.
        if not all(self.is_public(address) for address in addresses):
            self._private(host)
        return addresses

    def _secured(self, connection: socket.socket, address: Address, scheme: str, host: str) -> socket.socket:
        peer = ipaddress.ip_address(connection.getpeername()[0])
        if peer != address or not self.is_public(peer):
            self._private(host)
        if scheme != "https":
            return connection
        context = self.tls or ssl.create_default_context()
        connection.settimeout(self.clock.left())
        return context.wrap_socket(connection, server_hostname=host)

    def _private(self, host: str) -> NoReturn:
        raise Refused(
            f"{host} is an address inside a private network, not on the public web, so it is not fetched. "
            "Paste the text or upload the file instead.",
            "private",
        )

    def _converse(self, connection: socket.socket, target: SplitResult, etag: str, modified: str) -> Fetched | str:
        plug = _Plug(connection, self.clock)
        client = http.client.HTTPConnection(target.hostname or "", 80)  # not used: it is connected already
        client.sock = plug
        path = f"{target.path}?{target.query}" if target.query else target.path
        client.request("GET", path, headers=self._headers(target, etag, modified))
        with client.getresponse() as response:
            if response.status in REDIRECTS and (location := response.headers.get("location", "").strip()):
                return _as_sent(location).replace(" ", "%20")
            if response.status == 304 and (etag or modified):
                return self._fetched(target, response, "", b"")
            _check_status(response, target.hostname or "")
            media_type = _media_type(response.headers)
            if media_type not in self.limits.media_types and media_type not in UNDECLARED:
                _no_article(media_type)
            body = self._body(response, plug.wire, target.hostname or "")
            return self._fetched(target, response, self._settled(media_type, body), body)

    def _headers(self, target: SplitResult, etag: str, modified: str) -> dict[str, str]:
        contact = re.sub(r"[^\x21-\x7e]+", " ", self.contact).strip()
        headers = {
            "Host": target.netloc,
            "User-Agent": f"CeasefireTracker/1.0 (reads single articles for researchers; {contact or 'no contact'})",
            "Accept": ", ".join(sorted(self.limits.media_types)) + ", */*;q=0.1",
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
        }
        if etag:
            headers["If-None-Match"] = etag
        if modified:
            headers["If-Modified-Since"] = modified
        return headers

    def _fetched(
        self, target: SplitResult, response: http.client.HTTPResponse, media_type: str, body: bytes
    ) -> Fetched:
        headers = response.headers
        return Fetched(
            url=target.geturl(),
            media_type=media_type,
            charset=_charset(headers),
            body=body,
            redirects=[],
            status=304 if response.status == 304 else 200,
            etag=_line(headers, "etag"),
            modified=_line(headers, "last-modified"),
        )

    def _settled(self, media_type: str, body: bytes) -> str:
        """The type, taken from the first bytes where the server left it open. Raises Refused."""
        if media_type in UNDECLARED:
            start = body[:1024].lstrip(b"\xef\xbb\xbf\t\n\r ").lower()
            if start.startswith(b"%pdf-"):
                media_type = "application/pdf"
            elif start.startswith((b"<?xml", b"<rss", b"<feed")) and "application/xml" in self.limits.media_types:
                media_type = "application/xml"
            elif start.startswith(b"<") and not media_type:
                media_type = "text/html"
        if media_type not in self.limits.media_types:
            _no_article(media_type)
        return media_type

    def _body(self, response: http.client.HTTPResponse, wire: _Wire, host: str) -> bytes:
        if (response.length or 0) > self.limits.packed:
            _too_big(self.limits.packed)
        # Chunks have a frame each; a page cut into absurdly small ones is no page worth waiting for.
        wire.allowed = 2 * self.limits.packed + HEAD
        body = bytearray()
        for piece in _unpacked(self._pieces(response), response.headers, host):
            self.clock.left()
            body += piece
            if len(body) > self.limits.unpacked:
                _too_big(self.limits.unpacked)
        if response.length:
            raise Refused(_broken(host), "offline")
        return bytes(body)

    def _pieces(self, response: http.client.HTTPResponse) -> Iterator[bytes]:
        taken = 0
        # One chunk at most, so that a page in chunks of one byte does not become a list of a million bytes.
        while piece := response.read1(STEP):
            taken += len(piece)
            if taken > self.limits.packed:
                _too_big(self.limits.packed)
            yield piece


def _unpacked(pieces: Iterator[bytes], headers: Message, host: str) -> Iterator[bytes]:
    """The pieces decompressed, none longer than a step. Raises Refused for what is damaged or not asked for."""
    packing = headers.get("content-encoding", "").strip().lower()
    if packing in ("", "identity"):
        yield from pieces
        return
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise Refused(_unreadable(host), "server")
    unpack = None
    try:
        for piece in pieces:
            rest = piece
            while rest:
                if unpack is not None and unpack.eof and rest[0] != GZIP:
                    break  # padding: where one packed part ends, only another may begin
                if unpack is None or unpack.eof:
                    unpack = zlib.decompressobj(_window(packing, rest))
                while True:
                    step = unpack.decompress(rest, STEP)
                    yield step
                    rest = unpack.unconsumed_tail
                    # A full step may leave more inside, even when everything has been taken in.
                    if not rest and len(step) < STEP:
                        break
                rest = unpack.unused_data
    except zlib.error as error:
        raise Refused(_unreadable(host), "server") from error
    if unpack is not None and not unpack.eof:
        raise Refused(_broken(host), "offline")


def _window(packing: str, start: bytes) -> int:
    """zlib's parameter for gzip, or for "deflate" with its frame or, as some servers send it, without."""
    if packing != "deflate":
        return 16 + zlib.MAX_WBITS
    framed = start[0] & 0x0F == 8 and (len(start) < 2 or int.from_bytes(start[:2]) % 31 == 0)
    return zlib.MAX_WBITS if framed else -zlib.MAX_WBITS


def _within[T](clock: _Clock, call: Callable[[], T]) -> T:
    """The call's result, if it comes before the deadline. The system's lookup knows no limit of its own."""
    results: queue.SimpleQueue[tuple[T | None, BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            results.put((call(), None))
        except BaseException as error:  # noqa: BLE001  # raised again where it was waited for
            results.put((None, error))

    threading.Thread(target=run, name="lookup", daemon=True).start()
    try:
        result, error = results.get(timeout=clock.left())
    except queue.Empty:
        clock.over()
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # without an error it is the result


def _check_status(response: http.client.HTTPResponse, host: str) -> None:
    status = response.status
    if status in (200, 203):
        return
    waited = response.headers.get("retry-after", "").strip()
    pause = min(int(waited), LONGEST_PAUSE) if re.fullmatch(r"[0-9]{1,9}", waited) else 0
    otherwise = "Open it in your browser and paste the text instead."
    match status:
        case 401 | 402:
            reason, code = f"The site asks for payment or a login ({status}). {otherwise}", "forbidden"
        case 429:
            reason, code = f"The site asks for fewer requests (429). Try again later, or: {otherwise}", "forbidden"
        case 451:
            reason, code = f"The site may not show this page here, for legal reasons (451). {otherwise}", "forbidden"
        case 403:
            reason, code = f"The site does not let programs read this page (403). {otherwise}", "forbidden"
        case 404 | 410:
            reason = (
                f"There is no such page on {host} ({status}). Check the address, or look for an archived copy and "
                "paste its text."
            )
            code = "missing"
        case _ if status >= 500:
            reason, code = f"The site has a fault of its own ({status}). Try again later, or: {otherwise}", "server"
        case _:
            reason, code = f"The site answered with something other than the page ({status}). {otherwise}", "server"
    raise Refused(reason, code, status, pause)


def _no_article(media_type: str) -> NoReturn:
    kind = f"“{media_type[:60]}”" if media_type else "something it does not name"
    raise Refused(
        f"The address leads to {kind}, not to a page that can be read. "
        "Give the address of the article itself, or paste the text.",
        "not_article",
    )


def _media_type(headers: Message) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _charset(headers: Message) -> str:
    found = CHARSET.search(headers.get("content-type", ""))
    return found[1].lower() if found else ""


def _line(headers: Message, name: str) -> str:
    """A field to be sent back later, or "" if it is not fit for that."""
    value = headers.get(name, "").strip()
    return value if re.fullmatch(r"[\x20-\x7e]{1,500}", value) else ""


def _as_sent(value: str) -> str:
    # http.client reads fields as Latin-1, browsers and servers mean UTF-8.
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def _nameless(host: str) -> str:
    return f"There is no site named {host}. Look for a slip in the address."


def _broken(host: str) -> str:
    return (
        f"The connection to {host} broke off before the page was complete. "
        "Try again, or open it in your browser and paste the text."
    )


def _unreadable(host: str) -> str:
    return f"{host} sent something that is no sound web page. Open it in your browser and paste the text instead."
