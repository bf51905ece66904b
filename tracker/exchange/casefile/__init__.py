"""Case files: one agreement as one YAML text. docs/case-file.md describes the format.

bytes -> ``read`` (plain data) -> ``schema`` (typed parts) -> ``check`` (the parts fit together), ``record`` and
``judgements`` (they fit what is on record) -> ``load`` and ``write`` (into the database); ``dump`` goes the other way.
"""

from .dump import dump
from .load import load
from .problems import BrokenCase, Problem
from .schema import json_schema
from .write import Summary

__all__ = ["BrokenCase", "Problem", "Summary", "dump", "json_schema", "load"]
