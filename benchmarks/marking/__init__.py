"""How well actors, dates and obligation terms are marked, measured on articles marked by hand."""
