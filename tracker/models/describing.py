"""How a kept copy becomes a source: described by a person, dated, and joined to the one whose text it prints again."""

import datetime as dt
import uuid
from dataclasses import dataclass

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from tracker.codebook import DEFAULT_LANGUAGE

from .agreements import Agreement
from .anchors import refind
from .base import at_once, free_name, today
from .copies import Copy, Link, may_bring, storable
from .evidence import Article, Outlet, Source
from .inbox import Candidate
from .people import Person


@dataclass(frozen=True, slots=True)
class Description:
    """What a person says an article is.

    ``url`` is canonical; ``same_text_as`` is the article that it prints again, ``copy_of`` the place where it was read
    if not at its outlet.
    """

    url: str
    title: str
    outlet: str
    authors: str = ""
    published_on: dt.date | None = None
    language: str = DEFAULT_LANGUAGE
    archive_url: str = ""
    copy_of: str = ""
    reliability: str = ""
    same_text_as: Article | None = None


class Described(Exception):
    """The copy belongs to an article already: somebody was faster, or the form was sent twice."""

    def __init__(self, article: Article) -> None:
        super().__init__("This was described in the meantime.")
        self.article = article


class Redated(Exception):
    """The article's date is no longer what it was when the form was opened. ``article`` shows what it is now."""

    def __init__(self, article: Article) -> None:
        super().__init__("Somebody else looked for its date in the meantime.")
        self.article = article


class Rejoined(Exception):
    """The article is joined to another one than when the form was opened. ``article`` shows to which."""

    def __init__(self, article: Article) -> None:
        super().__init__("Somebody else said whose text it is in the meantime.")
        self.article = article


def describe(copy: Copy, told: Description, by: Person) -> Article:
    """A new article from a kept copy, named in its agreement's case file; the copy is what is read of it.

    Raises PermissionDenied, Described, and ValidationError keyed by field, for instance where the address is known.
    """
    may_bring(by)
    try:
        with transaction.atomic():
            held = _undescribed(copy)
            outlet = at_once(lambda: Outlet.named(storable(told.outlet)))
            article = Article(
                url=told.url,
                title=storable(told.title),
                outlet=outlet,
                authors=storable(told.authors),
                published_on=told.published_on,
                language=told.language,
                archive_url=told.archive_url,
                copy_of=storable(told.copy_of),
                reliability=told.reliability,
                same_text_as=first_print(told.same_text_as) if told.same_text_as else None,
            )
            article.full_clean()
            article.save(force_insert=True)
            _join(held, article)
    except IntegrityError as error:
        if not Article.with_merged.filter(url=told.url).exists():
            raise
        # Described in the same moment from another copy.
        raise ValidationError({"url": "An article with this address is on record already."}) from error
    return article


def add_copy(copy: Copy, article: Article, by: Person) -> None:
    """One more copy of an article that is on record; its quotes are looked for in the new text.

    Raises PermissionDenied and Described.
    """
    may_bring(by)
    with transaction.atomic():
        _join(_undescribed(copy), Article.objects.select_for_update(of=("self",)).get(pk=article.pk))


def read_anew(copy: Copy, by: Person) -> None:
    """From now on a copy that was kept for its article at once is the one that is read. Raises PermissionDenied."""
    may_bring(by)
    if copy.article is None:
        raise ValueError("a copy of no article is described first")
    with transaction.atomic():
        _read(copy, copy.article)


def set_day(article: Article, day: dt.date, basis: str, by: Person, seen: str) -> None:
    """The article was published on that day, as ``basis`` says in words.

    ``seen`` is the article's ``dated()`` as the person saw it. Raises PermissionDenied, Redated, ValidationError.
    """
    if day > today():
        raise ValidationError({"day": "This day lies in the future."})
    _date(article, day, basis, by, seen, "Say what shows this day.")


def no_day(article: Article, looked_at: str, by: Person, seen: str) -> None:
    """Its day was looked for in vain; ``looked_at`` says where. Raises what ``set_day`` raises."""
    _date(article, None, looked_at, by, seen, "Say where you looked.")


