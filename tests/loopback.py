"""A web server on this machine, and fetching that takes it for the public web. Nothing leaves the machine."""

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tracker import jobs
from tracker.exchange import fetching, incoming

LOOPBACK = ipaddress.ip_address("127.0.0.1")
HTML = "text/html; charset=utf-8"
FEED = "application/rss+xml; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    body: bytes = b""
    media_type: str = HTML
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Web:
    """What each address answers with. ``asked`` are the paths in order, with the headers that came."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: dict[str, Answer | Callable[[Any], Answer]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def url(self, path: str, host: str = "news.example") -> str:
        return f"http://{host}:{self.port}{path}"

    def put(self, path: str, body: str | bytes, media_type: str = HTML, status: int = 200, **headers: str) -> str:
        sent = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = Answer(sent, media_type, status, named)
        return self.url(path)


@contextmanager
def serving() -> Iterator[Web]:
    """The server, until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            found = made.answers.get(self.path.partition("?")[0], Answer(b"nothing here", status=404))
            answer = found(self) if callable(found) else found
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.media_type)
            self.send_header("Content-Length", str(len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name it has there
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Web(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """The server, whatever host is asked for; hosts that end in .invalid have no address."""

    def resolve(host: str, port: int) -> list[str]:
        if host.endswith(".invalid"):
            raise socket.gaierror("no such host")
        return ["127.0.0.1"]

    with serving() as found:

        def fetch(url: str, limits: fetching.Limits | None = None, **options: Any) -> fetching.Fetched:
            limits = replace(limits or fetching.Limits(), ports=frozenset({80, 443, found.port}), seconds=10)
            options |= {"resolve": resolve, "is_public": lambda address: address == LOOPBACK}
            return fetching.fetch(url, limits, **options)

        monkeypatch.setattr(incoming, "fetch", fetch)
        monkeypatch.setattr(jobs, "fetch", fetch)
        yield found


PARAGRAPHS = (
    """
Envoys of four countries will meet by the lake on Friday to speak about the second step of the truce, an official of the
host said on Thursday.

The official said that both sides had been slow to begin, and that a joint way of getting them to move was to be decided
on at the meeting. None of the delegations would say who is to sit at the table.

Under the second step the soldiers are to leave the northern shore, and a council of the villages is to take over the
running of the ferries, the school and the clinic.

A speaker of the northern side said that the ferries had stopped twice in the past week. The southern side denied that
and spoke of repairs to a landing stage.
""".strip()
    .replace("\n\n", "\0")
    .replace("\n", " ")
    .split("\0")
)


def page(
    title: str = "Envoys to meet by the lake", body: list[str] | None = None, head: str = "", language: str = "en"
) -> str:
    """A web page with an article in it."""
    text = "".join(f"<p>{part}</p>" for part in body or PARAGRAPHS)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body><nav>Home News Sport</nav><article><h1>{title}</h1>{text}</article>"
        "<footer>About us</footer></body></html>"
    )


def rss(*items: str, title: str = "The Lake Herald") -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{"".join(items)}</channel></rss>'


def item(url: str, title: str, summary: str = "", published: str = "Thu, 18 Dec 2025 10:00:00 GMT") -> str:
    return (
        f"<item><title>{title}</title><link>{url}</link><description>{summary}</description>"
        f"<pubDate>{published}</pubDate></item>"
    )
