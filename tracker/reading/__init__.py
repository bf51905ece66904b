"""Reading an article: what is in the words of a text. Pure functions, no database."""
