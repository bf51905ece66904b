"""What developers run now and then, beside the tests."""