def set_same_text(article: Article, other: Article | None, by: Person, seen: str) -> None:
    """The article prints the text of the other one again, or, with None, is a report of its own.

    ``seen`` is the id of the one it was joined to when the form was opened, "" for none. What was joined to the article
    goes along. Raises PermissionDenied, Rejoined, ValidationError.
    """
    may_bring(by)
    root = first_print(other) if other else None
    if root is not None and root.pk == article.pk:
        raise ValidationError({"same_text_as": "That one is joined to this article already. Change it there."})
    reason = f"Prints the same text as “{root}”" if root else "A report of its own"
    with transaction.atomic(), pghistory.context(reason=reason):
        held = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
        if str(held.same_text_as_id or "") != seen:
            raise Rejoined(held)
        held.same_text_as = root
        held.save(update_fields=["same_text_as"])
        if root is not None:
            for reprint in Article.objects.filter(same_text_as=held):
                reprint.same_text_as = root
                reprint.save(update_fields=["same_text_as"])


def dated(article: Article) -> str:
    """How an article is dated at present, as a form carries it to tell whether somebody else was faster."""
    return f"{article.published_on or ''}|{article.date_basis}"


def first_print(article: Article) -> Article:
    """The article at the root of those that print one text."""
    seen = {article.pk}
    while article.same_text_as or article.merged_into:
        above = article.same_text_as or article.standing
        if above.pk in seen:
            break
        article = above
        seen.add(article.pk)
    return article


def named_in(agreement: Agreement, article: Article) -> Source:
    """The article as the agreement's case file names it: by outlet and day, numbered where that is taken."""
    found = Source.objects.filter(agreement=agreement, article=article).first()
    if found:
        return found
    day = article.published_on.isoformat() if article.published_on else "undated"
    stem = f"{slugify(article.outlet.slug)[:40].strip('-') or 'source'}-{day}"
    taken = set(Source.objects.filter(agreement=agreement, ref__startswith=stem).values_list("ref", flat=True))
    return Source.objects.create(agreement=agreement, article=article, ref=free_name(stem, taken.__contains__))


def _undescribed(copy: Copy) -> Copy:
    held = Copy.objects.select_for_update(of=("self",)).select_related("article", "agreement").get(pk=copy.pk)
    if held.article is not None:
        raise Described(held.article)
    return held


def _join(copy: Copy, article: Article) -> None:
    copy.article = article
    copy.save(update_fields=["article"])
    if copy.agreement is not None:
        agreement = copy.agreement
        at_once(lambda: named_in(agreement, article))
    Link.watch(article)
    Candidate.settle(_announced_as(copy), article, copy.author)
    _read(copy, article)


def _read(copy: Copy, article: Article) -> None:
    """The newest copy is the one that is read, and whose hash readers are told."""
    newest = Copy.objects.filter(article=article).order_by("-recorded_at", "-id").first() or copy
    article.kept_sha256 = newest.sha256
    article.accessed_on = newest.recorded_at.date()
    article.save(update_fields=["kept_sha256", "accessed_on"])
    refind(article)


def _announced_as(copy: Copy) -> uuid.UUID | None:
    try:
        return uuid.UUID(copy.found.get("candidate", ""))
    except ValueError:
        return None


def _date(article: Article, day: dt.date | None, basis: str, by: Person, seen: str, otherwise: str) -> None:
    may_bring(by)
    basis = " ".join(storable(basis).split())
    if not basis:
        raise ValidationError({"basis": otherwise})
    if len(basis) > 200:
        raise ValidationError({"basis": f"At most 200 characters; these are {len(basis)}."})
    reason = f"Published on {day}: {basis}" if day else f"No date found: {basis}"
    with transaction.atomic(), pghistory.context(reason=reason):
        held = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
        if dated(held) != seen:
            raise Redated(held)
        held.published_on, held.date_basis = day, basis
        held.save(update_fields=["published_on", "date_basis"])
    article.published_on, article.date_basis = day, basis
