"""The rules that turn the record into judgement: pure functions, no database.

``facts`` holds what goes in; each other module holds one subject of the rules. All of it belongs to the edition that
``tracker.codebook.RUBRIC_VERSION`` names: a change here that can change a word on a page needs a new edition there.
"""
