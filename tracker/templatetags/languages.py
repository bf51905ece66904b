"""The page in other languages, and text from the record, which keeps its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import escape_uri_path
from django.utils.html import conditional_escape, format_html
from django.utils.http import escape_leading_slashes
from django.utils.safestring import SafeString, mark_safe

from tracker import words
from tracker.codebook import DEFAULT_LANGUAGE

register = template.Library()


@dataclass(frozen=True, slots=True)
class Edition:
    """The page in one language."""

    code: str
    name: str
    direction: str
    url: str
    current: bool


@register.simple_tag(takes_context=True)
def editions(context: dict[str, Any]) -> list[Edition]:
    """The addresses of this page in every language, the present one included; none for pages in English only."""
    request: HttpRequest | None = context.get("request")
    here = words.here()
    if request is None or request.path.startswith(settings.ENGLISH_ONLY):
        return []
    query = request.META.get("QUERY_STRING", "")
    path = request.path.removeprefix(f"/{here}") if here != DEFAULT_LANGUAGE else request.path
    # Where nothing is, the address is anybody's; a browser takes one that begins with two slashes for another site's.
    path = escape_leading_slashes(escape_uri_path(path))
    return [
        Edition(
            code,
            str(name),
            words.direction(code) or "ltr",
            f"{'' if code == DEFAULT_LANGUAGE else f'/{code}'}{path}{f'?{query}' if query else ''}",
            code == here,
        )
        for code, name in settings.LANGUAGES
    ]


@register.filter
def content(text: str | None, language: str = DEFAULT_LANGUAGE) -> SafeString:
    """Text from the record, in ``language``: said to browsers and screen readers where the page speaks another."""
    language = language or DEFAULT_LANGUAGE
    if not text or language == words.here():
        return conditional_escape(str(text or ""))
    return format_html('<bdi lang="{}">{}</bdi>', language, text)


@register.filter
def names(items: Iterable[object]) -> SafeString:
    """Names from the record as a list in the page's language: Israel, Egypt and Qatar. ``listed`` is the plain text."""
    return mark_safe(words.joined(content(str(item)) for item in items))  # noqa: S308  # each is escaped; the rest is Babel's


def told(text: str, /, **parts: object) -> SafeString:
    """A translated sentence with its parts, which may hold markup: links, or text from the record."""
    return SafeString(conditional_escape(text) % {name: conditional_escape(part) for name, part in parts.items()})  # type: ignore[arg-type]  # it takes anything
