"""The requirements files pin what pyproject.toml asks for, in a form that needs nothing but pip and an index."""

import re
import tomllib

import pytest

from tracker.database.embedded import PROJECT

STATED = tomllib.loads((PROJECT / "pyproject.toml").read_text())
FILES = ("requirements.txt", "requirements-dev.txt")


def pinned(name: str) -> dict[str, str]:
    """Every package of a requirements file with its version; fails where a hash is missing."""
    blocks = re.findall(
        r"^([a-z0-9-]+)==(\S+)[^\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
        (PROJECT / name).read_text(),
        flags=re.MULTILINE,
    )
    return {package: version for package, version, _hashes in blocks}


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[><=~! ]", requirement, maxsplit=1)[0].lower() for requirement in requirements}


@pytest.mark.parametrize("name", FILES)
def test_every_line_is_a_pin_a_hash_or_a_comment(name: str) -> None:
    for line in (PROJECT / name).read_text().splitlines():
        assert re.match(r"^([a-z0-9-]+==\S+( ; .*)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?|\s*#.*)$", line), line
        assert "://" not in line, "a pin names no download host"


def test_everything_stated_is_pinned() -> None:
    run = names(STATED["project"]["dependencies"])
    groups = STATED["dependency-groups"]
    tools = names([entry for group in groups.values() for entry in group if isinstance(entry, str)])
    assert run <= pinned("requirements.txt").keys()
    assert run | tools <= pinned("requirements-dev.txt").keys()
    assert not tools & pinned("requirements.txt").keys()


def test_both_files_agree() -> None:
    assert pinned("requirements.txt").items() <= pinned("requirements-dev.txt").items()
