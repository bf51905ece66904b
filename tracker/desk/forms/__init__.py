"""The forms of the desk. They read and check what was typed; the mutators of the models decide and write."""
