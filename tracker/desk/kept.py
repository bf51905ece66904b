"""What somebody wrote into a form after their session had run out, kept until they have signed in again.

It lies in the visitor's own session: signing in carries an anonymous session over, nobody else can ask for it, and it
goes when the session goes.
"""

import datetime as dt
import secrets

from allauth.core.ratelimit import consume
from django.http import HttpRequest, QueryDict

SESSION_KEY = "kept_forms"
AT_MOST = 3
LONGEST = 100_000
FOR = dt.timedelta(hours=12)


def keep(request: HttpRequest, data: QueryDict) -> str | None:
    """The key under which the fields can be had again, or None for more text, or more forms, than there is room for."""
    fields = data.copy()
    fields.pop("csrfmiddlewaretoken", None)
    text = fields.urlencode()
    if len(text) > LONGEST:
        return None
    if not consume(request, action="keep_form"):
        return None
    key = secrets.token_urlsafe(9)
    forms = request.session.get(SESSION_KEY, {})
    newest = sorted(forms.items(), key=lambda item: item[1]["at"])[-(AT_MOST - 1) :]
    request.session[SESSION_KEY] = dict(newest) | {key: {"at": _now().isoformat(), "path": request.path, "text": text}}
    return key


def recall(request: HttpRequest) -> QueryDict | None:
    """The fields that ``?kept=`` asks for, if this visitor wrote them into the form at this address."""
    found = request.session.get(SESSION_KEY, {}).get(request.GET.get("kept", ""))
    if not found or found["path"] != request.path or dt.datetime.fromisoformat(found["at"]) < _now() - FOR:
        return None
    return QueryDict(found["text"])


def forget(request: HttpRequest) -> None:
    """Drops what was kept for this address: it has been saved."""
    forms = request.session.get(SESSION_KEY, {})
    left = {key: form for key, form in forms.items() if form["path"] != request.path}
    if left != forms:
        request.session[SESSION_KEY] = left


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
