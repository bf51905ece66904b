"""How dates are written where Django writes them by itself, in the admin above all. One folder for each language."""
