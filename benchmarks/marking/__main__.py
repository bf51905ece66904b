"""Prints how well the marking does on the hand-marked articles; see README.md beside this file."""

import argparse

from . import report
from .corpus import articles
from .measure import measure


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.marking", description=__doc__)
    parser.add_argument("--styles", action="store_true", help="also one line per article")
    parser.add_argument("--errors", action="store_true", help="also every miss and false alarm in its context")
    parser.add_argument("--only", default="", metavar="NAME", help="only articles whose file name contains this")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/marking.md")
    chosen = parser.parse_args()
    if chosen.write and chosen.only:
        parser.error("--write states the figures of all articles; leave --only out")
    measured = [(article, measure(article)) for article in articles() if chosen.only in article.name]
    if chosen.errors:
        print(report.slips(measured), end="\n\n")
    if chosen.styles:
        print(report.by_style(measured), end="\n\n")
    print(report.figures(measured))
    if chosen.write:
        report.write(report.figures(measured))


if __name__ == "__main__":
    main()
