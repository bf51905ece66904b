"""The figures as tables in Markdown, for the terminal and for docs/marking.md."""

from collections.abc import Mapping, Sequence

from .corpus import PROJECT, Article
from .measure import ROWS, Result, together

DOCUMENT = PROJECT / "docs" / "marking.md"

_BEGIN, _END = "<!-- figures: python -m benchmarks.marking --write -->\n", "<!-- end of figures -->\n"
_GROUPED = ("actor", "resolved", "category", "notice")


def groups(measured: Sequence[tuple[Article, Result]]) -> dict[str, Result]:
    """Results by language and kind of agreement."""
    found: dict[str, list[Result]] = {}
    for article, result in measured:
        found.setdefault(_group(article), []).append(result)
    return {group: together(results) for group, results in sorted(found.items())}


def figures(measured: Sequence[tuple[Article, Result]]) -> str:
    """All tables that the docs state."""
    total = together(result for _, result in measured)
    apart = together(result for article, result in measured if article.apart)
    rest = together(result for article, result in measured if not article.apart)
    lines: list[str] = []
    if apart.articles:
        lines += [f"Kept apart, {_size(apart)}, that the code was never mended by:", "", _whole(apart), ""]
        lines += [f"The rest, {_size(rest)}, whose errors the code was mended by:", "", _whole(rest), ""]
        lines += ["All together:", ""]
    else:
        lines += [f"All {_size(total)}:", "", _whole(total), ""]
    lines += [f"Of the obligation terms found, {total.linked_wanted} can mean only one obligation;"]
    lines += [f"{total.linked} were linked to it. Marks made inside notices: {total.inside_notices}.", ""]
    return "\n".join([*lines, _by("F1 (n)", groups(measured)), ""])


def by_style(measured: Sequence[tuple[Article, Result]]) -> str:
    """One line per article."""
    return _by("F1 (n)", {f"{article.name} ({article.style})": result for article, result in measured})


def slips(measured: Sequence[tuple[Article, Result]]) -> str:
    """Every miss and false alarm in its context, article by article."""
    return "\n".join(
        f"{slip.article}  {slip.row:8}  {slip.what}\n    {slip.context}"
        for _, result in measured
        for slip in result.slips
    )


def stated() -> str:
    """The tables as docs/marking.md states them."""
    text = DOCUMENT.read_text(encoding="utf-8")
    return text.partition(_BEGIN)[2].partition(_END)[0]


def write(tables: str) -> None:
    """Puts the tables into docs/marking.md in place of the old ones."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError(f"{DOCUMENT} lacks the comments between which the tables stand")
    DOCUMENT.write_text(before + begin + tables + end + after, encoding="utf-8")


def _group(article: Article) -> str:
    language = {"en": "English", "ar": "Arabic", "he": "Hebrew"}[article.language]
    return f"{language}, {'Gaza' if article.agreement == 'gaza' else 'invented agreements'}"


def _size(result: Result) -> str:
    return f"{result.articles} articles, {result.words:,} words"


def _whole(result: Result) -> str:
    lines = ["| | by a person | made | precision | recall | F1 | F1 to the letter |", "|---|--:|--:|--:|--:|--:|--:|"]
    for row, name in ROWS.items():
        tally = result.rows[row]
        exact = "" if row == "notice" else _share(tally.exact_f1)
        lines.append(
            f"| {name} | {tally.wanted} | {tally.made} | {_share(tally.precision)} | {_share(tally.recall)} "
            f"| {_share(tally.f1)} | {exact} |"
        )
    return "\n".join(lines)


def _by(what: str, results: Mapping[str, Result]) -> str:
    lines = [
        f"| {what} | articles | {' | '.join(ROWS[row] for row in _GROUPED)} |",
        f"|---|--:|{'--:|' * len(_GROUPED)}",
    ]
    for name, result in results.items():
        shares = " | ".join(f"{_share(tally.f1)} ({tally.wanted})" for tally in (result.rows[row] for row in _GROUPED))
        lines.append(f"| {name} | {result.articles} | {shares} |")
    return "\n".join(lines)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
