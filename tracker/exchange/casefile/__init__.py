"""Case files: one agreement as one YAML text. docs/case-file.md describes the format.

bytes -> ``read`` (plain data) -> ``schema`` (typed parts) -> ``check`` (the parts fit together and fit the record)
-> ``load`` (into the database); ``dump`` goes the other way.
"""

from .dump import dump
from .load import Summary, load
from .problems import BrokenCase, Problem
from .schema import json_schema

__all__ = ["BrokenCase", "Problem", "Summary", "dump", "json_schema", "load"]
