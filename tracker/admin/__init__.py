"""The administrators' and researchers' door: Django's admin over all tables, through the models' mutators."""

from . import concluded, people, promised, reported, watched

__all__ = ["concluded", "people", "promised", "reported", "watched"]
