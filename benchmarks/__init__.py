"""Measures of how well parts of the tracker do their work, on material made for the purpose."""
