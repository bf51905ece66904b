"""The canonical form of an article's address, by which two mentions of one article are recognised."""

from urllib.parse import SplitResult, urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}

TRACKING = frozenset({"fbclid", "gclid", "dclid", "msclkid", "igshid", "mc_cid", "mc_eid", "yclid"})
TRACKING_PREFIX = "utm_"
"""Query parameters that say how a reader came to the page, and nothing about which page it is."""


def canonical_url(address: str) -> str:
    """The address without what does not change the page.

    Scheme and host in small letters, no default port, no fragment, no tracking parameters, "/" for an empty path.
    Everything else stays as it is, because servers may tell it apart. Applying it twice changes nothing.
    Raises ValueError, with a message for the one who wrote the address, unless it is an absolute http or https one.
    """
    parts = _split(address)
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    if parts.port is not None and parts.port != DEFAULT_PORTS[parts.scheme]:
        host = f"{host}:{parts.port}"
    query = "&".join(pair for pair in parts.query.split("&") if not _tracks(pair))
    return SplitResult(parts.scheme, host, parts.path or "/", query, "").geturl()


def check_url(address: str) -> str:
    """The same address, if it is an absolute http or https one without a login. Raises ValueError otherwise."""
    _split(address)
    return address


def _split(address: str) -> SplitResult:
    if any(character.isspace() for character in address):
        raise ValueError("an address has no spaces in it")
    try:
        parts = urlsplit(address)
        sound = parts.scheme in DEFAULT_PORTS and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    if not sound:
        raise ValueError(f'"{address[:80]}" is not an address that starts with https:// or http:// and names a host')
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address must not carry a login")
    return parts


def _tracks(pair: str) -> bool:
    name = pair.partition("=")[0].casefold()
    return name in TRACKING or name.startswith(TRACKING_PREFIX)
