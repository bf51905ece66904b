"""A small case of an invented truce that uses every part of the format, and ways to change it."""

from pathlib import Path
from typing import Any

import yaml

from tracker.exchange.casefile import BrokenCase, Summary, load

RIVER = (Path(__file__).parent / "river.yaml").read_text(encoding="utf-8")


def changed(*changes: tuple[str, str], text: str = RIVER) -> str:
    """The case with each old passage, which has to stand in it exactly once, replaced by the new one."""
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the case"
        text = text.replace(old, new)
    return text


class Unabbreviated(yaml.CSafeDumper):
    """Writes what occurs twice twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def edited(edit: Any, text: str = RIVER) -> str:
    """The case after ``edit`` had its hands on the data."""
    data = yaml.load(text, Loader=yaml.CSafeLoader)  # the safe loader's C twin
    edit(data)
    return yaml.dump(data, Dumper=Unabbreviated, sort_keys=False, allow_unicode=True)


def loaded(*texts: str | bytes) -> list[Summary]:
    return load([(f"case-{number}.yaml", _bytes(text)) for number, text in enumerate(texts, 1)])


def errors(*texts: str | bytes) -> list[str]:
    """What is wrong with the files, as the command prints it but for the files' names."""
    try:
        loaded(*texts)
    except BrokenCase as broken:
        return [str(problem) for problem in broken.problems]
    return []


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
